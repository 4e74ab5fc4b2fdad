"""The public's addresses, under an election's own; mounted before the Election Center's."""

from django.urls import path

from factcheck import public

urlpatterns = [
    # In front of the Election Center's own page of facts: the same, with the checks on it.
    path("<slug:election>/facts/", public.facts_and_checks, name="facts_and_checks"),
    path("checks.json", public.feed, name="fact_check_feed"),
    path("<slug:election>/checks/", public.fact_or_fiction, name="fact_or_fiction"),
    path("<slug:election>/checks.json", public.feed, name="election_fact_check_feed"),
    path("<slug:election>/checks/<uuid:series>/", public.fact_check, name="fact_check"),
    path(
        "<slug:election>/checks/<uuid:series>/correction/",
        public.ask_correction,
        name="ask_correction",
    ),
]
