"""Partners, claims and checks for tests, in real election words."""

from datetime import UTC, date, datetime, timedelta

from factcheck.choices import ClaimTopic, MemberRole, Verdict
from factcheck.models import Assignment, Claim, Draft, FactCheck, Membership, Partner
from factcheck.services import assigning, checking, claims, partners
from integrity.people.models import User

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
APP = "Kiezers kunnen op 18 maart 2026 met een app stemmen."
SOURCE = {
    "kind": "official",
    "url": "https://www.kiesraad.nl/stemmen",
    "archive_url": "https://web.archive.org/web/2026/https://www.kiesraad.nl/stemmen",
    "publisher": "Kiesraad",
    "excerpt": "Stemmen kan alleen in een stembureau.",
    "accessed_on": "2026-03-10",
}
WORDS = checking.CheckIn(
    claim_text=APP,
    verdict=Verdict.FALSE,
    truth="Stemmen kan alleen in een stembureau, op papier.",
    assessment="Onjuist. Er bestaat geen app van de overheid om te stemmen.",
    facts="De Kieswet kent alleen stemmen op papier. De afbeelding komt uit een reclame.",
    article_url="https://delens.example/checks/stemmen-met-een-app",
    evidence=[SOURCE],
)


def make_partner(name: str = "Redactie De Lens", *, by: User | None = None, **changes) -> Partner:
    """An organisation under contract."""
    given = {
        "languages": ["nl"],
        "contract_from": date(2024, 1, 1),
        "website": "https://delens.example",
        **changes,
    }
    return partners.add_partner(agreed=partners.Agreed(name=name, **given), by=by, at=NOW)


def make_member(partner: Partner, alias: str, *, admin: bool = False) -> Membership:
    """Somebody who works there."""
    row = partners.add_first_member(
        partner=partner,
        email=f"{alias}@{partner.name.split()[-1].lower()}.example",
        alias=alias.capitalize(),
        by=None,
        at=NOW,
    )
    if not admin:
        Membership.objects.filter(pk=row.pk).update(role=MemberRole.CHECKER)
    return Membership.objects.select_related("partner", "user").get(pk=row.pk)


def make_claim(text: str = APP, **changes) -> Claim:
    """A claim that is open for checking."""
    given = {"language": "nl", "topic": ClaimTopic.PROCEDURE, **changes}
    return claims.file_claim(claim=claims.ClaimIn(text=text, **given), by=None, at=NOW)


def make_exhibit(claim: Claim, *, source_id: str = "item-1", text: str = APP, **changes):
    """A copy of a place where the claim stands."""
    return claims.share_exhibit(
        claim=claim,
        exhibit=claims.ExhibitIn(
            source_id=source_id, text=text, posted_at=NOW - timedelta(hours=3), **changes
        ),
        at=NOW,
    )


def make_assignment(claim: Claim, partner: Partner, *, at: datetime = NOW, **changes) -> Assignment:
    """The claim, sent to the partner."""
    return assigning.ask_partner(
        claim=claim, partner=partner, question="Bestaat deze app?", by=None, at=at, **changes
    )


def make_draft(
    assignment: Assignment,
    member: Membership,
    *,
    words: checking.CheckIn = WORDS,
    at: datetime = NOW,
) -> Draft:
    """An accepted assignment with a finished draft."""
    accepted = assigning.accept_assignment(assignment=assignment, member=member, at=at)
    return checking.save_draft(draft=accepted.draft, words=words, revision=1, member=member, at=at)


def publish(
    assignment: Assignment,
    first: Membership,
    second: Membership,
    *,
    words: checking.CheckIn = WORDS,
    at: datetime = NOW,
) -> FactCheck:
    """The whole way from offer to publication."""
    draft = make_draft(assignment, first, words=words, at=at)
    draft = checking.submit_draft(draft=draft, member=first, at=at)
    return checking.publish_verdict(draft=draft, revision=draft.revision, member=second, at=at)
