# ruff: noqa: F811
"""What a verdict does to the items with the claim, by policy: labels put, changed and taken away."""

import copy
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from elections.models import Jurisdiction
from factcheck import consequences, queries
from factcheck.choices import AssignmentState, ClaimTopic, Verdict
from factcheck.models import Assignment, FactCheck, VerdictPolicy
from factcheck.services import assigning, checking, policies
from integrity.outbox.models import Event, Notification
from integrity.refusals import Refused
from moderation.choices import Action, JobState, Protection
from moderation.models import Decision, Item, Media, StatementOfReasons
from moderation.queries import standing
from moderation.services import appearing, carrying_out, deciding, intake, opening, reviewing
from moderation.services.following_verdicts import follow_verdicts
from tests.factcheck import makers
from tests.factcheck.conftest import hanna, ilse, joost, lens, omar, spiegel  # noqa: F401
from tests.factories import NOW, decide, make_election, make_item, make_report, make_signal

pytestmark = pytest.mark.django_db
SAID = "Bij ons in Borne lagen gisteren stembiljetten in de sloot."
CLAIM = "In Borne lagen stembiljetten in de sloot."
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def item(db):
    make_election()
    return make_item("v-1", text=SAID, election="nl-gr2026")


@pytest.fixture
def asked(item, lens, moderator):
    return ask(item, moderator)


def ask(item, moderator, partner=None):
    asked = appearing.Asked(sentence=CLAIM, topic=ClaimTopic.FRAUD, partner=partner)
    return appearing.ask_about(item=item, asked=asked, by=moderator, at=NOW)


def deliver(assignment, first, second, verdict, *, at=NOW, **changes):
    words = replace(makers.WORDS, claim_text=CLAIM, verdict=verdict, **changes)
    check = makers.publish(assignment, first, second, words=words, at=at)
    follow_verdicts(at=at)
    return check


def correct(check, first, second, verdict, *, at=LATER, **changes):
    draft = checking.open_correction(check=check, member=first, at=at)
    words = replace(
        makers.WORDS, claim_text=CLAIM, verdict=verdict, correction="Nieuwe bron.", **changes
    )
    draft = checking.save_draft(
        draft=draft, words=words, revision=draft.revision, member=first, at=at
    )
    checking.submit_draft(draft=draft, member=first, at=at)
    draft.refresh_from_db()
    corrected = checking.publish_verdict(draft=draft, revision=draft.revision, member=second, at=at)
    follow_verdicts(at=at)
    return corrected


def label(item):
    return item.labels.filter(ended_at=None).first()


def effects(check, item):
    found = check.receipts.filter(consumer_id=str(item.public_id))
    return sorted(found.values_list("consumer", "effect"))


