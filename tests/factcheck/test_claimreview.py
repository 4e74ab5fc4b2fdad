"""ClaimReview and MediaReview: what we write others can read, and what others write is checked."""

from datetime import date

import pytest

from factcheck import claimreview
from factcheck.choices import DEFAULT_WORDS, Verdict
from factcheck.reading import rows_of

ROW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://delens.example/checks/twee-bolletjes",
    "claimReviewed": "Je moet twee bolletjes rood kleuren",
    "datePublished": "2026-03-17",
    "inLanguage": "nl",
    "headline": "In de meeste gemeenten kleur je één vakje",
    "author": {"@type": "Organization", "name": "De Lens"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "onbekend"}},
    "reviewRating": {
        "@type": "Rating", "ratingValue": 3, "worstRating": 1, "bestRating": 5,
        "alternateName": "Ontbrekende context",
    },
}  # fmt: skip
HOSTS = ["delens.example"]


def said(**changes) -> claimreview.Said:
    given = {
        "url": "https://delens.example/checks/app",
        "claim": "Stemmen kan met een app",
        "verdict": "false",
        "rating": "Onjuist",
        "truth": "Stemmen kan alleen op papier.",
        "publisher": "De Lens",
        "publisher_url": "https://delens.example",
        "published_on": date(2026, 3, 10),
        "language": "nl",
        **changes,
    }
    return claimreview.Said(**given)


def problems(**changes) -> list[str]:
    found = claimreview.read({**ROW, **changes}, words={}, hosts=HOSTS)
    return [p.field for p in found] if isinstance(found, list) else []


def test_a_review_has_what_readers_of_claimreview_require():
    review = claimreview.claim_review(
        said(claimant="Partij A", claimant_kind="party", first_seen_on=date(2026, 3, 9))
    )

    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == "Stemmen kan met een app"
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": "Onjuist", "ratingValue": 1, "worstRating": 1,
        "bestRating": 5, "ratingExplanation": "Stemmen kan alleen op papier.",
    }  # fmt: skip
    assert review["itemReviewed"]["author"] == {"@type": "PoliticalParty", "name": "Partij A"}
    assert review["author"]["url"] == "https://delens.example"


@pytest.mark.parametrize("verdict", ["unverified", "satire"])
def test_what_has_no_number_is_rated_in_words_only(verdict):
    rating = claimreview.claim_review(said(verdict=verdict))["reviewRating"]

    assert "ratingValue" not in rating
    assert rating["alternateName"]


def test_a_media_review_exists_only_where_media_were_judged():
    assert claimreview.media_review(said()) is None
    review = claimreview.media_review(
        said(media_categories=["TransformedContent"], media_original_url="https://x.example/o")
    )

    assert review["mediaAuthenticityCategory"] == ["TransformedContent"]
    assert review["associatedClaimReview"]["url"] == "https://delens.example/checks/app"


@pytest.mark.parametrize("verdict", [v for v in Verdict if v != Verdict.TRUE_ELSEWHERE])
def test_what_we_write_we_can_read_back(verdict):
    row = claimreview.claim_review(said(verdict=verdict, rating=DEFAULT_WORDS[verdict]["nl"]))

    read = claimreview.read(row, words={}, hosts=HOSTS)

    assert read.verdict == verdict
    assert read.claim == "Stemmen kan met een app"


def test_a_feed_holds_both_reviews_and_can_be_read_again():
    entries = [said(media_categories=["StagedContent"])]
    body = claimreview.feed(entries, at=claimreview.datetime(2026, 3, 10, tzinfo=claimreview.UTC))
    types = [item["@type"] for item in body["dataFeedElement"][0]["item"]]

    rows, problem = rows_of(body)

    assert types == ["ClaimReview", "MediaReview"]
    assert problem == ""
    assert [row["@type"] for row in rows] == ["ClaimReview"]


def test_a_good_row_is_read():
    read = claimreview.read(ROW, words={}, hosts=HOSTS)

    assert read.verdict == Verdict.MISSING_CONTEXT
    assert read.claimant == ""
    assert read.published_at.isoformat() == "2026-03-17T00:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"@type": "Article"}, ["@type"]),
        ({"claimReviewed": " "}, ["claimReviewed"]),
        ({"claimReviewed": "x" * 1001}, ["claimReviewed"]),
        ({"claimReviewed": ["a"]}, ["claimReviewed"]),
        ({"url": "javascript:alert(1)"}, ["url"]),
        ({"url": "https://evil.example/checks"}, ["url"]),
        ({"url": "https://evildelens.example/"}, ["url"]),
        ({"url": "http://[::1"}, ["url"]),
        ({"url": None}, ["url"]),
        ({"datePublished": "17 maart"}, ["datePublished"]),
        ({"datePublished": ""}, ["datePublished"]),
        ({"reviewRating": {}}, ["reviewRating"]),
        ({"reviewRating": {"alternateName": "Vier Pinokkio's"}}, ["reviewRating"]),
        ({"reviewRating": {"ratingValue": 9, "worstRating": 1, "bestRating": 5}}, ["reviewRating"]),
        ({"reviewRating": {"ratingValue": 1, "worstRating": 5, "bestRating": 5}}, ["reviewRating"]),
        ({"reviewRating": "Onjuist"}, ["reviewRating"]),
        (
            {"associatedMediaReview": {"mediaAuthenticityCategory": ["OriginalMediaContent", "StagedContent"]}},
            ["associatedMediaReview"],
        ),
        (
            {"associatedMediaReview": {"mediaAuthenticityCategory": "Photoshopped"}},
            ["associatedMediaReview"],
        ),
        ({"claimReviewed": "", "url": "", "datePublished": ""}, ["claimReviewed", "url", "datePublished"]),
    ],
)  # fmt: skip
def test_a_bad_row_says_which_field_and_all_at_once(changes, fields):
    assert problems(**changes) == fields


@pytest.mark.parametrize("row", [None, "x", 3, [], [[]]])
def test_what_is_no_object_is_said_so(row):
    assert isinstance(claimreview.read(row, words={}), list)


@pytest.mark.parametrize(
    ("rating", "verdict"),
    [
        ({"alternateName": "Klopt niet"}, "false"),
        ({"alternateName": "ONJUIST."}, "false"),
        ({"ratingValue": "1", "worstRating": "1", "bestRating": "5"}, "false"),
        ({"ratingValue": 100, "worstRating": 0, "bestRating": 100}, "true"),
        ({"ratingValue": 4, "worstRating": 1, "bestRating": 5}, "missing_context"),
    ],
)
def test_a_verdict_is_found_in_words_or_numbers(rating, verdict):
    row = {**ROW, "reviewRating": rating}

    read = claimreview.read(row, words={"klopt niet": Verdict.FALSE}, hosts=HOSTS)

    assert read.verdict == verdict
