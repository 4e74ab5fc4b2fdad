"""The portal's addresses, under /partner/."""

from django.urls import path

from factcheck import views

_HOW = ("decline", "recuse", "ask-back")

urlpatterns = [
    path("", views.inbox, name="partner_inbox"),
    path("assignments/<uuid:public_id>/", views.assignment, name="partner_assignment"),
    path("assignments/<uuid:public_id>/accept/", views.accept, name="partner_accept"),
    *(
        path(
            f"assignments/<uuid:public_id>/{how}/",
            views.give_back,
            {"how": how},
            name=f"partner_{how.replace('-', '_')}",
        )
        for how in _HOW
    ),
    path("assignments/<uuid:public_id>/hand-over/", views.hand_over, name="partner_hand_over"),
    path("drafts/<uuid:public_id>/", views.draft, name="partner_draft"),
    path("drafts/<uuid:public_id>/save/", views.save_draft, name="partner_save_draft"),
    path("drafts/<uuid:public_id>/submit/", views.submit_draft, name="partner_submit_draft"),
    path("drafts/<uuid:public_id>/publish/", views.publish, name="partner_publish"),
    path("checks/", views.checks, name="partner_checks"),
    path("checks/<uuid:public_id>/", views.check, name="partner_check"),
    path("checks/<uuid:public_id>/correct/", views.correct, name="partner_correct"),
    path("requests/<uuid:public_id>/answer/", views.answer_request, name="partner_answer_request"),
    path("import/", views.import_checks, name="partner_import"),
    *(
        path(
            f"export/{what}.{kind}",
            views.export,
            {"what": what, "kind": kind},
            name=f"partner_export_{what}_{kind}",
        )
        for what in ("assignments", "checks")
        for kind in ("csv", "xlsx")
    ),
    path("calendar/<str:token>.ics", views.calendar, name="partner_calendar"),
    path("digest/", views.set_digest, name="partner_set_digest"),
    path("propose/", views.propose, name="partner_propose"),
    path("exhibits/<uuid:public_id>/media/", views.exhibit_media, name="partner_exhibit_media"),
    path("organisation/", views.organisation, name="partner_organisation"),
    path("organisation/members/", views.add_member, name="partner_add_member"),
    path(
        "organisation/members/<uuid:public_id>/role/", views.change_role, name="partner_change_role"
    ),
    path(
        "organisation/members/<uuid:public_id>/end/",
        views.end_membership,
        name="partner_end_member",
    ),
    path("organisation/profile/", views.change_profile, name="partner_change_profile"),
    path("organisation/words/", views.set_words, name="partner_set_words"),
    path("organisation/keys/", views.issue_key, name="partner_issue_key"),
    path("organisation/keys/<uuid:public_id>/revoke/", views.revoke_key, name="partner_revoke_key"),
    path("organisation/webhooks/", views.add_webhook, name="partner_add_webhook"),
    *(
        path(
            f"organisation/webhooks/<uuid:public_id>/{how}/",
            views.change_webhook,
            {"how": how},
            name=f"partner_{how}_webhook",
        )
        for how in ("test", "renew", "stop")
    ),
    path("terms/", views.terms, name="partner_terms"),
]
