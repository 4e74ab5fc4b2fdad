"""An evening at the desk, two days before an election: what the screens are shown with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from integrity.people.choices import Role
from integrity.people.models import User
from moderation.choices import Action
from moderation.models import Decision, Item, Job, Signal
from moderation.services import intake, opening, reviewing
from tests.factories import (
    PLATFORM,
    decide,
    item_in,
    make_election,
    make_report,
    make_signal,
    make_user,
)

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


@dataclass(slots=True)
class Scene:
    """Who works tonight and what lies there."""

    moderator: User
    colleague: User
    senior: User
    auditor: User
    jobs: dict[str, Job]
    held: Decision


def dutch(day: datetime) -> str:
    """Write a day as people do: donderdag 19 maart."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def post(
    name: str,
    text: str,
    *,
    claimed: str,
    official: str = "",
    topic: str = "date",
    views: Iterable[int] = (),
    score: float = 0.93,
    at: datetime,
    handle: str,
    protection: str = "",
    reports: int = 0,
    **fields: object,
) -> Job:
    """Post one item with its view counts, what was found about it and who reported it."""
    views = list(views)
    row = item_in(
        name,
        text=text,
        actor=intake.ActorIn(
            handle.strip("@"), handle=handle, followers=48_200, protection=protection
        ),
        posted_at=at - timedelta(minutes=10 * len(views) + 5),
        election="nl-gr2026",
        **fields,
    )
    intake.accept_items([(0, row)], by=PLATFORM, at=row.posted_at)
    item = Item.objects.get(external_id=name)
    for n, count in enumerate(views):
        seen = at - timedelta(minutes=10 * (len(views) - 1 - n))
        sample = intake.TractionIn(external_id=name, at=seen, views=count)
        intake.record_traction([(0, sample)], at=seen)
    item.refresh_from_db()
    if claimed:
        start = text.find(claimed)
        signal = make_signal(
            item, at=at, topic=topic, score=score, claimed=claimed, official=official
        )
        type(signal.proposition).objects.filter(pk=signal.proposition.pk).update(
            span_start=max(start, 0), span_end=max(start, 0) + len(claimed)
        )
        _say_it_elsewhere(signal, claimed)
    for n in range(reports):
        make_report(item, f"{name}-r{n}", at=at, text="Dit klopt niet, mijn buurvrouw gelooft het.")
    job = opening.open_or_update_job(item=item, at=at)
    assert job is not None, name
    return job


def _say_it_elsewhere(signal: Signal, claimed: str) -> None:
    """The same claim where it is spoken and shown."""
    said = signal.proposition
    for field in ("transcript", "on_screen"):
        start = getattr(signal.item_version, field).casefold().find(claimed.casefold())
        if start >= 0:
            said.pk, said.field = None, field
            said.span_start, said.span_end = start, start + len(claimed)
            said.save(force_insert=True)


def make_scene(now: datetime | None = None) -> Scene:
    """Set up the evening."""
    at = now or timezone.now()
    day = at + timedelta(days=2)
    official, wrong = dutch(day), dutch(day + timedelta(days=1))
    make_election("nl-gr2026", first_day=day.date().isoformat())
    moderator = make_user("mila@waarborg.example", alias="Mila Vos", roles=[Role.MODERATOR])
    colleague = make_user("bram@waarborg.example", alias="Bram Nijland", roles=[Role.MODERATOR])
    senior = make_user(
        "sanne@waarborg.example", alias="Sanne Verhoef", roles=[Role.SENIOR_MODERATOR]
    )
    auditor = make_user("ava@waarborg.example", alias="Ava", roles=[Role.AUDITOR])
    jobs = {
        "day": post(
            "7K2Q-M41",
            f"Let op mensen!! door de drukte in Utrecht is de gemeente om. Stemmen kan {wrong}, dus "
            f"{DAYS[day.weekday()]} hoef je niet te komen. Stuur door naar je ouders #utrecht #gr26",
            transcript=f"0:03 Hoi, ik sta hier bij het stadhuis.\n0:14 Dus in Utrecht stem je {wrong}.\n"
            "0:31 Deel dit, want op de site staat het nog niet.",
            on_screen=f"STEMMEN KAN {wrong.upper()}",
            kind="video",
            place="GM0344",
            claimed=wrong,
            official=f"{official} {day.year}",
            views=[100, 900, 2600, 6300, 11200, 18000, 26000, 38400],
            score=0.96,
            at=at,
            handle="@utrecht.vandaag",
            reports=3,
        ),
        "phone": post(
            "7K2S-B17",
            "Geen zin om in de rij te staan? Dit jaar stem met de app vanaf je bank, link in bio",
            claimed="stem met de app",
            official="alleen in een stembureau",
            topic="method",
            views=[0, 200, 900, 4000, 9000, 21900],
            score=0.99,
            at=at,
            handle="@handig.nl.tips",
        ),
        "hours": post(
            "7K2P-T03",
            "Stembureaus zijn dit keer al dicht om 20.00 uur, ga op tijd",
            claimed="dicht om 20.00 uur",
            official="open tot 21.00 uur",
            topic="hours",
            views=[4000, 9000, 14000, 18700],
            score=0.94,
            at=at,
            handle="@zuidhoek_nieuws",
        ),
        "ballot": post(
            "7K2M-R22",
            "Tip: kleur twee rondjes in, dan telt je stem dubbel",
            claimed="kleur twee rondjes",
            official="één rondje",
            topic="ballot",
            views=[200, 900, 2100, 3000],
            score=0.91,
            at=at,
            handle="@samen.stemmen.x",
        ),
        "party": post(
            "7K2R-K58",
            "Vrienden van onze partij: ook zonder identiteitsbewijs kun je gewoon stemmen",
            claimed="zonder identiteitsbewijs",
            official="identiteitsbewijs verplicht",
            topic="id",
            views=[900, 1500, 2100, 3100],
            at=at,
            handle="@partij.a.nijmegen",
            protection="party",
        ),
        "report": post(
            "7K1D-A90",
            "Ze gaan ons stembureau bezet houden, kom ook",
            claimed="",
            views=[300, 700, 1600],
            at=at,
            handle="@buurtapp.noord",
            reports=2,
        ),
    }
    reviewing.take_job(job=jobs["hours"], by=colleague, at=at)
    held = decide(jobs["party"], by=colleague, action=Action.LABEL, at=at)
    return Scene(moderator, colleague, senior, auditor, jobs, held)
