"""A verdict is written by one checker, published by another, and from then on theirs alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from factcheck import queries
from factcheck.choices import AssignmentState, MediaCategory, Verdict
from factcheck.models import Draft, Evidence, FactCheck, RatingWord, VerdictPublished
from factcheck.services import assigning, checking
from integrity.audit.models import AuditEvent
from integrity.outbox.models import Event
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW, SOURCE, WORDS

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_publishing_delivers_the_assignment_and_tells_everybody(assignment, joost, hanna):
    check = makers.publish(assignment, joost, hanna)

    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.DELIVERED
    assert (check.first_checker, check.second_checker) == (joost, hanna)
    assert check.rating_words == "Onjuist"
    assert [row.as_json() for row in check.evidence.all()] == [SOURCE]
    assert VerdictPublished.objects.get().fact_check == check
    event = Event.objects.get(type="verdict.published")
    assert event.payload["verdict"] == "false"
    assert set(check.receipts.values_list("consumer", flat=True)) == {"page", "feed"}
    assert not Draft.objects.exists()
    assert AuditEvent.objects.filter(verb="verdict.published").count() == 1


def test_the_partners_own_word_is_published_and_kept(assignment, lens, joost, hanna):
    RatingWord.objects.create(partner=lens, verdict="false", language="nl", words="Niet waar")
    check = makers.publish(assignment, joost, hanna)
    RatingWord.objects.update(words="Onzin")

    check.refresh_from_db()
    assert check.rating_words == "Niet waar"


def test_one_person_cannot_publish_what_they_handed_in(assignment, joost, hanna):
    draft = makers.make_draft(assignment, joost)
    for member, code in ((hanna, "one"), (joost, "one")):
        with pytest.raises(Refused) as error:
            checking.publish_verdict(draft=draft, revision=2, member=member, at=NOW)
        assert error.value.refusal.code == code

    checking.submit_draft(draft=draft, member=joost, at=NOW)
    with pytest.raises(Refused) as error:
        checking.publish_verdict(draft=draft, revision=2, member=joost, at=NOW)
    assert error.value.refusal.code == "own"


def test_a_change_after_handing_in_needs_a_new_second_look(assignment, joost, hanna):
    draft = makers.make_draft(assignment, joost)
    checking.submit_draft(draft=draft, member=joost, at=NOW)
    changed = checking.save_draft(
        draft=draft, words=replace(WORDS, truth="Er is geen stem-app."), revision=2,
        member=joost, at=NOW,
    )  # fmt: skip

    assert changed.submitted_by is None
    with pytest.raises(Refused) as error:
        checking.publish_verdict(draft=draft, revision=3, member=hanna, at=NOW)
    assert error.value.refusal.code == "one"


def test_saving_the_same_words_changes_nothing(assignment, joost):
    draft = makers.make_draft(assignment, joost)
    checking.submit_draft(draft=draft, member=joost, at=NOW)

    same = checking.save_draft(draft=draft, words=WORDS, revision=2, member=joost, at=LATER)

    assert (same.revision, same.submitted_by) == (2, joost)


def test_a_stale_form_does_not_overwrite_a_colleague(assignment, joost, hanna):
    draft = makers.make_draft(assignment, joost)

    with pytest.raises(Refused) as error:
        checking.save_draft(draft=draft, words=WORDS, revision=1, member=hanna, at=NOW)

    assert error.value.refusal.code == "draft_changed"
    assert "Joost" in str(error.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verdict": ""}, "missing_verdict"),
        ({"claim_text": " "}, "missing_claim_text"),
        ({"truth": ""}, "missing_truth"),
        ({"assessment": ""}, "missing_assessment"),
        ({"facts": ""}, "missing_facts"),
        ({"evidence": []}, "missing_evidence"),
        ({"verdict": Verdict.TRUE_ELSEWHERE}, "missing_applies_in"),
        ({"verdict": Verdict.ALTERED}, "missing_media_categories"),
        (
            {"media_categories": [MediaCategory.ORIGINAL, MediaCategory.EDITED]},
            "contradictory_categories",
        ),
    ],
)
def test_an_unfinished_check_is_not_handed_in(assignment, joost, change, code):
    draft = makers.make_draft(assignment, joost, words=replace(WORDS, **change))

    with pytest.raises(Refused) as error:
        checking.submit_draft(draft=draft, member=joost, at=NOW)

    assert error.value.refusal.code == code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**SOURCE, "url": "javascript:alert(1)"}, "evidence_url"),
        ({**SOURCE, "url": "ftp://kiesraad.nl/x"}, "evidence_url"),
        ({**SOURCE, "archive_url": "file:///etc/passwd"}, "evidence_url"),
        ({**SOURCE, "publisher": " "}, "evidence"),
        ({**SOURCE, "kind": "rumour"}, "evidence"),
        ({**SOURCE, "accessed_on": "gisteren"}, "evidence_date"),
    ],
)
def test_evidence_is_checked_as_text(row, code):
    with pytest.raises(Refused) as error:
        checking.clean_evidence([row])

    assert error.value.refusal.code == code


def test_what_cannot_be_verified_is_looked_at_again(assignment, joost, hanna):
    words = replace(WORDS, verdict=Verdict.UNVERIFIED, evidence=[])

    check = makers.publish(assignment, joost, hanna, words=words)

    assert check.recheck_at == NOW + timedelta(hours=24)


def test_a_correction_is_a_new_version_and_says_why(assignment, joost, hanna):
    check = makers.publish(assignment, joost, hanna)
    draft = checking.open_correction(check=check, member=hanna, at=LATER)
    assert checking.open_correction(check=check, member=joost, at=LATER) == draft
    words = replace(WORDS, verdict=Verdict.PARTLY_FALSE)
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=hanna, at=LATER)
    with pytest.raises(Refused) as error:
        checking.submit_draft(draft=draft, member=hanna, at=LATER)
    assert error.value.refusal.code == "missing_correction"

    words = replace(words, correction="De app bestaat, maar telt geen stemmen.")
    draft = checking.save_draft(draft=draft, words=words, revision=2, member=hanna, at=LATER)
    checking.submit_draft(draft=draft, member=hanna, at=LATER)
    corrected = checking.publish_verdict(draft=draft, revision=3, member=joost, at=LATER)

    assert (corrected.version, corrected.corrects, corrected.series) == (2, check, check.series)
    assert [c.version for c in queries.versions_of(check.series)] == [2, 1]
    assert list(FactCheck.objects.current()) == [corrected]
    assert Event.objects.get(type="verdict.corrected").payload["corrects"] == str(check.public_id)
    check.refresh_from_db()
    assert check.verdict == "false"


def test_two_partners_may_disagree_and_both_are_shown(
    claim, assignment, spiegel, joost, hanna, ilse, omar
):
    makers.publish(assignment, joost, hanna)
    other = makers.make_assignment(claim, spiegel)
    makers.publish(other, ilse, omar, words=replace(WORDS, verdict=Verdict.MISSING_CONTEXT))

    checks = queries.checks_on(claim)

    assert [c.verdict for c in checks] == ["false", "missing_context"]
    assert queries.disagree(checks)


def test_another_organisation_neither_writes_nor_corrects(assignment, joost, hanna, ilse):
    draft = makers.make_draft(assignment, joost)
    for verb in (
        lambda: checking.save_draft(draft=draft, words=WORDS, revision=2, member=ilse, at=NOW),
        lambda: checking.submit_draft(draft=draft, member=ilse, at=NOW),
        lambda: checking.publish_verdict(draft=draft, revision=2, member=ilse, at=NOW),
    ):
        with pytest.raises(Refused) as error:
            verb()
        assert error.value.refusal.code == "forbidden"

    checking.submit_draft(draft=draft, member=joost, at=NOW)
    check = checking.publish_verdict(draft=draft, revision=2, member=hanna, at=NOW)
    with pytest.raises(Refused) as error:
        checking.open_correction(check=check, member=ilse, at=NOW)
    assert error.value.refusal.code == "forbidden"


def test_work_given_back_is_taken_up_again(assignment, claim, lens, joost, hanna):
    draft = makers.make_draft(assignment, joost)
    assigning.decline_assignment(assignment=assignment, reason="Ziek", member=joost, at=NOW)
    with pytest.raises(Refused) as error:
        checking.save_draft(draft=draft, words=WORDS, revision=2, member=joost, at=NOW)
    assert error.value.refusal.code == "closed"

    again = makers.make_assignment(claim, lens)
    accepted = assigning.accept_assignment(assignment=again, member=hanna, at=LATER)

    assert accepted.draft == draft
    assert accepted.draft.truth == WORDS.truth


@pytest.mark.parametrize(
    "change",
    [
        lambda check: FactCheck.objects.filter(pk=check.pk).update(verdict="true"),
        lambda check: FactCheck.objects.filter(pk=check.pk).update(truth="Er is een app."),
        lambda check: FactCheck.objects.filter(pk=check.pk)._raw_delete("default"),
        lambda check: Evidence.objects.filter(fact_check=check).update(url="https://x.example/"),
        lambda check: Evidence.objects.filter(fact_check=check).delete(),
        lambda check: check.receipts.update(effect="nothing"),
        lambda check: check.assignment.events.update(note="anders"),
    ],
)
def test_nobody_changes_what_was_published(assignment, joost, hanna, change):
    check = makers.publish(assignment, joost, hanna)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(check)


def test_the_superuser_changes_nothing_either(assignment, joost, hanna):
    check = makers.publish(assignment, joost, hanna)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE factcheck_factcheck SET rating_words = 'Juist' WHERE id = %s", [check.pk]
        )


def test_a_verdict_is_followed_once(assignment, joost, hanna):
    makers.publish(assignment, joost, hanna)
    VerdictPublished.objects.update(followed_at=NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        VerdictPublished.objects.update(followed_at=LATER)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "unheard of"},
        {"truth": ""},
        {"rating_words": ""},
        {"verdict": Verdict.TRUE_ELSEWHERE},
        {"verdict": Verdict.UNVERIFIED},
        {"version": 2},
        {"second_checker_id": None},
    ],
)
def test_the_database_refuses_half_a_verdict(assignment, joost, hanna, change):
    check = makers.publish(assignment, joost, hanna)
    fields = {
        f.attname: getattr(check, f.attname)
        for f in FactCheck._meta.concrete_fields
        if f.attname not in ("id", "public_id", "series", "claim_id")
    }
    other = makers.make_claim("Rode potloden zijn uit te gummen.")

    with pytest.raises(IntegrityError), transaction.atomic():
        FactCheck.objects.create(**{**fields, "claim": other, **change})


def test_the_database_refuses_one_checker_in_two_roles(assignment, joost, hanna):
    check = makers.publish(assignment, joost, hanna)
    other = makers.make_claim("Rode potloden zijn uit te gummen.")

    with pytest.raises(IntegrityError, match="factcheck_two_checkers"), transaction.atomic():
        FactCheck.objects.create(
            claim=other, partner=check.partner, claim_text="x", truth="y", verdict="false",
            rating_words="Onjuist", origin="portal", first_checker=joost, second_checker=joost,
            published_at=NOW,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_second_checkers_publish_once(assignment, joost, hanna, lens):
    third = makers.make_member(lens, "noor")
    draft = makers.make_draft(assignment, joost)
    checking.submit_draft(draft=draft, member=joost, at=NOW)

    def publish(member):
        try:
            checking.publish_verdict(draft=draft, revision=2, member=member, at=NOW)
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(publish, [hanna, third]))

    assert sorted(outcomes) == ["done", "published"]
    assert FactCheck.objects.count() == 1
