"""The guidance's addresses; mounted before the Election Center's, whose first part is a slug."""

from django.urls import path

from guidance import asking, views

urlpatterns = [
    path("", views.guidance, name="guidance"),
    path("changes/", views.rule_changes, name="guidance_changes"),
    path("briefings/", views.briefings, name="briefings"),
    path("briefings.ics", views.briefings_calendar, name="briefings_calendar"),
    path("one-pager.pdf", views.one_pager, name="one_pager"),
    path("help/", asking.ask_help, name="ask_help"),
    path("help/<uuid:reference>/", asking.help_received, name="help_received"),
    path("official-account/", asking.ask_account, name="ask_account"),
    path("official-account/<uuid:reference>/", asking.account_received, name="account_received"),
    path("<slug:slug>/", views.guidance_page, name="guidance_page"),
]
