"""The screening's own settings, under /desk/settings/screening/."""

from django.urls import path

from moderation.views import screening

urlpatterns = [
    path("", screening.fact_changes, name="fact_changes"),
    path("preview/<uuid:proposal>/", screening.screening_preview, name="screening_preview"),
    path("thresholds/", screening.thresholds, name="screening_thresholds"),
    path("labels/", screening.labels, name="information_labels"),
]
