"""The daily message to partners: what is due, what came of their checks, who asks to correct."""

from datetime import datetime, time, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from factcheck import presenting, queries
from factcheck.models import Membership, VerdictReceipt
from integrity.outbox import services as outbox

log = structlog.get_logger(__name__)

# In the house's own time: before the first editors' meeting.
NOT_BEFORE = time(7, 0)


def send_digests(*, at: datetime, limit: int = 200) -> int:
    """Owe today's message to each member who wants one and has something to read; returns how many.

    Once a day: each person's row says for which day it was done.
    """
    local = timezone.localtime(at)
    if local.time() < NOT_BEFORE:
        return 0
    waiting = Membership.objects.current().filter(
        Q(digested_on=None) | Q(digested_on__lt=local.date()), wants_digest=True
    )
    sent = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:limit]):
        try:
            sent += _send(pk, at=at)
        except Exception:
            log.exception("digest not written", membership=pk)
    return sent


@transaction.atomic
def _send(pk: int, *, at: datetime) -> bool:
    today = timezone.localdate(at)
    member = (
        Membership.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("partner", "user")
        .filter(pk=pk)
        .first()
    )
    if member is None or member.digested_on == today:
        return False
    Membership.objects.filter(pk=pk).update(digested_on=today)
    if not member.works_at(at):
        return False
    with translation.override(member.user.language):
        content = _content(member, at=at)
        if not any(content[part] for part in ("groups", "outcomes", "requests")):
            return False
        body = render_to_string("notifications/digest/partner.txt", content)
        subject = _("Fact-checks today: %(open)s open, %(late)s late") % {
            "open": content["open"],
            "late": content["late"],
        }
    outbox.owe_notification(
        kind="digest",
        role="partner",
        recipient_type="user",
        recipient_id=str(member.user.public_id),
        language=member.user.language,
        subject_type="partner",
        subject_id=str(member.partner.public_id),
        subject=subject,
        body=body.strip(),
        at=at,
    )
    return True


def _content(member: Membership, *, at: datetime) -> dict[str, object]:
    open_ones = queries.inbox_of(member).open()
    lately = VerdictReceipt.objects.filter(
        fact_check__partner=member.partner_id, at__gt=at - timedelta(days=1), at__lte=at
    ).select_related("fact_check")
    outcomes: dict[tuple[str, str], int] = {}
    for receipt in lately:
        line = (receipt.fact_check.claim_text, presenting.effect_words(receipt.effect))
        outcomes[line] = outcomes.get(line, 0) + 1
    closed = str(_("Closed"))
    return {
        "member": member,
        "groups": [g for g in presenting.inbox(member, at=at) if g.title != closed],
        "open": open_ones.count(),
        "late": open_ones.filter(due_at__lt=at, paused_at=None).count(),
        "outcomes": [(claim, words, n) for (claim, words), n in outcomes.items()],
        "requests": list(queries.requests_to(member.partner)[:10]),
        "speed": queries.response_times(member.partner),
        "portal": settings.BASE_URL.rstrip("/") + reverse("partner_inbox"),
    }
