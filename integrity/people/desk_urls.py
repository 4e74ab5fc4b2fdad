"""The platform's keys, under /desk/settings/keys/."""

from django.urls import path

from integrity.people import views

urlpatterns = [
    path("", views.api_keys, name="api_keys"),
    path("new/", views.new_api_key, name="new_api_key"),
    path("<uuid:key>/revoke/", views.revoke_api_key, name="revoke_api_key"),
]
