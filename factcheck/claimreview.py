"""schema.org's ClaimReview and MediaReview: writing them, and reading what others wrote. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from factcheck.choices import (
    CONTRADICTS_ORIGINAL,
    DEFAULT_WORDS,
    RATING_VALUE,
    ClaimantKind,
    MediaCategory,
    Verdict,
)

WORST, BEST = 1, 5
CLAIM_AT_MOST = 1000

_KIND_OF_TYPE = {
    "Organization": ClaimantKind.MEDIA,
    "NewsMediaOrganization": ClaimantKind.MEDIA,
    "PoliticalParty": ClaimantKind.PARTY,
    "Person": ClaimantKind.ACCOUNT,
}
_TYPE_OF_KIND = {
    ClaimantKind.PARTY: "PoliticalParty",
    ClaimantKind.CANDIDATE: "Person",
    ClaimantKind.MEDIA: "NewsMediaOrganization",
    ClaimantKind.ACCOUNT: "Person",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A published check, in the words that a ClaimReview needs."""

    url: str
    claim: str
    verdict: str
    rating: str
    truth: str
    publisher: str
    publisher_url: str
    published_on: date
    language: str
    claimant_kind: str = ClaimantKind.UNKNOWN
    claimant: str = ""
    first_seen_on: date | None = None
    media_categories: Sequence[str] = ()
    media_context: str = ""
    media_original_url: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of one row, and what would be right."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Read:
    """A ClaimReview of somebody else, in our words."""

    claim: str
    url: str
    verdict: Verdict
    rating: str
    published_at: datetime
    language: str
    headline: str = ""
    claimant_kind: str = ClaimantKind.UNKNOWN
    claimant: str = ""
    media_categories: tuple[str, ...] = field(default=())
    media_context: str = ""
    media_original_url: str = ""


def claim_review(said: Said) -> dict[str, Any]:
    """Write the ClaimReview of a check; a verdict without a number has no rating in numbers."""
    item: dict[str, Any] = {"@type": "Claim"}
    if said.claimant:
        kind = _TYPE_OF_KIND.get(ClaimantKind(said.claimant_kind), "Thing")
        item["author"] = {"@type": kind, "name": said.claimant}
    if said.first_seen_on:
        item["datePublished"] = said.first_seen_on.isoformat()
    rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": said.rating,
        "ratingExplanation": said.truth,
    }
    value = RATING_VALUE.get(Verdict(said.verdict))
    if value is not None:
        rating |= {"ratingValue": value, "worstRating": WORST, "bestRating": BEST}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": said.url,
        "claimReviewed": said.claim,
        "datePublished": said.published_on.isoformat(),
        "inLanguage": said.language,
        "author": _publisher(said),
        "itemReviewed": item,
        "reviewRating": rating,
    }


def media_review(said: Said) -> dict[str, Any] | None:
    """Write the MediaReview of a check that says something about media; None otherwise."""
    if not said.media_categories:
        return None
    item: dict[str, Any] = {"@type": "MediaReviewItem"}
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MediaReview",
        "url": said.url,
        "datePublished": said.published_on.isoformat(),
        "inLanguage": said.language,
        "author": _publisher(said),
        "mediaAuthenticityCategory": list(said.media_categories),
        "itemReviewed": item,
        "associatedClaimReview": {"@type": "ClaimReview", "url": said.url},
    }
    if said.media_context:
        review["originalMediaContextDescription"] = said.media_context
    if said.media_original_url:
        review["originalMediaLink"] = said.media_original_url
    return review


def feed(entries: Sequence[Said], *, at: datetime) -> dict[str, Any]:
    """Write the feed of checks as schema.org's DataFeed, the form in which others read them."""
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "dateModified": at.astimezone(UTC).isoformat(),
        "dataFeedElement": [
            {
                "@type": "DataFeedItem",
                "dateCreated": said.published_on.isoformat(),
                "url": said.url,
                "item": [r for r in (claim_review(said), media_review(said)) if r],
            }
            for said in entries
        ],
    }


