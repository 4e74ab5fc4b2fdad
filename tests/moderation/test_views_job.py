"""The job's page: what it shows, what it keeps, and what it says when something may not be."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.choices import Action, JobState
from moderation.models import Decision, Draft, Queue
from moderation.services import intake, reviewing
from tests.factories import (
    PLATFORM,
    decide,
    item_in,
    make_election,
    make_item,
    make_job,
    make_report,
    make_signal,
)
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db

POLICY = "voting-dates-and-places@1"


@pytest.fixture
def job(moderator):
    """A job that the moderator has in hand."""
    make_election()
    job = make_job(make_item(election="nl-gr2026", place="GM0344"))
    return reviewing.take_job(job=job, by=moderator, at=timezone.now())


def url(name: str, job) -> str:
    return reverse(name, args=[job.public_id])


def decision(**fields) -> dict[str, str]:
    return {
        "action": "remove",
        "policy": POLICY,
        "reasoning": "De dag klopt niet.",
        "seen_version": "1",
    } | fields


def test_the_page_shows_what_is_said_beside_what_is_official(job, moderator):
    page = client_of(moderator).get(url("job", job)).content.decode()

    assert "<mark><bdi>donderdag 19 maart</bdi></mark>" in page
    assert "woensdag 18 maart 2026" in page
    assert "Kiesraad" in page
    assert "Utrecht" in page


def test_a_decision_is_recorded_and_the_next_job_opens(job, moderator):
    following = make_job(make_item(election="nl-gr2026"))

    response = client_of(moderator).post(url("decide_job", job), decision())

    recorded = Decision.objects.get(job=job)
    assert response["Location"] == url("job", following)
    assert (recorded.action, recorded.reasoning) == (Action.REMOVE, "De dag klopt niet.")


def test_what_was_typed_survives_a_form_that_lacks_something(job, moderator):
    response = client_of(moderator).post(
        url("decide_job", job), decision(policy="", reasoning="Let op de datum")
    )

    assert response.status_code == 422
    assert "Let op de datum" in response.content.decode()
    assert not Decision.objects.exists()


def test_what_was_typed_survives_a_refusal(job, moderator):
    edited = item_in(
        job.item.external_id, version=2, text="Toch gewoon woensdag!", election="nl-gr2026"
    )
    edited = type(edited)(
        **{**vars_of(edited), "actor": intake.ActorIn(job.item.actor.external_id)}
    )
    intake.accept_items([(0, edited)], by=PLATFORM, at=timezone.now())

    response = client_of(moderator).post(url("decide_job", job), decision())

    assert response.status_code == 409
    assert "De dag klopt niet." in response.content.decode()
    assert not Decision.objects.exists()


def vars_of(row) -> dict:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_a_lost_lease_is_said_and_the_job_can_be_taken_again(job, moderator):
    type(job).objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    client = client_of(moderator)

    page = client.get(url("job", job)).content.decode()
    refused = client.post(url("decide_job", job), decision())
    client.post(url("take_job", job))

    assert url("take_job", job) in page
    assert refused.status_code == 409
    assert client.post(url("decide_job", job), decision()).status_code == 302


def test_a_colleague_reads_along_but_has_no_form(job, colleague):
    response = client_of(colleague).get(url("job", job))

    assert url("decide_job", job) not in response.content.decode()
    assert "Mila" in response.content.decode()


def test_whoever_is_slower_reads_who_was_quicker(job, colleague):
    response = client_of(colleague).post(url("take_job", job))

    assert response.status_code == 409
    assert "Mila" in response.content.decode()


def test_the_preview_is_the_letter_and_keeps_the_draft(job, moderator):
    response = client_of(moderator).post(
        url("preview_decision", job), decision(), headers={"HX-Request": "true"}
    )

    assert "De dag klopt niet." in response.content.decode()
    assert Draft.objects.get(job=job).reasoning == "De dag klopt niet."
    assert not Decision.objects.exists()


def test_a_draft_is_there_again_after_a_reload(job, moderator):
    client = client_of(moderator)
    client.post(url("preview_decision", job), decision(reasoning="Half geschreven"))

    assert "Half geschreven" in client.get(url("job", job)).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "burn"},
        {"policy": "nothing@9"},
        {"policy": "voting-dates-and-places@x"},
        {"seen_version": "0"},
        {"seen_version": "nonsense"},
        {"reasoning": "\x00"},
        {"ends_on": "gisteren"},
        {"label_kind": "no-such-kind", "action": "label"},
    ],
)
def test_a_form_with_nonsense_is_shown_again(sent, job, moderator):
    response = client_of(moderator).post(url("decide_job", job), decision(**sent))

    assert response.status_code == 422
    assert not Decision.objects.exists()


def test_fields_that_the_form_does_not_have_change_nothing(job, moderator, colleague):
    sent = decision(
        decided_by=str(colleague.pk), needs_second_person="", carried_out_at="2026-01-01", job="1"
    )

    client_of(moderator).post(url("decide_job", job), sent)

    recorded = Decision.objects.get()
    assert (recorded.decided_by, recorded.job, recorded.carried_out_at) == (moderator, job, None)


def test_undo_gives_the_job_back_to_its_person(job, moderator):
    client = client_of(moderator)
    client.post(url("decide_job", job), decision())
    recorded = Decision.objects.get()
    bar = client.get(reverse("held")).content.decode()

    response = client.post(reverse("undo_decision", args=[recorded.public_id]))

    job.refresh_from_db()
    assert reverse("undo_decision", args=[recorded.public_id]) in bar
    assert response["Location"] == url("job", job)
    assert (job.state, job.taken_by) == (JobState.TAKEN, moderator)


def test_a_held_decision_is_confirmed_by_a_second_person(job, moderator, senior):
    held = decide(job, by=moderator, action=Action.SUSPEND, at=timezone.now())
    client = client_of(senior)

    page = client.get(url("job", job)).content.decode()
    client.post(reverse("confirm_decision", args=[held.public_id]))

    held.refresh_from_db()
    assert reverse("confirm_decision", args=[held.public_id]) in page
    assert held.confirmation.confirmed_by == senior
    assert held.carried_out_at is not None


def test_sending_back_asks_for_a_reason(job, moderator, senior):
    held = decide(job, by=moderator, action=Action.SUSPEND, at=timezone.now())
    client = client_of(senior)

    silent = client.post(reverse("send_back_decision", args=[held.public_id]), {"reason": " "})
    said = client.post(
        reverse("send_back_decision", args=[held.public_id]), {"reason": "Te zwaar."}
    )

    job.refresh_from_db()
    assert silent.status_code == 422
    assert said.status_code == 302
    assert job.state == JobState.WAITING


def test_who_decided_reads_why_they_cannot_confirm(job, moderator, senior):
    held = decide(job, by=moderator, action=Action.SUSPEND, at=timezone.now())
    moderator.groups.set(senior.groups.all())

    page = (
        client_of(type(moderator).objects.get(pk=moderator.pk))
        .get(url("job", job))
        .content.decode()
    )

    assert reverse("confirm_decision", args=[held.public_id]) not in page
    assert 'class="refusal"' in page


def test_skipping_takes_a_reason_and_goes_on(job, moderator):
    client = client_of(moderator)

    assert client.post(url("skip_job", job), {"reason": ""}).status_code == 422
    assert client.post(url("skip_job", job), {"reason": "Te dichtbij"}).status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_moving_takes_a_queue_and_a_reason(job, moderator):
    client = client_of(moderator)
    other = Queue.objects.get(slug="undecidable")

    assert client.post(url("move_job", job), {"to": other.slug}).status_code == 422
    client.post(url("move_job", job), {"to": other.slug, "reason": "Gaat over fraude"})
    job.refresh_from_db()
    assert job.queue == other


def test_a_job_is_handed_to_a_colleague_by_name(job, moderator, colleague):
    sent = {"to": str(colleague.public_id), "note": "Jij kent Utrecht"}

    client_of(moderator).post(url("hand_over_job", job), sent)

    job.refresh_from_db()
    assert job.assigned_to == colleague
    assert job.item.external_id in client_of(colleague).get(reverse("my_jobs")).content.decode()


def test_who_looks_along_is_shown(job, moderator, colleague):
    client_of(colleague).post(url("still_here", job), headers={"HX-Request": "true"})

    answer = client_of(moderator).post(url("still_here", job), headers={"HX-Request": "true"})

    assert "Bram" in answer.content.decode()


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


def test_no_field_that_comes_from_outside_becomes_markup(moderator, senior):
    make_election()
    row = item_in(
        f"p-{HOSTILE}"[:128],
        actor=intake.ActorIn(f"a-{HOSTILE}"[:128], handle=HOSTILE, protection="party"),
        text=HOSTILE + "\u202e\u200b" + HOSTILE,
        transcript=HOSTILE,
        on_screen=HOSTILE,
        url="javascript:alert(3)",
        election="nl-gr2026",
    )
    item = make_item_from(row)
    make_report(item, f"r-{HOSTILE}"[:128], text=HOSTILE, reason=HOSTILE[:60])
    make_signal(item, claimed=HOSTILE, official=HOSTILE)
    job = make_job(item)
    held = decide(
        job,
        by=moderator,
        action=Action.LABEL,
        at=timezone.now(),
        reasoning=HOSTILE,
        private_notes=HOSTILE,
    )
    client = client_of(senior)

    pages = [
        client.get(address).content.decode()
        for address in (
            url("job", job),
            reverse("held"),
            reverse("queue", args=[job.queue.slug]),
            reverse("actor", args=[item.actor.public_id]),
        )
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
    assert "U+202E" in pages[0], "a character that turns text around is shown by its name"
    assert held.hold_reason


def make_item_from(row):
    from moderation.models import Item

    (result,) = intake.accept_items([(0, row)], by=PLATFORM, at=timezone.now())
    assert result.status != "error", result
    return Item.objects.get(external_id=row.external_id)


def test_no_page_carries_script_or_style_of_its_own(job, moderator):
    client = client_of(moderator)

    for address in (
        url("job", job),
        reverse("queue", args=[job.queue.slug]),
        reverse("my_jobs"),
        reverse("held"),
    ):
        page = client.get(address).content.decode().lower()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


def test_the_job_page_asks_a_fixed_number_of_questions(job, moderator):
    client = client_of(moderator)
    client.get(url("job", job))
    bare = questions(client, job)

    text = job.item.versions.get().text
    alike = [make_item(election="nl-gr2026", text=text) for _ in range(6)]
    fingerprinted(job.item, *alike)
    for n in range(12):
        make_report(job.item, f"r{n}", text="Klopt niet")
        make_signal(job.item, claimed=f"dag {n}", official="woensdag 18 maart 2026")
    full = questions(client, job)

    assert bare <= 45
    # Answers of reporters are counted, and marks of labels fetched, only where there are any.
    assert full <= bare + 2


def questions(client, job) -> int:
    """Count the queries of one look at the page."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url("job", job)).status_code == 200
    return len(asked)


