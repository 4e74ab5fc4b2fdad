"""Official facts for election leads, under /desk/settings/facts/."""

from django.urls import path

from elections.desk import views

urlpatterns = [
    path("", views.official_facts, name="official_facts"),
    path("statement/<uuid:fact>/", views.statement, name="official_statement"),
    path("statement/<uuid:fact>/withdraw/", views.withdraw_statement, name="withdraw_statement"),
    path("incident/<uuid:incident>/withdraw/", views.withdraw_incident, name="withdraw_incident"),
    path("proposal/<uuid:proposal>/", views.fact_proposal, name="fact_proposal"),
    path("proposal/<uuid:proposal>/confirm/", views.confirm_fact, name="confirm_fact"),
    path("proposal/<uuid:proposal>/decline/", views.decline_fact, name="decline_fact"),
    path("proposal/<uuid:proposal>/take-back/", views.take_back_fact, name="take_back_fact"),
    path("<slug:election>/", views.election_facts, name="election_facts"),
    path("<slug:election>/new/", views.new_statement, name="new_statement"),
    path("<slug:election>/incident/", views.new_incident, name="new_incident"),
]
