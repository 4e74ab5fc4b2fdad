"""The voter's pages. Mounted last: their first part is an election's slug."""

from django.urls import path

from elections import views

urlpatterns = [
    path("center/", views.centers, name="centers"),
    path("<slug:election>/", views.center, name="center"),
    path("<slug:election>/polling-places/", views.polling_places, name="polling_places"),
    path(
        "<slug:election>/polling-places/<uuid:public_id>/",
        views.polling_place,
        name="polling_place",
    ),
    path("<slug:election>/<slug:key>/", views.center_topic, name="center_topic"),
]
