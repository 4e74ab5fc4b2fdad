"""A partner's verdict comes back to the items in which the claim stands."""

from dataclasses import replace

import pytest

from factcheck.choices import ClaimTopic, Verdict
from factcheck.models import Exhibit, VerdictPublished
from factcheck.services import assigning, checking
from integrity.refusals import Refused
from moderation.models import Appearance, Signal
from moderation.services import appearing
from moderation.services.following_verdicts import follow_verdicts
from tests.factcheck import makers
from tests.factcheck.conftest import hanna, joost, lens  # noqa: F401
from tests.factories import NOW, make_election, make_item

pytestmark = pytest.mark.django_db
SAID = "Hoi van @kiesgek_77: je kunt dit jaar met een app stemmen!"


@pytest.fixture
def item(db):
    make_election()
    return make_item("v-1", text=SAID, election="nl-gr2026")


@pytest.fixture
def asked(item, lens, moderator):  # noqa: F811
    return appearing.ask_about(
        item=item,
        asked=appearing.Asked(
            sentence=makers.APP,
            topic=ClaimTopic.PROCEDURE,
            span=(SAID.index("je kunt"), len(SAID)),
        ),
        by=moderator,
        at=NOW,
    )


def deliver(assignment, first, second, **changes):
    return makers.publish(assignment, first, second, words=replace(makers.WORDS, **changes), at=NOW)


def signals(item):
    return list(
        Signal.objects.filter(item=item, source="fact_check", superseded_at=None).values_list(
            "verdict", "because"
        )
    )


def test_a_moderator_asks_and_the_partner_sees_no_poster(asked, item, lens):  # noqa: F811
    exhibit = Exhibit.objects.get()

    assert asked.partner == lens
    assert "kiesgek_77" not in exhibit.text
    assert exhibit.parts[1].startswith("je kunt dit jaar")
    assert Appearance.objects.get().item == item


def test_a_span_outside_the_text_or_a_stranger_is_refused(item, lens, moderator, partner_member):  # noqa: F811
    for by, span in ((moderator, (0, 9999)), (partner_member, (0, 5))):
        with pytest.raises(Refused):
            appearing.ask_about(
                item=item, asked=appearing.Asked(makers.APP, span=span), by=by, at=NOW
            )
    assert not Exhibit.objects.exists()


def test_false_brings_the_job_with_the_verdict_on_top(asked, item, joost, hanna):  # noqa: F811
    check = deliver(asked, joost, hanna)

    assert follow_verdicts(at=NOW) == 1
    assert follow_verdicts(at=NOW) == 0

    assert signals(item) == [("contradicts", "Redactie De Lens: Onjuist")]
    assert item.jobs.open().count() == 1
    assert check.receipts.get(consumer="job").effect == "back_on_top"
    assert VerdictPublished.objects.get().followed_at == NOW


def test_true_leaves_no_signal_and_is_counted(asked, item, joost, hanna):  # noqa: F811
    check = deliver(asked, joost, hanna, verdict=Verdict.TRUE)

    follow_verdicts(at=NOW)

    assert signals(item) == []
    assert check.receipts.filter(consumer_id=str(item.public_id)).count() == 1


def test_what_cannot_be_verified_is_no_contradiction(asked, item, joost, hanna):  # noqa: F811
    deliver(asked, joost, hanna, verdict=Verdict.UNVERIFIED)

    follow_verdicts(at=NOW)

    assert [verdict for verdict, _why in signals(item)] == ["unverifiable"]


def test_a_correction_takes_the_earlier_verdict_back_everywhere(asked, item, joost, hanna):  # noqa: F811
    check = deliver(asked, joost, hanna)
    follow_verdicts(at=NOW)
    draft = checking.open_correction(check=check, member=joost, at=NOW)
    words = replace(makers.WORDS, verdict=Verdict.TRUE, correction="De app bestaat nu wel.")
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=joost, at=NOW)
    checking.submit_draft(draft=draft, member=joost, at=NOW)
    corrected = checking.publish_verdict(draft=draft, revision=2, member=hanna, at=NOW)

    assert follow_verdicts(at=NOW) == 1

    assert signals(item) == []
    assert corrected.receipts.filter(consumer_id=str(item.public_id)).exists()


def test_a_correction_before_the_first_was_followed_speaks_alone(asked, item, joost, hanna):  # noqa: F811
    check = deliver(asked, joost, hanna)
    draft = checking.open_correction(check=check, member=joost, at=NOW)
    words = replace(makers.WORDS, verdict=Verdict.TRUE, correction="Wij vergisten ons.")
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=joost, at=NOW)
    checking.submit_draft(draft=draft, member=joost, at=NOW)
    checking.publish_verdict(draft=draft, revision=2, member=hanna, at=NOW)

    assert follow_verdicts(at=NOW) == 2

    assert signals(item) == []


def test_an_item_without_the_claim_is_left_alone(asked, joost, hanna):  # noqa: F811
    other = make_item("v-2", text="Vergeet je stempas niet.", election="nl-gr2026")
    deliver(asked, joost, hanna)

    follow_verdicts(at=NOW)

    assert signals(other) == []
    assert assigning.watch_deadlines(at=NOW) == 0
