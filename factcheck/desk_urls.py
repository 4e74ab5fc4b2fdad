"""The desk's addresses for claims and partners, under /desk/claims/ and /desk/partners/."""

from django.urls import path

from factcheck import desk

urlpatterns = [
    path("claims/", desk.claims_list, name="claims"),
    path("claims/new/", desk.file_claim, name="claim_new"),
    path("claims/rules/", desk.rules_list, name="claim_rules"),
    path("claims/rules/<uuid:public_id>/end/", desk.end_rule, name="claim_end_rule"),
    path("claims/<uuid:public_id>/", desk.claim, name="claim"),
    path("claims/<uuid:public_id>/accept/", desk.accept, name="claim_accept"),
    path("claims/<uuid:public_id>/dismiss/", desk.dismiss, name="claim_dismiss"),
    path("claims/<uuid:public_id>/ask/", desk.ask, name="claim_ask"),
    path("claims/assignments/<uuid:public_id>/answer/", desk.answer, name="claim_answer"),
    path("claims/assignments/<uuid:public_id>/reassign/", desk.reassign, name="claim_reassign"),
    path("claims/assignments/<uuid:public_id>/withdraw/", desk.withdraw, name="claim_withdraw"),
    path("partners/", desk.partners_list, name="desk_partners"),
    path("partners/<uuid:public_id>/", desk.partner, name="desk_partner"),
    path(
        "partners/<uuid:public_id>/agreement/", desk.change_agreement, name="desk_partner_agreement"
    ),
    path("partners/<uuid:public_id>/due/", desk.set_due, name="desk_partner_due"),
    path("partners/<uuid:public_id>/members/", desk.add_first_member, name="desk_partner_member"),
]
