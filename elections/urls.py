"""The voter's pages. Mounted last: their first part is an election's slug."""

from django.urls import path

from elections import api, ballot_views, finding, views

urlpatterns = [
    path("api/v1/elections/", api.ElectionsView.as_view(), name="api_elections"),
    path(
        "api/v1/elections/<slug:election>/facts/",
        api.FactsView.as_view(),
        name="api_election_facts",
    ),
    path(
        "api/v1/elections/<slug:election>/polling-places/",
        api.PollingPlacesView.as_view(),
        name="api_election_polling_places",
    ),
    path(
        "api/v1/elections/<slug:election>/candidates/",
        api.CandidatesView.as_view(),
        name="api_election_candidates",
    ),
    path("robots.txt", finding.robots, name="robots"),
    path("sitemap.xml", finding.site_map, name="site_map"),
    path("center/", views.centers, name="centers"),
    path("<slug:election>/", views.center, name="center"),
    path("<slug:election>/polling-places/", views.polling_places, name="polling_places"),
    path(
        "<slug:election>/polling-places/<uuid:public_id>/",
        views.polling_place,
        name="polling_place",
    ),
    path("<slug:election>/candidates/", ballot_views.candidates, name="candidates"),
    path("<slug:election>/results/", ballot_views.results, name="results"),
    path("<slug:election>/real-or-fake/", views.media_literacy, name="media_literacy"),
    path("<slug:election>/facts/", views.facts_and_rumours, name="facts_and_rumours"),
    path("<slug:election>/days.ics", views.days, name="center_days"),
    path("<slug:election>/changes.xml", views.changes, name="center_changes"),
    path("<slug:election>/changes.rss", views.changes, {"form": "rss"}, name="center_changes_rss"),
    path("<slug:election>/card/", views.card, name="center_card"),
    path("<slug:election>/<slug:key>/", views.center_topic, name="center_topic"),
]
