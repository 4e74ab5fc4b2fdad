"""The partner portal in a browser: axe, narrow screens, and a whole check by keyboard."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factcheck.choices import ClaimantKind, Harm
from factcheck.models import Assignment, Draft, FactCheck, Membership
from factcheck.services import assigning, checking, claims, corrections, indexing
from integrity.people.choices import Role
from integrity.people.models import User
from moderation.models import Job
from moderation.services import assessing, recalling
from tests.e2e.test_accessible import problems
from tests.factcheck import makers
from tests.factories import make_election, make_item, make_job, make_user
from tests.signing_in import PASSWORD

POTLOOD = "De rode potloden in het stembureau zijn uit te gummen."
STEMPASSEN = "Partij A heeft zelf stempassen laten drukken."
BLANCO = "Blanco stemmen gaan naar de grootste partij."


@dataclass(slots=True)
class Portal:
    """Who works at De Lens, and what lies there."""

    joost: Membership
    hanna: Membership
    lead: User
    offered: Assignment
    asked: Assignment
    draft: Draft
    published: FactCheck
    correction: Draft
    job: Job


@pytest.fixture
def portal(transactional_db) -> Portal:
    """An afternoon at a fact-check partner, eight days before an election."""
    now = timezone.now()
    day = now + timedelta(days=8)
    election = make_election("nl-gr2026", first_day=day.date().isoformat())
    lens = makers.make_partner("Redactie De Lens", contract_terms="Antwoord in het Nederlands.")
    joost = makers.make_member(lens, "joost", admin=True)
    hanna = makers.make_member(lens, "hanna")
    joost.user.set_password(PASSWORD)
    joost.user.save()
    lead = make_user("noor@waarborg.example", alias="Noor", roles=[Role.POLICY_LEAD])
    spiegel = makers.make_partner("Redactie De Spiegel", website="https://despiegel.example")
    ilse, omar = (makers.make_member(spiegel, name) for name in ("ilse", "omar"))

    def claim(text, **changes):
        return makers.make_claim(text, election=election, **changes)

    busy = claim(makers.APP, harm=Harm.HIGH)
    for n in range(3):
        makers.make_exhibit(
            busy,
            source_id=f"i-{n}",
            text="Hoi! Je kunt dit jaar stemmen met de app, zegt @kiesgek_77. Bel 0612345678.",
            span=(5, 38),
            views=71_300 - n,
        )
    accepted = assigning.accept_assignment(
        assignment=makers.make_assignment(busy, lens, at=now - timedelta(hours=3)),
        member=joost,
        at=now - timedelta(hours=2),
    )
    draft = checking.save_draft(
        draft=accepted.draft, words=makers.WORDS, revision=1, member=joost, at=now
    )
    party = claim(STEMPASSEN, claimant_kind=ClaimantKind.PARTY, claimant="Partij B")
    offered = makers.make_assignment(party, lens, at=now)
    asked = makers.make_assignment(claim(BLANCO), lens, at=now)
    assigning.ask_back(
        assignment=asked, question="Over welke verkiezing gaat dit?", member=hanna, at=now
    )
    checked = claim(
        POTLOOD, claimant_kind=ClaimantKind.CANDIDATE, claimant="J. de Vries", party="Partij B"
    )
    words = replace(
        makers.WORDS,
        claim_text=POTLOOD,
        truth="Het potlood is niet zomaar uit te gummen, en de stembus blijft dicht.",
    )
    at = now - timedelta(days=1)
    published = makers.publish(
        makers.make_assignment(checked, lens, at=at), joost, hanna, words=words, at=at
    )
    makers.publish(
        makers.make_assignment(checked, spiegel, at=at),
        ilse,
        omar,
        words=replace(words, verdict="partly_false"),
        at=at,
    )
    correction = checking.open_correction(check=published, member=joost, at=now)
    corrections.request_correction(
        check=published, text="De datum klopt niet.", requester="lezer@example.org", at=now
    )
    claims.propose_claim(
        claim=claims.ClaimIn("In Borne was de stembus al vol.", "nl", election=election),
        reason="Gaat hard rond in Twente.",
        member=hanna,
        at=now,
    )
    indexing.index_claims(at=now)
    item = make_item(
        text="Die rode potloden van het stembureau gum je zo uit, echt waar!",
        election="nl-gr2026", posted_at=now - timedelta(hours=1), at=now,
    )  # fmt: skip
    assessing.assess_owed(now=lambda: now)
    recalling.recall_owed(now=lambda: now)
    job = make_job(item, at=now)
    return Portal(joost, hanna, lead, offered, asked, draft, published, correction, job)


def addresses(portal) -> dict[str, str]:
    return {
        "inbox": reverse("partner_inbox"),
        "offered": reverse("partner_assignment", args=[portal.offered.public_id]),
        "desk": reverse("partner_assignment", args=[portal.draft.assignment.public_id]),
        "correction": reverse("partner_draft", args=[portal.correction.public_id]),
        "checks": reverse("partner_checks"),
        "check": reverse("partner_check", args=[portal.published.public_id]),
        "effect": reverse("partner_check_effect", args=[portal.published.public_id]),
        "import": reverse("partner_import"),
        "propose": reverse("partner_propose"),
        "organisation": reverse("partner_organisation"),
        "terms": reverse("partner_terms"),
        "not found": reverse("partner_check", args=[portal.offered.public_id]),
    }


def desk_addresses(portal) -> dict[str, str]:
    """The platform's own pages about claims and partners."""
    return {
        "claims": reverse("claims"),
        "with partners": reverse("claims") + "?shelf=partners",
        "checked": reverse("claims") + "?shelf=checked",
        "new claim": reverse("claim_new"),
        "rules": reverse("claim_rules"),
        "claim": reverse("claim", args=[portal.offered.claim.public_id]),
        "asked back": reverse("claim", args=[portal.asked.claim.public_id]),
        "claim checked": reverse("claim", args=[portal.published.claim.public_id]),
        "claim in items": reverse("claim_places", args=[portal.published.claim.public_id]),
        "job with a known claim": reverse("job", args=[portal.job.public_id]),
        "partners": reverse("desk_partners"),
        "partner": reverse("desk_partner", args=[portal.offered.partner.public_id]),
    }


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_the_claims_pages(sign_in, portal, language, scheme):
    page = sign_in(portal.lead, language=language, scheme=scheme)

    found = {}
    for name, address in desk_addresses(portal).items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_no_claims_page_is_wider_than_the_screen(sign_in, portal, width):
    page = sign_in(portal.lead, width=width, height=900)

    too_wide = {}
    for name, address in desk_addresses(portal).items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_in_the_portal(sign_in, portal, language, scheme):
    page = sign_in(portal.joost.user, language=language, scheme=scheme)

    found = {}
    for name, address in addresses(portal).items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_no_page_of_the_portal_is_wider_than_the_screen(sign_in, portal, width):
    page = sign_in(portal.joost.user, width=width, height=900)

    too_wide = {}
    for name, address in addresses(portal).items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


