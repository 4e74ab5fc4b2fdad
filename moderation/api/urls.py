"""The addresses of API v1, below /api/v1/."""

from django.urls import path

from moderation.api import views

urlpatterns = [
    path("items", views.ItemsView.as_view(), name="api_items"),
    path("traction", views.TractionView.as_view(), name="api_traction"),
    path("reports", views.ReportsView.as_view(), name="api_reports"),
    path("actions", views.ActionsView.as_view(), name="api_actions"),
    # An id may hold slashes, as at://… does; so what follows an id is looked for first.
    path("items/<path:external_id>/media/<int:n>", views.MediaView.as_view(), name="api_media"),
    path("items/<path:external_id>", views.ItemView.as_view(), name="api_item"),
]
