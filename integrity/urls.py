"""Where each address leads; the voter's pages and the desk are mounted side by side."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from guidance.views import picture
from integrity import health
from integrity.people.views import at_the_door

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.Metrics.as_view(), name="metrics"),
    path("accounts/", include("integrity.people.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/settings/keys/", include("integrity.people.desk_urls")),
    path("desk/settings/deliveries/", include("integrity.outbox.urls")),
    path("desk/parties/", include("guidance.desk_urls")),
    path("desk/", include("factcheck.desk_urls")),
    path("desk/settings/facts/files/", include("guidance.file_urls")),
    path("desk/settings/facts/", include("elections.desk.urls")),
    path("desk/settings/screening/", include("moderation.screening_urls")),
    path("desk/", include("moderation.urls")),
    path("partner/", include("factcheck.urls")),
    path("partner/", include("moderation.partner_urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path(
        "api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"
    ),
    path("api/v1/partner/", include("factcheck.api.urls")),
    path("api/v1/", include("guidance.api_urls")),
    path("api/v1/", include("moderation.api.urls")),
    # Their own sign-in forms would take a password alone.
    path("admin/login/", at_the_door),
    path("cms/login/", at_the_door),
    path("admin/", admin.site.urls),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("pictures/<path:path>", picture, name="picture"),
    path("guidance/", include("guidance.urls")),
    path("", include("factcheck.public_urls")),
    path("", include("moderation.public.urls")),
    path("", include("transparency.urls")),
    path("", include("elections.urls")),  # last: an election's slug is the first part
]

handler404 = "integrity.errors.not_found"
handler500 = "integrity.errors.server_error"
