"""Misuse (DSA art. 23): limits by policy with expiry, a warning first, a person who decides."""

from datetime import timedelta

import pytest

from integrity.audit.models import AuditEvent
from integrity.outbox.models import Notification
from integrity.refusals import Refused
from moderation.choices import Action, MisuseBy
from moderation.models import Job, MisuseLimit, Report, ReporterStep, Strike
from moderation.queries import casework, misuse
from moderation.queries.misuse import Next
from moderation.services import carrying_out, opening, restraining
from moderation.services.gathering import read_inputs
from moderation.services.intake import ActorIn
from tests.factories import (
    NOW,
    decide,
    make_election,
    make_item,
    make_job,
    make_policy,
    make_report,
    make_signal,
)

pytestmark = pytest.mark.django_db
ACCOUNT = ActorIn("account-often", handle="@vaak")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def election(db):
    """Without one no fact is contradicted."""
    return make_election("nl-gr2026", first_day="2026-12-02")


def strike(by, *, at=NOW, action=Action.REMOVE, **fields):
    """One more of the account's items is decided on and carried out."""
    item = make_item(at=at, actor=ACCOUNT, election="nl-gr2026")
    decision = decide(make_job(item, at=at), by=by, action=action, at=at, **fields)
    carrying_out.carry_out(decision=decision, at=at + timedelta(minutes=1))
    return decision


def warn(by, *, at):
    return strike(by, at=at, action=Action.WARN)


def reached(decision, *, at):
    found = misuse.actors_at_limits([decision.item.actor_id], at=at)
    return {r.limit.slug: r for r in found.get(decision.item.actor_id, [])}


def test_below_a_limit_nothing_is_advised(moderator):
    strike(moderator)
    last = strike(moderator)

    assert reached(last, at=NOW + DAY) == {}


def test_at_the_limit_a_warning_comes_first_then_a_pause(moderator):
    for n in range(3):
        last = strike(moderator, at=NOW + n * DAY)
    assert reached(last, at=NOW + 3 * DAY)["repeated-violations"].next == Next.WARN

    warn(moderator, at=NOW + 4 * DAY)
    assert reached(last, at=NOW + 5 * DAY)["repeated-violations"].next == Next.WATCH

    strike(moderator, at=NOW + 6 * DAY)
    found = reached(last, at=NOW + 7 * DAY)["repeated-violations"]
    assert (found.next, found.count) == (Next.PAUSE, 4)
    assert found.until == NOW + 14 * DAY
    assert (found.part, found.whole) == (4, 5)


def test_a_suspension_that_holds_is_not_advised_again(moderator, senior):
    for n in range(3):
        last = strike(moderator, at=NOW + n * DAY)
    at = NOW + 4 * DAY
    item = make_item(at=at, actor=ACCOUNT, election="nl-gr2026")
    held = decide(
        make_job(item, at=at), by=moderator, action=Action.SUSPEND, at=at, ends_at=at + 7 * DAY
    )
    from moderation.services import deciding

    deciding.confirm_decision(decision=held, by=senior, at=at)

    assert reached(last, at=at + DAY)["repeated-violations"].next == Next.PAUSED
    assert reached(last, at=at + 8 * DAY)["repeated-violations"].next == Next.WARN


def test_strikes_run_out_and_so_does_a_warning(moderator):
    for n in range(3):
        last = strike(moderator, at=NOW + n * DAY)
    warn(moderator, at=NOW + 3 * DAY)

    assert reached(last, at=NOW + 89 * DAY)["repeated-violations"].next == Next.WATCH
    assert reached(last, at=NOW + 93 * DAY) == {}


def test_a_limit_counts_its_own_policy_only(moderator):
    pressure = make_policy("voter-intimidation")
    last = strike(moderator, policy=pressure, reasoning="U bedreigt kiezers.")

    found = reached(last, at=NOW + DAY)

    assert {slug: r.count for slug, r in found.items()} == {"repeated-pressure": 2}


