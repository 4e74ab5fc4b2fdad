"""Sign-in, under /accounts/: allauth's pages but for those that this house does not offer."""

from django.urls import include, path, re_path

from integrity.people import views

# Accounts are opened by a lead and their address is what the organisation's sign-in is matched
# by, so nobody signs up, changes their address or connects an account elsewhere by themselves.
_NOT_OFFERED = (
    r"^(?:signup|email|confirm-email|password/(?:set|reset)|login/code|3rdparty/signup|social)/"
)

urlpatterns = [
    re_path(_NOT_OFFERED, views.not_offered),
    re_path(r"^3rdparty/$", views.not_offered),
    path("", include("allauth.urls")),
]
