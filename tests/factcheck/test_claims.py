"""A claim is one sentence, filed once; its exhibits carry nothing of the poster."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from PIL import Image

from factcheck import queries
from factcheck.choices import ClaimState
from factcheck.models import Claim, Claimant, Exhibit
from factcheck.redaction import redact
from factcheck.services import assigning, claims
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW
from tests.factories import make_election

pytestmark = pytest.mark.django_db


def test_the_same_sentence_is_one_claim():
    one = makers.make_claim("Stemmen kan met een app!")
    two = makers.make_claim("stemmen kan  met een APP.")

    assert one == two


def test_another_date_number_or_election_is_another_claim():
    election = make_election()
    made = {
        makers.make_claim("De stembureaus sluiten om 21.00 uur.").pk,
        makers.make_claim("De stembureaus sluiten om 20.00 uur.").pk,
        makers.make_claim("De stembureaus sluiten om 21.00 uur.", election=election).pk,
    }

    assert len(made) == 3


def test_a_partners_proposal_waits_for_the_platform(joost, moderator, lens):
    claim = claims.propose_claim(
        claim=claims.ClaimIn(text="De rode potloden zijn leeg.", language="nl"),
        reason="Gaat rond in drie gemeenten",
        member=joost,
        at=NOW,
    )
    assert list(queries.triage_queue()) == [claim]
    with pytest.raises(Refused) as error:
        makers.make_assignment(claim, lens)
    assert error.value.refusal.code == "not_open"

    claims.accept_proposal(claim=claim, by=moderator, at=NOW)

    assert makers.make_assignment(claim, lens).claim == claim
    with pytest.raises(Refused) as error:
        claims.dismiss_claim(claim=claim, reason="Te laat", by=moderator, at=NOW)
    assert error.value.refusal.code == "not_proposed"


def test_dismissing_needs_a_reason_and_a_right(joost, moderator):
    claim = claims.propose_checkworthy(
        claim=claims.ClaimIn(text="Er lagen 15 containers met stemmen.", language="nl"),
        score=0.8, reason="9.000 weergaven", at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused):
        claims.dismiss_claim(claim=claim, reason="Nee", by=joost.user, at=NOW)
    with pytest.raises(Refused):
        claims.dismiss_claim(claim=claim, reason="", by=moderator, at=NOW)

    dismissed = claims.dismiss_claim(claim=claim, reason="Een mening", by=moderator, at=NOW)

    assert dismissed.state == ClaimState.DISMISSED


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail piet@voorbeeld.nl nu", "mail [e-mail] nu"),
        ("zegt @kiesgek_77 hier", "zegt [account] hier"),
        ("bel 06-12345678.", "bel [phone]."),
        ("bel +31 6 1234 5678!", "bel [phone]!"),
        ("op NL91ABNA0417164300", "op [iban]"),
        ("bsn 123456782", "[bsn]"),
        ("van Jan Stemmer zelf", "van [account] zelf"),
        ("op 18 maart 2026 om 21.00 uur", "op 18 maart 2026 om 21.00 uur"),
        ("15.000 stemmen in GM0344", "15.000 stemmen in GM0344"),
    ],
)
def test_private_data_is_taken_out(text, hidden):
    assert redact(text, private_words=["Jan Stemmer"])[0] == hidden


@pytest.mark.parametrize("before", ["", "@iemand_lang: ", "mail a@b.nl of bel 06-12345678 "])
def test_the_span_stays_on_the_same_words(before):
    words = "je mag twee vakjes kleuren"
    text = f"{before}{words}, zegt @ander"

    hidden, span = redact(text, span=(len(before), len(before) + len(words)))

    assert hidden[slice(*span)] == words


def test_a_picture_loses_its_location(claim):
    picture = Image.new("RGB", (64, 48), "red")
    exif = picture.getexif()
    exif[0x8825] = {1: "N", 2: (52.0, 5.0, 0.0)}
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)

    exhibit = makers.make_exhibit(claim, picture=content.getvalue())

    with default_storage.open(exhibit.media) as kept, Image.open(kept) as shown:
        assert not shown.getexif()
        assert shown.size == (64, 48)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a", b"\xff\xd8\xff\xe0half"])
def test_what_is_no_picture_is_refused(claim, content):
    with pytest.raises(Refused) as error:
        makers.make_exhibit(claim, picture=content)
    assert error.value.refusal.code == "not_a_picture"


def test_sharing_twice_is_one_exhibit_with_the_newest_views(claim):
    first = makers.make_exhibit(claim, views=100)
    second = makers.make_exhibit(claim, views=900)

    assert first.pk == second.pk
    assert second.views == 900


def test_a_partner_sees_only_what_was_sent_to_it(claim, assignment, joost, ilse):
    exhibit = makers.make_exhibit(claim)

    assert queries.exhibit_for(joost, exhibit.public_id) == exhibit
    assert queries.exhibit_for(ilse, exhibit.public_id) is None
    assert queries.assignment_for(ilse, assignment.public_id) is None

    claims.withdraw_exhibits(source_id="item-1", at=NOW)
    assert queries.exhibit_for(joost, exhibit.public_id) is None


def test_who_gave_an_assignment_back_sees_its_exhibits_no_more(claim, assignment, joost):
    exhibit = makers.make_exhibit(claim)
    given = assigning.recuse(assignment=assignment, reason="Eigen belang", member=joost, at=NOW)

    assert queries.exhibit_for(joost, exhibit.public_id) is None
    assert not queries.exhibits_for(given).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"proposition": {"key": "voting_day"}},
        {"proposition_key": "voting_day"},
        {"state": "dismissed"},
        {"checkworthiness": 1.2},
        {"text": ""},
    ],
)
def test_the_database_refuses_half_a_claim(claim, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**change)


def test_the_database_refuses_half_an_exhibit(claim):
    exhibit = makers.make_exhibit(claim)
    for change in ({"text": ""}, {"span_start": 5}, {"media": "x.jpg"}, {"second_from": -1.0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exhibit.objects.filter(pk=exhibit.pk).update(**change)


def test_an_unknown_claimant_is_no_row(claim):
    assert claim.claimant is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Claimant.objects.create(kind="unknown", name="iemand")


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_sentence_file_one_claim():
    def file(_):
        try:
            return makers.make_claim().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(file, range(4)))) == 1
