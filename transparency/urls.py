"""The public's addresses, under an election's own; mounted before the Election Center's."""

from django.urls import path

from transparency import api, views

urlpatterns = [
    path(
        "api/v1/elections/<slug:election>/record/",
        api.RecordView.as_view(),
        name="api_election_record",
    ),
    path("<slug:election>/what-we-do/", views.election_record, name="election_record"),
]