def test_a_check_is_written_and_handed_in_without_a_mouse(sign_in, portal):
    page = sign_in(portal.joost.user, width=1280, height=900)
    page.goto(reverse("partner_inbox"))

    # The second row: the claim that was just offered.
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{portal.offered.public_id}/")
    page.keyboard.press("a")
    page.wait_for_selector("#verdict")
    page.keyboard.press("1")
    for name, words in {
        "assessment": "Onjuist: de gemeente drukt de stempassen.",
        "truth": "Alleen de gemeente stuurt stempassen.",
        "facts": "De Kieswet laat het drukken aan de gemeente.",
        "evidence-0-url": "https://www.kiesraad.nl/",
        "evidence-0-publisher": "Kiesraad",
    }.items():
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                break
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")

    page.get_by_text("Ingeleverd. Een collega kijkt nu en publiceert.").wait_for()
    draft = Draft.objects.get(assignment=portal.offered)
    assert (draft.verdict, draft.submitted_by) == ("false", portal.joost)
    assert draft.evidence[0]["publisher"] == "Kiesraad"


def test_what_is_written_saves_itself_and_changes_the_preview(sign_in, portal):
    page = sign_in(portal.joost.user, width=1280, height=900)
    page.goto(reverse("partner_assignment", args=[portal.draft.assignment.public_id]))

    page.fill("[name=truth]", "Er is geen app om mee te stemmen.")

    page.locator("#preview").get_by_text("Er is geen app om mee te stemmen.").wait_for()
    portal.draft.refresh_from_db()
    assert portal.draft.truth == "Er is geen app om mee te stemmen."
