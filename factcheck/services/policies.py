"""Writing the next version of what follows a verdict."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from factcheck import consequences
from factcheck.models import VerdictPolicy
from factcheck.services.records import record
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal, require


@transaction.atomic
def write_policy(*, content: Mapping[str, Any], note: str, by: User, at: datetime) -> VerdictPolicy:
    """Put a new version in force; verdicts that come out from now on follow it."""
    require(may(by, "factcheck.write_verdict_policy"))
    if problems := consequences.problems_of(content):
        require(Refusal(" ".join(problems), code="content"))
    if not note.strip():
        require(Refusal(_("Say what you change and why."), code="reason_missing"))
    before = VerdictPolicy.objects.select_for_update().get(retired_at=None)
    if before.content == dict(content):
        require(Refusal(_("Nothing was changed."), code="unchanged"))
    VerdictPolicy.objects.filter(pk=before.pk).update(retired_at=at)
    last = VerdictPolicy.objects.aggregate(n=Max("version"))["n"] or 0
    row = VerdictPolicy.objects.create(
        version=last + 1, content=dict(content), note=note.strip()[:300], made_by=by, made_at=at
    )
    record("verdict_policy.written", "verdict_policy", row.version, by=by, at=at)
    return row
