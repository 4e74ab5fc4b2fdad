"""The voter's pages. Mounted last: their first part is an election's slug."""

from django.urls import path

from elections import views

urlpatterns = [
    path("center/", views.centers, name="centers"),
    path("<slug:election>/", views.center, name="center"),
    path("<slug:election>/<slug:key>/", views.center_topic, name="center_topic"),
]
