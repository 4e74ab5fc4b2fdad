"""The addresses of the partners' API, below /api/v1/partner/."""

from django.urls import path

from factcheck.api import views

_ONE = "assignments/<uuid:public_id>"

urlpatterns = [
    path("assignments", views.AssignmentsView.as_view(), name="api_partner_assignments"),
    path(_ONE, views.AssignmentView.as_view(), name="api_partner_assignment"),
    path(f"{_ONE}/accept", views.AcceptView.as_view(), name="api_partner_accept"),
    *(
        path(
            f"{_ONE}/{how}",
            views.GiveBackView.as_view(),
            {"how": how},
            name=f"api_partner_{how}",
        )
        for how in ("decline", "recuse", "ask")
    ),
    path(f"{_ONE}/hand-over", views.HandOverView.as_view(), name="api_partner_hand_over"),
    path("exhibits/<uuid:public_id>/media", views.MediaView.as_view(), name="api_partner_media"),
    path("drafts/<uuid:public_id>", views.DraftView.as_view(), name="api_partner_draft"),
    path("drafts/<uuid:public_id>/submit", views.SubmitView.as_view(), name="api_partner_submit"),
    path(
        "drafts/<uuid:public_id>/publish", views.PublishView.as_view(), name="api_partner_publish"
    ),
    path("checks", views.ChecksView.as_view(), name="api_partner_checks"),
    path("checks/<uuid:public_id>", views.CheckView.as_view(), name="api_partner_check"),
    path(
        "checks/<uuid:public_id>/correct", views.CorrectView.as_view(), name="api_partner_correct"
    ),
    path("claims", views.ClaimsView.as_view(), name="api_partner_claims"),
    path("requests", views.RequestsView.as_view(), name="api_partner_requests"),
    path("requests/<uuid:public_id>", views.RequestView.as_view(), name="api_partner_request"),
    path("reviews", views.ReviewsView.as_view(), name="api_partner_reviews"),
    path("organisation", views.OrganisationView.as_view(), name="api_partner_organisation"),
    path("organisation/members", views.MembersView.as_view(), name="api_partner_members"),
    path(
        "organisation/members/<uuid:public_id>",
        views.MemberView.as_view(),
        name="api_partner_member",
    ),
    path("webhooks", views.WebhooksView.as_view(), name="api_partner_webhooks"),
    path("webhooks/<uuid:public_id>", views.WebhookView.as_view(), name="api_partner_webhook"),
    path("feed", views.FeedView.as_view(), name="api_partner_feed"),
]