def test_a_limit_can_ask_for_a_share_of_all_that_was_decided(moderator):
    MisuseLimit.objects.filter(slug="repeated-violations").update(share=0.9)
    for n in range(3):
        last = strike(moderator, at=NOW + n * DAY)
    assert "repeated-violations" in reached(last, at=NOW + 4 * DAY)

    strike(moderator, at=NOW + 3 * DAY, action=Action.NO_ACTION)

    assert reached(last, at=NOW + 4 * DAY) == {}


def test_routing_can_ask_which_step_is_next(moderator):
    for n in range(3):
        strike(moderator, at=NOW + n * DAY)
    at = NOW + 4 * DAY
    item = make_item(at=at, actor=ACCOUNT)
    item = casework.items_to_route([item.pk])[0]

    assert read_inputs([item], at=at)[item.pk].misuse == "warn"


def test_the_number_of_questions_does_not_grow_with_accounts(moderator, django_assert_num_queries):
    accounts = [make_item().actor_id for _ in range(3)]
    with django_assert_num_queries(2):
        misuse.actors_at_limits(accounts, at=NOW)
    for n in range(3):
        accounts.append(strike(moderator, at=NOW + n * DAY).item.actor_id)
    with django_assert_num_queries(5):
        misuse.actors_at_limits(accounts, at=NOW + 4 * DAY)


def test_a_wrong_strike_is_lifted_by_a_senior_colleague_with_a_reason(moderator, senior):
    for n in range(3):
        last = strike(moderator, at=NOW + n * DAY)
    wrong = Strike.objects.order_by("pk").first()
    at = NOW + 4 * DAY

    restraining.lift_strike(strike=wrong, reason="Was een citaat", by=senior, at=at)

    assert reached(last, at=at) == {}
    event = AuditEvent.objects.get(verb="strike.lifted")
    assert event.personal.text == "Was een citaat"
    with pytest.raises(Refused):
        restraining.lift_strike(strike=wrong, reason="Nog eens", by=senior, at=at)


@pytest.mark.parametrize(("who", "code"), [("moderator", "forbidden"), ("own", "own")])
def test_who_may_not_lift_a_strike(who, code, moderator, senior):
    decision = strike(senior if who == "own" else moderator)
    by = senior if who == "own" else moderator

    with pytest.raises(Refused) as refused:
        restraining.lift_strike(strike=decision.strike, reason="x", by=by, at=NOW + DAY)

    assert refused.value.refusal.code == code


# --- People who report -----------------------------------------------

REPORTER = "melder-7"


def unfounded(by, n=1, *, at=NOW, source="user", is_so=True):
    """Reports of one person, each answered with no action."""
    for _ in range(n):
        item = make_item(at=at)
        make_report(item, at=at, reporter=REPORTER, source=source, language="nl")
        job = opening.open_or_update_job(item=item, at=at)
        decision = decide(job, by=by, action=Action.NO_ACTION, at=at, unfounded=is_so)
        carrying_out.carry_out(decision=decision, at=at + timedelta(minutes=1))


def limit() -> MisuseLimit:
    return MisuseLimit.objects.get(slug="unfounded-reports")


def next_step(*, at):
    found = misuse.reporters_at_limits(at=at).get(REPORTER, [])
    return found[0].next if found else None


def test_only_a_person_says_that_a_report_was_manifestly_unfounded(moderator):
    unfounded(moderator, 6, is_so=False)

    assert next_step(at=NOW + DAY) is None
    assert Report.objects.filter(answered_by__isnull=False).count() == 6


def test_unfounded_goes_with_no_action_only(moderator):
    decision = decide(make_job(), by=moderator, action=Action.REMOVE, unfounded=True)

    assert decision.unfounded is False


