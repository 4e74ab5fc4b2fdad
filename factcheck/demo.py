"""The demo's fact-check partners: two organisations, what they were asked, and one check."""

from datetime import date, datetime, timedelta

from elections.models import Election
from factcheck.choices import ClaimTopic, EvidenceKind, Harm, MemberRole, Verdict
from factcheck.models import Membership, Partner
from factcheck.services import assigning, checking, claims, partners

LENS = partners.Agreed(
    name="Redactie De Lens",
    website="https://delens.example",
    languages=["nl", "en"],
    contract_from=date(2024, 1, 1),
    contract_terms="Twee checkers zien elke check. Antwoord in het Nederlands of Engels.",
)
SPIEGEL = partners.Agreed(
    name="Redactie De Spiegel",
    website="https://despiegel.example",
    languages=["nl"],
    contract_from=date(2025, 6, 1),
    topics=[ClaimTopic.FRAUD, ClaimTopic.RESULT],
    capacity=3,
)
BLANK = "Wie blanco stemt geeft zijn stem aan de grootste partij."
PENCIL = "Het potlood in het stembureau kun je uitgummen, en 's nachts passen ze je stem aan."
RESULT = "De uitslag staat al vast voordat de stemmen zijn geteld."
ABROAD = "Stembiljetten uit het buitenland worden niet meegeteld."
CHECK = checking.CheckIn(
    claim_text=BLANK,
    verdict=Verdict.FALSE,
    truth="Een blanco stem gaat naar geen enkele partij; hij telt alleen mee voor de opkomst.",
    assessment="Onjuist. Blanco stemmen worden bij geen partij opgeteld.",
    facts=(
        "Een blanco stem is een geldige stem zonder keuze. Hij telt mee voor de opkomst en niet "
        "voor een partij, dus ook niet voor de grootste."
    ),
    article_url="https://delens.example/checks/blanco-stemmen",
    evidence=[
        {
            "kind": EvidenceKind.OFFICIAL,
            "url": "https://wetten.overheid.nl/BWBR0004627/",
            "publisher": "Kieswet, artikel N 7",
            "accessed_on": "2026-03-16",
        }
    ],
)


def load(
    *, election: str, lens: tuple[str, str], spiegel: tuple[str], at: datetime
) -> list[Partner]:
    """Add the demo's partners with their people, once and no more."""
    known = Partner.objects.filter(name__in=[LENS.name, SPIEGEL.name])
    if known.exists():
        return list(known)
    first, second = (partners.add_partner(agreed=a, by=None, at=at) for a in (LENS, SPIEGEL))
    people = [_member(first, email, at=at) for email in lens]
    Membership.objects.filter(pk=people[1].pk).update(role=MemberRole.CHECKER)
    for email in spiegel:
        _member(second, email, at=at)
    _ask(first, people, Election.objects.get(slug=election), at=at)
    return [first, second]


def _member(partner: Partner, email: str, *, at: datetime) -> Membership:
    alias = email.split("@", maxsplit=1)[0].capitalize()
    return partners.add_first_member(partner=partner, email=email, alias=alias, by=None, at=at)


def _ask(lens: Partner, people: list[Membership], election: Election, *, at: datetime) -> None:
    def file(text: str, topic: ClaimTopic, harm: Harm = Harm.NORMAL) -> claims.ClaimIn:
        return claims.ClaimIn(text, "nl", topic=topic, election=election, harm=harm)

    early = at - timedelta(hours=20)
    checked = claims.file_claim(claim=file(BLANK, ClaimTopic.PROCEDURE), by=None, at=early)
    asked = assigning.ask_partner(
        claim=checked, partner=lens, question="Gaat een blanco stem naar een partij?", by=None,
        at=early,
    )  # fmt: skip
    draft = assigning.accept_assignment(assignment=asked, member=people[0], at=early).draft
    draft = checking.save_draft(
        draft=draft, words=CHECK, revision=draft.revision, member=people[0], at=early
    )
    draft = checking.submit_draft(draft=draft, member=people[0], at=early)
    checking.publish_verdict(draft=draft, revision=draft.revision, member=people[1], at=early)
    for text, topic, harm, question in (
        (RESULT, ClaimTopic.RESULT, Harm.HIGH, "Wie stelt de uitslag vast, en wanneer?"),
        (PENCIL, ClaimTopic.FRAUD, Harm.NORMAL, "Is het potlood uit te gummen?"),
    ):
        claim = claims.file_claim(claim=file(text, topic, harm), by=None, at=at)
        made = assigning.ask_partner(claim=claim, partner=lens, question=question, by=None, at=at)
        if harm == Harm.HIGH:
            assigning.accept_assignment(assignment=made, member=people[0], at=at)
    claims.propose_claim(
        claim=file(ABROAD, ClaimTopic.FRAUD),
        reason="Gaat rond in groepen van Nederlanders in het buitenland.",
        member=people[0],
        at=at,
    )
