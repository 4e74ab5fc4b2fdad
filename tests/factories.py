"""Plain functions that make what a test needs, spelled with real election words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from elections import services as elections
from elections.facts import Fact, FactSheet
from elections.models import Election, VotingFact
from integrity.audit.services import Actor as AuditActor
from integrity.people import services as people
from integrity.people.choices import Role
from integrity.people.models import User
from moderation.choices import Action
from moderation.models import Decision, Item, Job, Policy, Proposition, Report, Signal
from moderation.services import deciding, intake, opening, reviewing

BEFORE_THE_ELECTION = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)


def make_user(
    email: str, *, alias: str = "", roles: Iterable[Role] = (), language: str = "nl"
) -> User:
    """Open an account with roles."""
    return people.open_account(
        email=email,
        alias=alias or email.split("@", maxsplit=1)[0],
        roles=roles,
        language=language,
        password="een-lang-wachtwoord-19",
    )


def make_election(slug: str = "nl-gr2026", *, first_day: str = "2026-03-18") -> Election:
    """An election of the Netherlands in Utrecht, Nijmegen and Borne, with its voting day."""
    sheet = FactSheet(
        election=slug,
        name={"nl": "Gemeenteraadsverkiezingen 2026", "en": "Municipal elections 2026"},
        country="NL",
        time_zone="Europe/Amsterdam",
        voting_days=(date.fromisoformat(first_day),),
        facts=(
            Fact(
                key="voting_day",
                value=first_day,
                source_name="Kiesraad",
                source_url="https://www.kiesraad.nl/",
            ),
        ),
        places={"GM0344": "Utrecht", "GM0268": "Nijmegen", "GM0147": "Borne"},
    )
    elections.load_pack(pack=sheet, by=None, at=BEFORE_THE_ELECTION)
    return Election.objects.get(slug=slug)


# --- Casework -----------------------------------------------------------------------------

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PLATFORM = AuditActor("client", "the-platform")
_numbers = count(1)


def item_in(external_id: str = "", **fields: Any) -> intake.ItemIn:
    """One item as the platform sends it: a wrong polling date, unless said otherwise."""
    number = next(_numbers)
    actor = fields.pop("actor", None) or intake.ActorIn(f"account-{number}", handle="@stemwijzer")
    values = {
        "external_id": external_id or f"post-{number}",
        "actor": actor,
        "posted_at": NOW - timedelta(hours=2),
        "text": "Let op: je kunt pas donderdag 19 maart stemmen!",
        "language": "nl",
    }
    return intake.ItemIn(**(values | fields))


def make_item(external_id: str = "", *, at: datetime = NOW, **fields: Any) -> Item:
    """Post one item through intake."""
    row = item_in(external_id, **fields)
    (result,) = intake.accept_items([(0, row)], by=PLATFORM, at=at)
    assert result.status != "error", result
    return Item.objects.get(external_id=row.external_id)


def make_signal(
    item: Item,
    *,
    verdict: str = "contradicts",
    score: float = 0.93,
    topic: str = "date",
    at: datetime = NOW,
    key: str = "voting_day",
    claimed: str = "donderdag 19 maart",
    official: str = "woensdag 18 maart 2026",
) -> Signal:
    """A finding about an item's current words, with the proposition and fact it rests on."""
    version = item.versions.get(version=item.version)
    proposition = Proposition.objects.create(
        item=item,
        item_version=version,
        key=key,
        value="2026-03-19",
        polarity="is",
        stance="asserts",
        election=item.election,
        span_start=22,
        span_end=40,
        frame={"key": key},
        model_version="test",
        created_at=at,
    )
    fact = None
    if verdict == "contradicts":
        fact = VotingFact.objects.filter(key="voting_day").first()
        fact = fact or make_election().facts.get(key="voting_day")
    return Signal.objects.create(
        item=item,
        item_version=version,
        source="voting_procedure",
        verdict=verdict,
        score=score,
        topic=topic,
        stance="asserts",
        proposition=proposition,
        fact=fact,
        claimed=claimed,
        official=official,
        reasons={"nl": "De datum klopt niet.", "en": "The date is wrong."},
        model_version="test",
        created_at=at,
    )


def make_job(item: Item | None = None, *, at: datetime = NOW, **fields: Any) -> Job:
    """A waiting job in the queue for voting procedure."""
    item = item or make_item(at=at, **fields)
    make_signal(item, at=at)
    job = opening.open_or_update_job(item=item, at=at)
    assert job is not None
    return job


def make_report(item: Item, external_id: str = "", *, at: datetime = NOW, **fields: Any) -> Report:
    """Somebody reports an item."""
    values = {
        "external_id": external_id or f"report-{next(_numbers)}",
        "item": item.external_id,
        "source": "user",
        "reason": "wrong_date",
        "reported_at": at,
        "reporter": "reporter-1",
    }
    report = intake.ReportIn(**(values | fields))
    (result,) = intake.accept_reports([(0, report)], by=PLATFORM, at=at)
    assert result.status != "error", result
    return Report.objects.get(external_id=report.external_id)


def make_policy(slug: str = "voting-dates-and-places") -> Policy:
    """The policy in force under this name."""
    return Policy.objects.get(slug=slug, retired_at=None)


def decide(
    job: Job, *, by: User, action: Action = Action.REMOVE, at: datetime = NOW, **fields: Any
) -> Decision:
    """Take a job and decide it."""
    if job.taken_by_id != by.pk:
        job = reviewing.take_job(job=job, by=by, at=at)
    quiet = action == Action.NO_ACTION or "policy" in fields
    values = {
        "policy": None if quiet else make_policy(),
        "reasoning": "" if action == Action.NO_ACTION else "U noemt een verkeerde dag.",
        "seen_version": Item.objects.get(pk=job.item_id).version,
    }
    return deciding.record_decision(job=job, action=action, by=by, at=at, **(values | fields))
