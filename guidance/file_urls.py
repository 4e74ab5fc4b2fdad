"""Official files, for election leads, under /desk/settings/facts/files/."""

from django.urls import path

from guidance import file_desk

urlpatterns = [
    path("", file_desk.official_files, name="official_files"),
    path("new/", file_desk.hand_in_file, name="hand_in_file"),
    path("<uuid:reference>/", file_desk.official_file, name="official_file"),
    path("<uuid:reference>/confirm/", file_desk.confirm_file, name="confirm_file"),
    path("<uuid:reference>/aside/", file_desk.lay_file_aside, name="lay_file_aside"),
]
