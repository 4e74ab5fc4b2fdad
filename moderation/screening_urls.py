"""The screening's own settings, under /desk/settings/screening/."""

from django.urls import path

from moderation.views import screening, versions

urlpatterns = [
    path("", screening.fact_changes, name="fact_changes"),
    path("preview/<uuid:proposal>/", screening.screening_preview, name="screening_preview"),
    path("thresholds/", screening.thresholds, name="screening_thresholds"),
    path("labels/", screening.labels, name="information_labels"),
    path("versions/", versions.versions, name="screening_versions"),
    path("versions/new/", versions.new_version, name="new_screening_version"),
    path("versions/<uuid:model>/", versions.version, name="screening_version"),
    path("versions/<uuid:model>/shadow/", versions.to_shadow, name="shadow_screening_version"),
    path("versions/<uuid:model>/deploy/", versions.to_live, name="deploy_screening_version"),
    path("versions/<uuid:model>/retire/", versions.to_rest, name="retire_screening_version"),
    path("labelled/", versions.labelled_data, name="labelled_data"),
    path("labelled/export/", versions.export_labelled, name="export_labelled"),
]
