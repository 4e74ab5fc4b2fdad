"""The pages of misuse: limits, accounts at a limit, people who report without ground."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity.audit.models import AuditEvent
from integrity.people.choices import Role
from moderation.choices import Action
from moderation.models import Actor, Decision, MisuseLimit, Queue, ReporterStep, Strike
from moderation.presenting.misuse import key_of
from moderation.services import carrying_out
from moderation.services.intake import ActorIn
from tests.factories import decide, make_election, make_item, make_job, make_report
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIMIT = {
    "name_nl": "Streng",
    "name_en": "Strict",
    "by": "actor",
    "policy": "voting-method",
    "at_least": "2",
    "share": "50",
    "within_days": "30",
    "warned_days": "60",
    "pause_days": "7",
}


@pytest.fixture(autouse=True)
def election(db):
    return make_election("nl-gr2026", first_day="2027-03-17")


@pytest.fixture
def often_wrong(moderator):
    """An account with three strikes of the last days."""
    for n in range(3):
        at = timezone.now() - (3 - n) * DAY
        item = make_item(at=at, actor=ActorIn("often-wrong", handle="@vaak"), election="nl-gr2026")
        decision = decide(make_job(item, at=at), by=moderator, action=Action.REMOVE, at=at)
        carrying_out.carry_out(decision=decision, at=at)
    return Actor.objects.get(external_id="often-wrong")


@pytest.fixture
def unfounded(moderator):
    """A person whose last five reports had no ground."""
    for n in range(5):
        at = timezone.now() - (5 - n) * DAY
        item = make_item(at=at)
        make_report(item, at=at, reporter="melder-7")
        job = make_job(item, at=at)
        decision = decide(job, by=moderator, action=Action.NO_ACTION, at=at, unfounded=True)
        carrying_out.carry_out(decision=decision, at=at)
    return key_of("melder-7")


def test_who_has_come_to_a_limit_is_listed(often_wrong, unfounded, senior):
    page = client_of(senior).get(reverse("misuse")).content.decode()

    assert reverse("actor", args=[often_wrong.public_id]) in page
    assert unfounded[:6] in page
    assert "melder-7" not in page, "who reports is for the platform only"


def test_the_account_page_says_what_comes_next(often_wrong, senior):
    page = client_of(senior).get(reverse("actor", args=[often_wrong.public_id]))

    assert [r.step for r in page.context["reached"]] == ["warn"]
    assert page.context["history"].strike_total == 3


def test_a_reporter_is_warned_from_the_page(unfounded, senior):
    client = client_of(senior)

    silent = client.post(reverse("warn_reporter", args=[unfounded]), {"limit": "unfounded-reports"})
    client.post(
        reverse("warn_reporter", args=[unfounded]),
        {"limit": "unfounded-reports", "reason": "Vijf keer zonder grond"},
    )
    again = client.post(
        reverse("pause_reporter", args=[unfounded]), {"limit": "unfounded-reports", "reason": "x"}
    )

    step = ReporterStep.objects.get()
    assert silent.status_code == 422
    assert again.status_code == 409
    assert (step.reporter, step.kind, step.taken_by) == ("melder-7", "warned", senior)


def test_a_pause_is_lifted_from_the_page(senior):
    ReporterStep.objects.create(
        reporter="melder-9", kind="paused", reason="x", taken_by=senior,
        taken_at=timezone.now() - DAY, until=timezone.now() + DAY,
    )  # fmt: skip
    client, url = client_of(senior), reverse("lift_pause", args=[key_of("melder-9")])

    assert client.post(url, {"reason": "Vergissing"}).status_code == 302
    assert client.post(url, {"reason": "Nog eens"}).status_code == 404


@pytest.mark.parametrize("key", ["0" * 24, "melder-7"])
def test_somebody_who_is_not_listed_does_not_exist(key, unfounded, senior):
    answer = client_of(senior).post(
        reverse("warn_reporter", args=[key]), {"limit": "unfounded-reports", "reason": "x"}
    )

    assert answer.status_code == 404


def test_a_strike_is_lifted_from_the_account_page(often_wrong, senior):
    strike = Strike.objects.first()
    client, url = client_of(senior), reverse("lift_strike", args=[strike.public_id])

    assert client.post(url, {"reason": " "}).status_code == 409
    assert client.post(url, {"reason": "Was een citaat"}).status_code == 302
    strike.refresh_from_db()
    assert strike.lifted_at is not None


def test_a_limit_is_added_changed_and_retired(policy_lead):
    client = client_of(policy_lead)

    client.post(reverse("new_limit"), {**LIMIT, "slug": "strict"})
    twice = client.post(reverse("new_limit"), {**LIMIT, "slug": "strict"})
    client.post(reverse("edit_limit", args=["strict"]), {**LIMIT, "at_least": "4"})
    limit = MisuseLimit.objects.get(slug="strict")
    client.post(reverse("retire_limit", args=["strict"]))

    assert twice.status_code == 409
    assert (limit.at_least, limit.share, limit.policy) == (4, 0.5, "voting-method")
    assert MisuseLimit.objects.get(slug="strict").retired_at is not None
    assert client.get(reverse("edit_limit", args=["strict"])).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"at_least": "0"}, 422),
        ({"share": "101"}, 422),
        ({"within_days": "-5"}, 422),
        ({"pause_days": "x"}, 422),
        ({"by": "king"}, 422),
        ({"policy": "nothing"}, 422),
        ({"by": "reporter"}, 409),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(wrong, status, policy_lead):
    answer = client_of(policy_lead).post(reverse("new_limit"), {**LIMIT, "slug": "s", **wrong})

    assert answer.status_code == status
    assert not MisuseLimit.objects.filter(slug="s").exists()


def test_a_long_history_is_paged(often_wrong, senior, monkeypatch):
    from moderation.queries import job_page

    defaults = job_page.actor_timeline.__kwdefaults__ | {"size": 2}
    monkeypatch.setattr(job_page.actor_timeline, "__kwdefaults__", defaults)
    client, url = client_of(senior), reverse("actor", args=[often_wrong.public_id])

    first = client.get(url)
    rest = client.get(url, {"after": first.context["after"]})

    seen = [d.pk for page in (first, rest) for d in page.context["timeline"]]
    assert len(seen) == len(set(seen)) == 3
    assert client.get(url, {"after": "²" * 30}).status_code == 200


def test_reading_an_account_is_recorded(often_wrong, senior):
    client_of(senior).get(reverse("actor", args=[often_wrong.public_id]))

    event = AuditEvent.objects.get(verb="actor.read")
    assert event.actor_id == str(senior.public_id)
    assert event.subject_id == str(often_wrong.public_id)


def test_what_was_decided_in_a_queue_that_one_may_not_see_is_not_shown(
    often_wrong, senior, moderator
):
    decision = Decision.objects.filter(item__actor=often_wrong).order_by("pk").first()
    Queue.objects.filter(pk=decision.job.queue_id).update(visible_to=[Role.SENIOR_MODERATOR])
    url = reverse("actor", args=[often_wrong.public_id])

    hidden, shown = client_of(moderator).get(url), client_of(senior).get(url)

    assert len(shown.context["timeline"]) == len(shown.context["history"].recent) == 3
    assert hidden.context["timeline"] == hidden.context["history"].recent == []
    assert hidden.context["history"].decisions == 3
    assert decision.item_version.text not in hidden.content.decode()