def test_what_cannot_be_verified_is_labelled_and_not_recommended(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    shown = label(item)
    assert shown.text["nl"].startswith("Onbevestigd: Redactie De Lens kon niet vaststellen")
    assert shown.text["en"].startswith("Unverified: Redactie De Lens")
    assert shown.not_recommended
    assert shown.share_prompt["nl"].endswith("Wil je het toch delen?")
    assert shown.link.endswith(f"/nl-gr2026/checks/{check.series}/")
    assert effects(check, item) == [("label", "unverified")]
    (told,) = standing.standing(Item.objects.get(pk=item.pk))["labels"]
    assert (told["public_id"], told["kind"]) == (shown.public_id, "decision")
    assert told["not_recommended"]
    assert told["share_prompt"] == shown.share_prompt
    assert (told["text"], told["link"]) == (shown.text, shown.link)


def test_the_platform_and_the_poster_hear_of_the_label(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    payload = Event.objects.get(type="decision.carried_out").payload
    assert payload["label"]["not_recommended"] is True
    assert payload["label"]["share_prompt"]["en"].endswith("Share it anyway?")
    assert payload["fact_check"] == str(check.public_id)
    letter = Notification.objects.get(role="affected")
    assert "Redactie De Lens onderzocht" in letter.body
    assert "bevelen wij het niet aan" in letter.body
    assert "onafhankelijke factcheckorganisatie" in letter.body
    assert "mens heeft beslist" not in letter.body
    statement = StatementOfReasons.objects.get()
    assert statement.as_json()["decision_visibility"] == [
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        "DECISION_VISIBILITY_CONTENT_DEMOTED",
    ]
    assert statement.automated_decision == "AUTOMATED_DECISION_PARTIALLY"
    assert statement.automated_detection is False


def test_missing_context_is_a_label_with_a_link_and_no_more(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.MISSING_CONTEXT)

    shown = label(item)
    assert shown.text["nl"].startswith("Hier ontbreekt context.")
    assert (shown.not_recommended, shown.share_prompt) == (False, {})
    assert effects(check, item) == [("label", "labelled")]
    assert StatementOfReasons.objects.get().visibility_too == ""
    assert not item.jobs.open().exists()


def test_true_elsewhere_says_where(asked, item, joost, hanna):
    place = Jurisdiction.objects.get(code="GM0147")

    check = deliver(asked, joost, hanna, Verdict.TRUE_ELSEWHERE, applies_in=place)

    assert label(item).text["nl"] == "Dit geldt alleen in Borne. Redactie De Lens zocht het uit."
    assert label(item).text["en"].startswith("This applies only in Borne.")
    assert effects(check, item) == [("label", "context")]


@pytest.mark.parametrize("verdict", [Verdict.FALSE, Verdict.PARTLY_FALSE])
def test_false_goes_to_a_person_and_labels_nothing(asked, item, joost, hanna, verdict):
    check = deliver(asked, joost, hanna, verdict)

    assert label(item) is None
    assert item.jobs.get(state=JobState.WAITING).harm > 0
    assert not Decision.objects.exists()
    assert effects(check, item) == [("job", "back_on_top")]


def test_true_releases_what_only_this_claim_held_up(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.TRUE)

    assert effects(check, item) == [("release", "released")]
    assert not item.jobs.open().exists()


def test_true_releases_nothing_that_was_reported_or_contradicts_a_fact(asked, item, joost, hanna):
    make_signal(item)

    check = deliver(asked, joost, hanna, Verdict.TRUE)

    assert item.jobs.open().exists()
    assert effects(check, item) == [("job", "kept")]


def test_a_label_after_a_verdict_answers_no_other_finding_and_no_report(asked, item, joost, hanna):
    make_signal(item, at=NOW)
    report = make_report(item)

    deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    report.refresh_from_db()
    assert report.answered_at is None
    assert item.jobs.open().get().reasons
    assert label(item) is not None


def test_a_correction_reaches_every_item_that_got_the_earlier_verdict(
    asked,
    item,
    moderator,
    joost,
    hanna,
):
    other = make_item("v-2", text=SAID, election="nl-gr2026")
    place = appearing.place_claim(
        item=other, claim=asked.claim, by=moderator, at=NOW, span=(0, len(SAID))
    )
    first = deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    assert label(other) is not None
    appearing.reject(appearance=place, by=moderator, at=NOW)
    assert label(other) is None

    corrected = correct(first, joost, hanna, Verdict.TRUE)

    assert label(item) is None
    assert effects(corrected, item) == [("label", "label_ended"), ("release", "released")]
    assert effects(corrected, other) == [("release", "released")]
    taken_back = Decision.objects.filter(item=item).latest("pk")
    assert (taken_back.action, taken_back.decided_by, taken_back.overrides) == (
        Action.NO_ACTION,
        None,
        Decision.objects.filter(item=item).earliest("pk"),
    )
    letter = Notification.objects.filter(role="affected", subject_id=item.external_id).latest("pk")
    assert "Onze eerdere beslissing vervalt" in letter.body
    assert "Ons label vervalt" in letter.body


def test_a_correction_to_false_keeps_a_label_until_a_person_decides(asked, item, joost, hanna):
    first = deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    corrected = correct(first, joost, hanna, Verdict.FALSE)

    assert label(item).text["nl"].startswith("Onderzocht door Redactie De Lens: Onjuist.")
    assert item.jobs.open().exists()
    assert effects(corrected, item) == [("job", "back_on_top"), ("label", "labelled")]


def test_what_a_person_decided_stays_as_they_decided_it(asked, item, joost, hanna, moderator):
    make_signal(item)
    job = opening.open_or_update_job(item=item, at=NOW)
    decision = decide(job, by=moderator, action=Action.INELIGIBLE)
    carrying_out.carry_out(decision=decision, at=NOW)

    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED, at=LATER)

    item.refresh_from_db()
    assert item.decision_in_force == decision
    assert label(item) is None
    assert effects(check, item) == [("job", "kept")]


def test_a_job_in_somebodys_hands_is_theirs(asked, item, joost, hanna, moderator):
    make_signal(item)
    job = opening.open_or_update_job(item=item, at=NOW)
    reviewing.take_job(job=job, by=moderator, at=NOW)

    deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    assert label(item) is None
    assert item.signals.filter(source="fact_check").exists()


def test_what_a_person_took_back_the_machine_does_not_repeat(
    asked,
    item,
    joost,
    hanna,
    moderator,
):
    first = deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    make_signal(item, at=LATER)
    job = opening.open_or_update_job(item=item, at=LATER)
    decision = decide(job, by=moderator, action=Action.NO_ACTION, at=LATER)
    carrying_out.carry_out(decision=decision, at=LATER)
    assert label(item) is None

    correct(first, joost, hanna, Verdict.MISSING_CONTEXT, at=LATER)

    assert label(item) is None


def test_the_label_of_a_candidate_waits_for_a_second_person(lens, joost, hanna, moderator, senior):
    make_election()
    actor = intake.ActorIn("c-1", handle="@kandidaat", protection=Protection.CANDIDATE)
    item = make_item("v-9", text=SAID, election="nl-gr2026", actor=actor)

    check = deliver(ask(item, moderator), joost, hanna, Verdict.UNVERIFIED)

    assert label(item) is None
    held = Decision.objects.get()
    assert (held.decided_by, held.needs_second_person) == (None, True)
    assert effects(check, item) == [("label", "label_waits")]
    deciding.confirm_decision(decision=held, by=senior, at=LATER)
    assert label(item) is not None


def test_two_partners_who_differ_change_no_label_of_each_other(
    asked,
    item,
    joost,
    hanna,
    spiegel,
    ilse,
    omar,
    moderator,
):
    deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    second = deliver(ask(item, moderator, spiegel), ilse, omar, Verdict.TRUE, at=LATER)

    assert label(item) is not None
    assert effects(second, item) == [("release", "released")]
    assert queries.disagree(queries.checks_on(second.claim))


def test_a_deleted_item_gets_no_label(asked, item, joost, hanna):
    Item.objects.filter(pk=item.pk).update(deleted_at=NOW)

    deliver(asked, joost, hanna, Verdict.UNVERIFIED)

    assert label(item) is None


def test_altered_media_bring_other_items_with_the_same_picture(asked, item, joost, hanna):
    other = make_item("v-3", text="Kijk nou!", election="nl-gr2026")
    unlike = make_item("v-4", text="Kijk nou!", election="nl-gr2026")
    for n, (each, print_) in enumerate(((item, "a" * 64), (other, "a" * 64), (unlike, "b" * 64))):
        Media.objects.create(
            item=each, n=0, kind="image", sha256=print_, original=f"o/{n}", received_at=NOW
        )

    check = deliver(asked, joost, hanna, Verdict.ALTERED, media_categories=["TransformedContent"])

    assert item.jobs.open().exists()
    assert other.jobs.open().exists()
    assert not unlike.jobs.open().exists()
    assert effects(check, other) == [("job", "same_media")]
    assert not Decision.objects.exists()


# --- The clock of what could not be verified ------------------------------------------------


def test_the_partner_is_asked_again_and_the_label_ends_by_itself(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    assert check.recheck_at == NOW + timedelta(hours=24)
    decision = Decision.objects.get()
    assert decision.ends_at == NOW + timedelta(hours=48)

    assert assigning.ask_again(at=NOW + timedelta(hours=23)) == 0
    assert assigning.ask_again(at=NOW + timedelta(hours=25)) == 1
    assert assigning.ask_again(at=NOW + timedelta(hours=26)) == 0

    again = Assignment.objects.get(rechecks=check)
    assert (again.partner, again.state) == (check.partner, AssignmentState.OFFERED)
    assert again.question == "U kon dit toen niet vaststellen. Kunt u het nu?"
    carrying_out.end_due(at=NOW + timedelta(hours=49))
    assert label(item) is None
    assert Event.objects.filter(type="decision.ended").exists()


def test_the_answer_to_the_second_question_is_a_new_version(asked, item, joost, hanna):
    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    at = NOW + timedelta(hours=25)
    assigning.ask_again(at=at)
    again = Assignment.objects.get(rechecks=check)

    assigning.accept_assignment(assignment=again, member=joost, at=at)
    draft = again.claim.drafts.get()
    assert (draft.corrects, draft.verdict, draft.assignment) == (check, Verdict.UNVERIFIED, again)
    words = replace(
        makers.WORDS, claim_text=CLAIM, verdict=Verdict.UNVERIFIED, correction="Nog niets gevonden."
    )
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=joost, at=at)
    checking.submit_draft(draft=draft, member=joost, at=at)
    newer = checking.publish_verdict(draft=draft, revision=2, member=hanna, at=at)
    follow_verdicts(at=at)

    again.refresh_from_db()
    assert (newer.version, newer.series) == (2, check.series)
    assert again.state == AssignmentState.DELIVERED
    assert newer.recheck_at == at + timedelta(hours=24)
    assert item.labels.filter(ended_at=None).count() == 1
    item.refresh_from_db()
    assert item.decision_in_force.fact_check == newer


def test_a_full_partner_is_asked_again_later(asked, item, joost, hanna, lens):
    check = deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    type(lens).objects.filter(pk=lens.pk).update(capacity=0)

    assert assigning.ask_again(at=NOW + timedelta(hours=25)) == 0
    type(lens).objects.filter(pk=lens.pk).update(capacity=1)
    assert assigning.ask_again(at=NOW + timedelta(hours=25)) == 1
    assert FactCheck.objects.get(pk=check.pk).recheck.partner == lens


# --- The policy -----------------------------------------------------------------------------


def changed(verdict, **row):
    content = copy.deepcopy(queries.policy_in_force().content)
    content[verdict] = {**content[verdict], **row}
    return content


def test_a_new_version_of_the_policy_holds_for_what_comes_after(
    asked,
    item,
    joost,
    hanna,
    policy_lead,
):
    policies.write_policy(
        content=changed("missing_context", not_recommended=True),
        note="Tot na de verkiezing strenger.",
        by=policy_lead,
        at=NOW,
    )

    deliver(asked, joost, hanna, Verdict.MISSING_CONTEXT)

    assert label(item).not_recommended
    assert Decision.objects.get().verdict_policy.version == 2
    assert VerdictPolicy.objects.get(version=1).retired_at == NOW


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"false": {"effect": "remove"}},
        lambda: changed("false", effect="remove"),
        lambda: changed("true", effect="label", label="fact-checked", text={"nl": "x", "en": "x"}),
        lambda: changed("unverified", text={"nl": "Alleen Nederlands"}),
        lambda: changed("unverified", text={}),
        lambda: changed("unverified", ends_after_recheck_hours=0),
        lambda: changed("unverified", removes=True),
    ],
)
def test_no_version_removes_or_leaves_words_out(content, policy_lead):
    with pytest.raises(Refused):
        policies.write_policy(
            content=content() if callable(content) else content,
            note="x",
            by=policy_lead,
            at=NOW,
        )


def test_only_those_who_may_write_the_policy(moderator, policy_lead):
    with pytest.raises(Refused):
        policies.write_policy(content=changed("satire"), note="x", by=moderator, at=NOW)
    with pytest.raises(Refused):
        policies.write_policy(content=changed("satire"), note="x", by=policy_lead, at=NOW)


def test_the_first_policy_has_no_problem():
    assert consequences.problems_of(queries.policy_in_force().content) == []


@pytest.mark.parametrize("action", [Action.REMOVE, Action.INELIGIBLE, Action.SUSPEND])
def test_the_database_refuses_a_removal_that_no_person_decided(
    asked,
    item,
    joost,
    hanna,
    action,
):
    deliver(asked, joost, hanna, Verdict.UNVERIFIED)
    row = Decision.objects.get()
    row.pk, row.public_id, row.ends_at, row.label_kind = None, uuid.uuid4(), None, None
    row.action = action
    with (
        pytest.raises(IntegrityError, match="decision_of_nobody_only_labels"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