def read(
    row: Any, *, words: Mapping[str, Verdict], hosts: Sequence[str] = ()
) -> Read | list[Problem]:
    """Read one ClaimReview; return every problem at once when it cannot be used.

    `words` are the publisher's own words by verdict, in lower case; `hosts` are where its
    articles may stand.
    """
    if not isinstance(row, Mapping):
        return [Problem("", _("Each row is a ClaimReview object."))]
    problems: list[Problem] = []
    kind = row.get("@type", "ClaimReview")
    if kind in ("MediaReview", ["MediaReview"]):
        return [
            Problem("@type", _("A MediaReview stands beside a ClaimReview of the same address."))
        ]
    if kind not in ("ClaimReview", ["ClaimReview"]):
        problems.append(Problem("@type", _("This is not a ClaimReview.")))
    claim = _text(row.get("claimReviewed"))
    if not claim:
        problems.append(Problem("claimReviewed", _("The sentence that was checked is missing.")))
    elif len(claim) > CLAIM_AT_MOST:
        problems.append(Problem("claimReviewed", _("At most %(n)s signs.") % {"n": CLAIM_AT_MOST}))
    url = _text(row.get("url"))
    problems += _problems_of_url(url, hosts)
    published = _moment(row.get("datePublished"))
    if published is None:
        problems.append(Problem("datePublished", _("Give a day or moment in ISO 8601.")))
    rating = _mapping(row.get("reviewRating"))
    verdict = _verdict(rating, words)
    if verdict is None:
        known = ", ".join(sorted({w for v in DEFAULT_WORDS.values() for w in v.values()}))
        problems.append(
            Problem(
                "reviewRating",
                _(
                    "'%(said)s' is not a verdict that we know. Use one of your own words, one of "
                    "%(known)s, or ratingValue with worstRating and bestRating."
                )
                % {"said": _text(rating.get("alternateName"))[:60], "known": known},
            )
        )
    categories, category_problem = _categories(row)
    if category_problem:
        problems.append(category_problem)
    media = _mapping(row.get("associatedMediaReview"))
    original = _text(media.get("originalMediaLink"))
    if original:
        problems += [
            Problem(f"associatedMediaReview.{p.field}", p.message)
            for p in _problems_of_url(original, ())
        ]
    if problems or verdict is None or published is None:
        return problems
    author = _mapping(_mapping(row.get("itemReviewed")).get("author"))
    name = _text(author.get("name"))[:200]
    unknown = not name or name.casefold() in {"unknown", "onbekend"}
    return Read(
        claim=claim,
        url=url,
        verdict=verdict,
        rating=_text(rating.get("alternateName"))[:60],
        published_at=published,
        language=_text(row.get("inLanguage"))[:2] or "nl",
        headline=_text(row.get("headline") or row.get("name"))[:300],
        claimant_kind=ClaimantKind.UNKNOWN
        if unknown
        else _KIND_OF_TYPE.get(_text(author.get("@type")), ClaimantKind.ACCOUNT),
        claimant="" if unknown else name,
        media_categories=categories,
        media_context=_text(media.get("originalMediaContextDescription"))[:1000],
        media_original_url=original,
    )


def _publisher(said: Said) -> dict[str, Any]:
    return {"@type": "Organization", "name": said.publisher, "url": said.publisher_url}


def _text(value: Any) -> str:
    return " ".join(value.replace("\0", "").split()) if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        value = value[0]
    return value if isinstance(value, Mapping) else {}


def _problems_of_url(url: str, hosts: Sequence[str]) -> list[Problem]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return [Problem("url", _("This is not a web address."))]
    if parts.scheme not in ("http", "https") or not host or len(url) > 500:
        return [Problem("url", _("Give the address of your article, with https://."))]
    if hosts and not any(host == known or host.endswith(f".{known}") for known in hosts):
        return [Problem("url", _("'%(host)s' is not a site of this publisher.") % {"host": host})]
    return []


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _verdict(rating: Mapping[str, Any], words: Mapping[str, Verdict]) -> Verdict | None:
    said = _text(rating.get("alternateName")).casefold().rstrip(".!")
    known = {
        text.casefold(): verdict
        for verdict, each in DEFAULT_WORDS.items()
        for text in each.values()
    }
    found = words.get(said) or known.get(said)
    return found or _verdict_of_number(rating)


def _verdict_of_number(rating: Mapping[str, Any]) -> Verdict | None:
    try:
        value, worst, best = (
            float(rating[name]) for name in ("ratingValue", "worstRating", "bestRating")
        )
    except (KeyError, TypeError, ValueError):
        return None
    if best <= worst or not worst <= value <= best:
        return None
    at = round(WORST + (value - worst) / (best - worst) * (BEST - WORST))
    # A number cannot say "mostly true" on our scale: four of five lacks context.
    return {
        1: Verdict.FALSE,
        2: Verdict.PARTLY_FALSE,
        3: Verdict.MISSING_CONTEXT,
        4: Verdict.MISSING_CONTEXT,
        5: Verdict.TRUE,
    }[at]


def _categories(row: Mapping[str, Any]) -> tuple[tuple[str, ...], Problem | None]:
    review = _mapping(row.get("associatedMediaReview"))
    given = review.get("mediaAuthenticityCategory", [])
    chosen = [given] if isinstance(given, str) else list(given) if isinstance(given, list) else []
    names = [str(name).rsplit("/", 1)[-1] for name in chosen]
    unknown = [name for name in names if name not in MediaCategory.values]
    if unknown:
        return (), Problem(
            "associatedMediaReview",
            _("'%(name)s' is not a media category.") % {"name": unknown[0][:60]},
        )
    if MediaCategory.ORIGINAL in names and CONTRADICTS_ORIGINAL & set(names):
        return (), Problem(
            "associatedMediaReview",
            _("Media cannot be original and also edited, staged or transformed."),
        )
    return tuple(names), None