def fingerprinted(*items) -> None:
    """Remember the words of items as the screening does."""
    from moderation.services.findings import _remember_words

    _remember_words([i.versions.get() for i in items], [], {i.pk: i for i in items})


def test_near_identical_items_are_shown_and_decided_with_one_press(job, moderator):
    copy = make_item(election="nl-gr2026", text="LET OP: je kunt pas donderdag 19 maart stemmen")
    opposite = make_item(
        election="nl-gr2026", text="Let op: je kunt niet donderdag 19 maart stemmen!"
    )
    fingerprinted(job.item, copy, opposite)
    client = client_of(moderator)

    shown = client.get(url("job", job)).context["similar"]
    sent = decision(action="label", together="yes", others=[copy.public_id, opposite.public_id])
    client.post(url("decide_job", job), sent)

    assert [version.item for version in shown] == [copy]
    assert {d.item_id for d in Decision.objects.all()} == {job.item_id, copy.pk}
    assert Decision.objects.values("together").distinct().count() == 1


def test_one_undo_takes_back_what_was_decided_together(job, moderator):
    copy = make_item(election="nl-gr2026", text="LET OP: je kunt pas donderdag 19 maart stemmen")
    fingerprinted(job.item, copy)
    client = client_of(moderator)
    client.post(
        url("decide_job", job), decision(action="label", together="yes", others=[copy.public_id])
    )

    client.post(reverse("undo_decision", args=[Decision.objects.get(job=job).public_id]))

    assert Decision.objects.count() == 2
    assert not Decision.objects.standing().exists()
