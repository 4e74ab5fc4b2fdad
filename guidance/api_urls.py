"""The platform's calls about parties and candidates, below /api/v1/."""

from django.urls import path

from guidance import api

urlpatterns = [
    path("official-accounts", api.OfficialAccountsView.as_view(), name="api_official_accounts"),
    path("help-requests", api.HelpView.as_view(), name="api_help"),
    path("help-requests/<uuid:reference>", api.HelpCallView.as_view(), name="api_help_call"),
]