def test_a_reporter_is_warned_then_paused_then_heard_again(moderator, senior):
    unfounded(moderator, 5)
    at = NOW + DAY
    assert next_step(at=at) == Next.WARN
    with pytest.raises(Refused) as too_soon:
        restraining.pause_reporter(
            reporter=REPORTER, limit=limit(), reason="Te vaak", by=senior, at=at
        )
    assert too_soon.value.refusal.code == "warn"

    restraining.warn_reporter(reporter=REPORTER, limit=limit(), reason="Te vaak", by=senior, at=at)
    assert next_step(at=at + DAY) == Next.WATCH
    unfounded(moderator, at=at + 2 * DAY)
    assert next_step(at=at + 3 * DAY) == Next.PAUSE

    paused = restraining.pause_reporter(
        reporter=REPORTER, limit=limit(), reason="Het ging door", by=senior, at=at + 3 * DAY
    )
    assert paused.until == at + 33 * DAY
    assert next_step(at=at + 4 * DAY) == Next.PAUSED

    during = make_item(at=at + 4 * DAY)
    make_report(during, at=at + 4 * DAY, reporter=REPORTER)
    assert opening.open_or_update_job(item=during, at=at + 4 * DAY) is None

    restraining.lift_pause(reporter=REPORTER, reason="Vergissing", by=senior, at=at + 5 * DAY)
    later = make_item(at=at + 6 * DAY)
    make_report(later, at=at + 6 * DAY, reporter=REPORTER)
    assert opening.open_or_update_job(item=later, at=at + 6 * DAY) is not None
    letters = Notification.objects.filter(kind="misuse").order_by("pk")
    assert [n.recipient_id for n in letters] == [REPORTER] * 3
    assert "artikel 23" in letters[0].body
    assert "Het ging door" in letters[1].body


@pytest.mark.parametrize("source", ["authority", "trusted_flagger"])
def test_an_authority_is_always_heard(source, senior):
    ReporterStep.objects.create(
        reporter=REPORTER, kind="paused", limit=limit(), reason="x", taken_by=senior,
        taken_at=NOW - DAY, until=NOW + DAY,
    )  # fmt: skip
    item = make_item()
    make_report(item, reporter=REPORTER, source=source)

    assert opening.open_or_update_job(item=item, at=NOW) is not None


def test_after_the_pause_reports_count_again(senior):
    ReporterStep.objects.create(
        reporter=REPORTER, kind="paused", limit=limit(), reason="x", taken_by=senior,
        taken_at=NOW - 2 * DAY, until=NOW - DAY,
    )  # fmt: skip
    item = make_item()
    make_report(item, reporter=REPORTER)

    assert opening.open_or_update_job(item=item, at=NOW) is not None


def test_a_colleague_who_does_not_lead_takes_no_step(moderator):
    unfounded(moderator, 5)

    with pytest.raises(Refused) as refused:
        restraining.warn_reporter(
            reporter=REPORTER, limit=limit(), reason="x", by=moderator, at=NOW + DAY
        )

    assert refused.value.refusal.code == "forbidden"
    assert not ReporterStep.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "\x00"])
def test_a_step_says_why(reason, moderator, senior):
    unfounded(moderator, 5)

    with pytest.raises(Refused) as refused:
        restraining.warn_reporter(
            reporter=REPORTER, limit=limit(), reason=reason, by=senior, at=NOW + DAY
        )

    assert refused.value.refusal.code == "reason"


def test_a_policy_lead_writes_and_retires_a_limit(policy_lead, moderator):
    said = restraining.LimitIn(
        name={"nl": "Streng", "en": "Strict"}, by=MisuseBy.ACTOR, at_least=1, within_days=30,
        warned_days=30, pause_days=3, policy="voting-dates-and-places",
    )  # fmt: skip
    made = restraining.write_limit(limit=None, slug="strict", said=said, by=policy_lead)
    last = strike(moderator)
    assert reached(last, at=NOW + DAY)["strict"].next == Next.WARN

    restraining.retire_limit(limit=made, by=policy_lead, at=NOW)

    assert reached(last, at=NOW + DAY) == {}
    with pytest.raises(Refused):
        restraining.write_limit(limit=None, slug="strict", said=said, by=policy_lead)


def test_a_job_of_an_account_at_its_limit_keeps_what_routing_saw(moderator):
    for n in range(3):
        strike(moderator, at=NOW + n * DAY)
    at = NOW + 4 * DAY
    item = make_item(at=at, actor=ACCOUNT)
    make_signal(item, at=at)

    job = opening.open_or_update_job(item=item, at=at)

    assert Job.objects.get(pk=job.pk).inputs["misuse"] == "warn"
