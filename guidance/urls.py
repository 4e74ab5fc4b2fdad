"""The guidance's addresses; mounted before the Election Center's, whose first part is a slug."""

from django.urls import path

from guidance import views

urlpatterns = [
    path("", views.guidance, name="guidance"),
    path("changes/", views.rule_changes, name="guidance_changes"),
    path("<slug:slug>/", views.guidance_page, name="guidance_page"),
]
