"""What the casework adds to the partners' portal, under /partner/."""

from django.urls import path

from moderation.views import partners

urlpatterns = [
    path("checks/<uuid:public_id>/effect/", partners.check_effect, name="partner_check_effect"),
]
