"""Publishing, correcting and withdrawing official statements, and telling the casework."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from elections import services
from elections.choices import ChangeKind, FactStatus, IncidentKind
from elections.models import FactChange, IncidentNotice, Jurisdiction, VotingFact
from elections.services import Statement
from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from tests.factories import BEFORE_THE_ELECTION as AT
from tests.factories import make_election

pytestmark = pytest.mark.django_db

CLOSES = Statement(
    value="21:00",
    source_name="Gemeente Dinkelland",
    source_url="https://www.dinkelland.nl/",
    applies={"nl": "In elk stembureau."},
)


def publish(by=None, **changes):
    given = {"key": "polls_close", "statement": CLOSES, "by": by, "at": AT, **changes}
    return services.publish_fact(election=given.pop("election", None) or make_election(), **given)


def test_election_lead_publishes_a_fact_and_the_casework_is_told(election_lead, second_lead):
    fact = publish(election_lead, proposed_by=second_lead)

    change = FactChange.objects.get(fact=fact)
    assert (change.kind, change.key, change.place, change.followed_at) == (
        ChangeKind.PUBLISHED,
        "polls_close",
        None,
        None,
    )
    event = AuditEvent.objects.get(subject_id=str(fact.public_id))
    assert event.verb == "fact.published"
    assert event.actor_id == str(election_lead.public_id)
    assert event.data["value"] == "21:00"


def test_moderator_may_not_publish_a_fact(moderator):
    with pytest.raises(Refused) as refused:
        publish(moderator, proposed_by=None)

    assert refused.value.refusal.code == "forbidden"
    assert not VotingFact.objects.filter(key="polls_close").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source_name": "  "}, "source"),
        ({"value": "kwart over negen"}, "value"),
        ({"valid_from": AT, "valid_until": AT - timedelta(days=1)}, "period"),
    ],
)
def test_a_statement_that_cannot_stand_is_refused(changes, code):
    statement = Statement(**{"value": "21:00", "source_name": "Kiesraad", **changes})

    with pytest.raises(Refused) as refused:
        publish(statement=statement)

    assert refused.value.refusal.code == code


def test_a_place_outside_the_election_is_refused():
    election = make_election()
    elsewhere = Jurisdiction.objects.create(code="BE44021", kind="municipality", name="Gent")

    with pytest.raises(Refused) as refused:
        publish(election=election, place=elsewhere)

    assert refused.value.refusal.code == "place"


def test_a_correction_supersedes_and_keeps_the_old_version():
    old = publish()

    newer = services.correct_fact(
        fact=old,
        statement=Statement(value="20:00", source_name="Kiesraad"),
        by=None,
        at=AT + timedelta(hours=1),
    )

    old.refresh_from_db()
    assert old.superseded_at == AT + timedelta(hours=1)
    assert (newer.version, newer.supersedes, newer.value) == (2, old, "20:00")
    assert newer.applies == {}  # words about the old value do not follow the new one
    assert list(VotingFact.objects.current().filter(key="polls_close")) == [newer]
    assert FactChange.objects.get(fact=newer).kind == ChangeKind.CORRECTED


def test_an_old_version_is_not_corrected_twice():
    old = publish()
    services.correct_fact(fact=old, statement=CLOSES, by=None, at=AT)

    with pytest.raises(Refused) as refused:
        services.correct_fact(fact=old, statement=CLOSES, by=None, at=AT)

    assert refused.value.refusal.code == "old"


def test_a_withdrawn_fact_is_no_longer_official():
    fact = publish()

    services.withdraw_fact(fact=fact, reason="Verkeerde gemeente", by=None, at=AT)

    assert not VotingFact.objects.current().filter(key="polls_close").exists()
    assert FactChange.objects.filter(fact=fact, kind=ChangeKind.WITHDRAWN).count() == 1
    with pytest.raises(Refused):
        services.withdraw_fact(fact=fact, reason="nog eens", by=None, at=AT)


def test_another_voting_day_moves_the_election():
    election = make_election()
    day = election.facts.get(key="voting_day")

    services.correct_fact(
        fact=day,
        statement=Statement(value=["2026-03-18", "2026-03-19"], source_name="Kiesraad"),
        by=None,
        at=AT,
    )

    election.refresh_from_db()
    assert (str(election.first_day), str(election.last_day)) == ("2026-03-18", "2026-03-19")


def announce(by, election, **changes):
    given = {
        "kind": IncidentKind.CLOSED,
        "place": Jurisdiction.objects.get(code="GM0344"),
        "polling_place": "De Brug",
        "message": {"nl": "Stembureau De Brug is dicht door brand."},
        "source_name": "Gemeente Utrecht",
        "starts_at": AT,
        "by": by,
        "at": AT,
        **changes,
    }
    return services.publish_incident(election=election, **given)


def test_an_incident_is_told_and_can_be_withdrawn():
    incident = announce(None, make_election())

    assert FactChange.objects.get(incident=incident).kind == ChangeKind.INCIDENT

    services.withdraw_incident(
        incident=incident, reason="Het stembureau is weer open", by=None, at=AT
    )

    assert IncidentNotice.objects.get().withdrawn_at == AT
    assert FactChange.objects.filter(incident=incident, kind=ChangeKind.WITHDRAWN).exists()
    assert AuditEvent.objects.filter(verb="incident.withdrawn").count() == 1
    with pytest.raises(Refused):
        services.withdraw_incident(incident=incident, reason="", by=None, at=AT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"message": {"nl": " "}}, "message"),
        ({"source_name": ""}, "source"),
        ({"ends_at": AT - timedelta(hours=1)}, "period"),
    ],
)
def test_an_incident_that_cannot_stand_is_refused(changes, code):
    with pytest.raises(Refused) as refused:
        announce(None, make_election(), **changes)

    assert refused.value.refusal.code == code
    assert not IncidentNotice.objects.exists()


def row(election, **changes):
    given = {
        "key": "polls_open",
        "value": "07:30",
        "source_name": "Kiesraad",
        "status": FactStatus.CONFIRMED,
        "published_at": AT,
        **changes,
    }
    return VotingFact.objects.create(election=election, **given)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"source_name": ""}, "fact_has_a_source"),
        ({"valid_from": AT, "valid_until": AT}, "fact_period_in_order"),
    ],
)
def test_the_database_refuses_a_fact_that_cannot_stand(changes, constraint):
    election = make_election()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(election, **changes)


def test_the_database_keeps_one_current_version_per_place_and_period():
    election = make_election()
    row(election)

    with pytest.raises(IntegrityError, match="fact_one_current_version"), transaction.atomic():
        row(election)

    row(election, place=Jurisdiction.objects.get(code="GM0147"))
    row(election, valid_from=AT)


def test_the_database_refuses_an_incident_without_source_or_with_an_impossible_period():
    election = make_election()
    given = {
        "election": election,
        "kind": IncidentKind.CLOSED,
        "place": Jurisdiction.objects.get(code="GM0344"),
        "starts_at": AT,
        "published_at": AT,
    }

    with pytest.raises(IntegrityError, match="incident_has_a_source"), transaction.atomic():
        IncidentNotice.objects.create(**given, source_name="")
    with pytest.raises(IntegrityError, match="incident_period_in_order"), transaction.atomic():
        IncidentNotice.objects.create(**given, source_name="Gemeente Utrecht", ends_at=AT)
