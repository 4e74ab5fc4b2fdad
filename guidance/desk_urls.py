"""What parties and candidates ask, for colleagues, under /desk/parties/."""

from django.urls import path

from guidance import desk

urlpatterns = [
    path("", desk.party_desk, name="party_desk"),
    path("help/<uuid:reference>/", desk.help_call, name="help_call"),
    path("help/<uuid:reference>/take/", desk.take_help, name="take_help"),
    path("help/<uuid:reference>/answer/", desk.answer_help, name="answer_help"),
    path("accounts/", desk.account_desk, name="account_desk"),
    path("accounts/<uuid:reference>/", desk.account_check, name="account_check"),
    path("accounts/<uuid:reference>/approve/", desk.approve_account, name="approve_account"),
    path("accounts/<uuid:reference>/decline/", desk.decline_account, name="decline_account"),
    path("proof/<uuid:reference>/", desk.read_proof, name="read_proof"),
    path("pages/<slug:election>/<slug:key>/", desk.pages_with_fact, name="pages_with_fact"),
]
