"""What the public reads: the truth first, with sources, corrections and machine-readable reviews."""

import json
import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factcheck.choices import Verdict
from factcheck.models import CorrectionRequest, FactCheck
from factcheck.services import checking, corrections, importing
from integrity.outbox.models import Purge
from integrity.people import open_forms
from integrity.refusals import Refused
from tests.factcheck import makers
from tests.factcheck.makers import NOW, WORDS
from tests.factcheck.test_claimreview import ROW
from tests.factcheck.test_portal import at_the_portal
from tests.factories import make_election

pytestmark = pytest.mark.django_db


@pytest.fixture
def election(db):
    cache.clear()
    return make_election()


@pytest.fixture
def check(election, lens, joost, hanna):
    claim = makers.make_claim(election=election)
    return makers.publish(makers.make_assignment(claim, lens), joost, hanna)


def page_of(check, **query):
    address = reverse("fact_check", args=["nl-gr2026", check.series])
    return Client().get(address, query)


def test_the_truth_stands_before_the_claim(check):
    page = page_of(check).content.decode()

    body = page[page.index("<main") :]
    assert body.index(WORDS.truth) < body.index(WORDS.claim_text)
    assert "<h1" in body[: body.index(WORDS.truth)]
    assert "Kiesraad" in body
    assert "Joost" not in page
    assert "Hanna" not in page


def test_the_page_carries_its_claimreview(check):
    page = page_of(check).content.decode()

    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1]
    review = json.loads(block)[0]
    assert review["@type"] == "ClaimReview"
    assert review["reviewRating"]["alternateName"] == "Onjuist"


def test_hostile_words_cannot_leave_the_json(election, lens, joost, hanna):
    claim = makers.make_claim("Hoi </script><script>alert(1)</script>", election=election)
    words = replace(WORDS, claim_text=claim.text, truth='"</script><b>&amp;')
    check = makers.publish(makers.make_assignment(claim, lens), joost, hanna, words=words)

    page = page_of(check).content.decode()

    assert "<script>alert" not in page
    block = re.search(r'ld\+json">(.*?)</script>', page, re.S)[1]
    assert json.loads(block)[0]["claimReviewed"] == claim.text


def test_a_correction_takes_the_place_and_the_old_version_stays_in_the_log(check, joost, hanna):
    draft = checking.open_correction(check=check, member=joost, at=NOW)
    words = replace(WORDS, verdict=Verdict.PARTLY_FALSE, correction="De app telt geen stemmen.")
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=joost, at=NOW)
    checking.submit_draft(draft=draft, member=joost, at=NOW)
    checking.publish_verdict(draft=draft, revision=2, member=hanna, at=NOW)

    page = page_of(check).content.decode()
    feed = Client().get(reverse("election_fact_check_feed", args=["nl-gr2026"])).json()

    assert "De app telt geen stemmen." in page
    assert "Onjuist" in page
    ratings = [e["item"][0]["reviewRating"]["alternateName"] for e in feed["dataFeedElement"]]
    assert ratings == ["Grotendeels onjuist"]


def test_disagreement_is_shown_and_not_averaged(check, spiegel, ilse, omar):
    other = makers.make_assignment(check.claim, spiegel)
    makers.publish(other, ilse, omar, words=replace(WORDS, verdict=Verdict.MISSING_CONTEXT))

    page = page_of(check, lang="en").content.decode()
    listed = Client().get(reverse("fact_or_fiction", args=["nl-gr2026"])).content.decode()

    assert "Onjuist" in page
    assert "Ontbrekende context" in page
    assert "do not agree" in page
    assert listed.count("<h2 lang") == 1


def test_pages_that_do_not_exist_are_not_found(check):
    for path in (
        "/nl-tk2099/checks/",
        "/nl-tk2099/checks.json",
        f"/nl-tk2099/checks/{check.series}/",
        f"/nl-gr2026/checks/{check.public_id}/",
    ):
        assert Client().get(path).status_code == 404, path


def test_an_empty_list_says_so(election):
    page = Client().get(reverse("fact_or_fiction", args=["nl-gr2026"]), {"lang": "en"})

    assert "No fact-check about this election" in page.content.decode()


