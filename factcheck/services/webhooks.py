"""The webhooks that a partner keeps itself: what happens to its assignments, signed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import queries, rules
from factcheck.choices import PartnerEvent
from factcheck.models import Membership, Partner
from factcheck.services.records import record
from integrity.outbox import endpoints
from integrity.outbox.models import WebhookEndpoint
from integrity.refusals import Refusal, require

AT_MOST = 5


@transaction.atomic
def add_webhook(*, url: str, member: Membership, at: datetime) -> tuple[WebhookEndpoint, str]:
    """Let the organisation's own system hear of its events; returns the secret, this once."""
    require(rules.may_manage_members(member, at=at))
    partner = Partner.objects.select_for_update().get(pk=member.partner_id)
    if queries.webhooks_of(partner).count() >= AT_MOST:
        require(Refusal(_("An organisation has at most %(n)s webhooks.") % {"n": AT_MOST},
                        code="too_many"))  # fmt: skip
    made, secret = endpoints.register_endpoint(
        name=partner.name,
        url=url.strip(),
        by=None,
        at=at,
        audience=str(partner.public_id),
        known=PartnerEvent.values,
    )
    _record("partner.webhook_added", made, member, at)
    return made, secret


@transaction.atomic
def renew_secret(*, endpoint: WebhookEndpoint, member: Membership, at: datetime) -> str:
    """Make a new secret and return it, this once; the old one signs along for a day."""
    _require_own(endpoint, member, at)
    _same, secret = endpoints.rotate_secret(endpoint=endpoint, by=None, at=at)
    _record("partner.webhook_secret_renewed", endpoint, member, at)
    return secret


@transaction.atomic
def try_webhook(*, endpoint: WebhookEndpoint, member: Membership, at: datetime) -> None:
    """Send a test event."""
    _require_own(endpoint, member, at)
    endpoints.try_endpoint(endpoint=endpoint, by=None, at=at)


@transaction.atomic
def stop_webhook(*, endpoint: WebhookEndpoint, member: Membership, at: datetime) -> None:
    """Send nothing to it any more."""
    _require_own(endpoint, member, at)
    endpoints.disable_endpoint(
        endpoint=endpoint, reason="Stopped by the organisation.", by=None, at=at
    )
    _record("partner.webhook_stopped", endpoint, member, at)


def _require_own(endpoint: WebhookEndpoint, member: Membership, at: datetime) -> None:
    require(rules.may_manage_members(member, at=at))
    if endpoint.audience != str(member.partner.public_id):
        require(Refusal(_("This webhook is not your organisation's."), code="forbidden"))


def _record(verb: str, endpoint: WebhookEndpoint, member: Membership, at: datetime) -> None:
    record(
        verb, "partner", member.partner.public_id, by=member.user, at=at,
        data={"endpoint": str(endpoint.public_id), "url": endpoint.url},
    )  # fmt: skip