def test_anybody_asks_for_a_correction_and_the_answer_is_public(check, joost, hanna):
    address = reverse("ask_correction", args=["nl-gr2026", check.series])
    client = Client()
    opened = {"opened": open_forms.stamp()}
    assert client.post(address, {**opened, "text": ""}).status_code == 422
    given = {"text": "De app bestaat wel.", "requester": "kiezer@voorbeeld.nl"}
    assert client.post(address, given).status_code == 422, "never opened here"
    assert client.post(address, {**given, **opened}).status_code == 302
    assert client.cookies == {}
    request = CorrectionRequest.objects.get()
    with pytest.raises(Refused) as error:
        corrections.answer_request(
            request=request, corrected=True, answer="Verbeterd", member=joost, at=timezone.now()
        )
    assert error.value.refusal.code == "not_corrected"

    answered = reverse("partner_answer_request", args=[request.public_id])
    at_the_portal(joost).post(answered, {"answer": "Die app is een enquête."})

    page = page_of(check).content.decode()
    assert "Die app is een enquête." in page
    assert "kiezer@voorbeeld.nl" not in page


def test_another_partner_does_not_answer(check, ilse):
    request = corrections.request_correction(check=check, text="Fout", requester="", at=NOW)
    answered = reverse("partner_answer_request", args=[request.public_id])

    assert at_the_portal(ilse).post(answered, {"answer": "Ja"}).status_code == 404
    with pytest.raises(Refused):
        corrections.answer_request(
            request=request, corrected=False, answer="Ja", member=ilse, at=NOW
        )


def test_rows_are_taken_in_once_and_each_bad_row_says_why(joost):
    rows = [
        ROW,
        {**ROW, "claimReviewed": ""},
        ROW,
        {**ROW, "reviewRating": {"alternateName": "Onjuist"}},
    ]
    later = NOW + timezone.timedelta(days=30)

    results = importing.import_reviews(rows=rows, member=joost, at=later)

    assert [r.status for r in results] == ["created", "error", "unchanged", "error"]
    check = FactCheck.objects.get()
    assert (check.origin, check.first_checker) == ("imported", None)
    again = importing.import_reviews(rows=[ROW], member=joost, at=later)
    assert [r.status for r in again] == ["unchanged"]


def test_a_check_of_the_future_or_of_elsewhere_is_refused(joost):
    future = importing.import_reviews(rows=[ROW], member=joost, at=NOW)
    elsewhere = {**ROW, "reviewRating": {"alternateName": "Geldt alleen elders"}}
    later = NOW + timezone.timedelta(days=30)

    assert [p.field for p in future[0].problems] == ["datePublished"]
    found = importing.import_reviews(rows=[elsewhere], member=joost, at=later)
    assert [p.field for p in found[0].problems] == ["reviewRating"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (json.dumps([ROW]).encode(), 200),
        (json.dumps(ROW).encode(), 200),
        (b"\xff\xfe not json", 422),
        (b"{", 422),
        (b"3", 422),
        (b"[" * 100_000, 422),
    ],
)
def test_a_file_is_read_or_explained(joost, content, status):
    file = SimpleUploadedFile("checks.json", content, "application/json")

    answer = at_the_portal(joost).post(reverse("partner_import"), {"file": file})

    assert answer.status_code == status


def test_the_page_of_facts_has_the_checks_after_what_is_official(check):
    page = Client().get("/nl-gr2026/facts/", {"lang": "en"})
    body = page.content.decode()

    assert body.index("First the fact, then what goes around.") < body.index(WORDS.truth)
    assert body.index(WORDS.truth) < body.index(WORDS.claim_text)
    assert reverse("fact_check", args=["nl-gr2026", check.series]) in body
    assert page["Surrogate-Key"] == "elections election-nl-gr2026"


def test_a_verdict_is_told_to_the_cdn(check, settings, joost, hanna):
    settings.CDN_PURGE_URL = "https://cdn.example/purge"
    draft = checking.open_correction(check=check, member=joost, at=NOW)
    words = replace(WORDS, verdict=Verdict.PARTLY_FALSE, correction="Eén ding klopte niet.")
    draft = checking.save_draft(draft=draft, words=words, revision=1, member=joost, at=NOW)
    checking.submit_draft(draft=draft, member=joost, at=NOW)
    checking.publish_verdict(draft=draft, revision=2, member=hanna, at=NOW)

    assert Purge.objects.get().keys == ["election-nl-gr2026"]
