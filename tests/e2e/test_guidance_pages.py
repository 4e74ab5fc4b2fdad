"""The guidance in a browser: axe, narrow screens, both languages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from elections import services
from elections.models import Election
from elections.packs import read_election_packs
from guidance.choices import FileKind
from guidance.models import GuidancePage
from guidance.proofs import Document
from guidance.services import accounts, delivering, helping, taking_over
from guidance.services.accounts import AccountIn
from guidance.services.helping import HelpIn
from guidance.services.taking_over import FileIn
from integrity.people.choices import Role
from tests.e2e.test_accessible import problems
from tests.e2e.test_voter_pages import PACKS
from tests.elections.test_import_eml import TWO_LISTS
from tests.factories import make_user

PAGES = {
    "front": "/guidance/",
    "safe": "/guidance/veilig/",
    "rules": "/guidance/regels/",
    "labels": "/guidance/labels-en-weghalen/",
    "calendar": "/guidance/kalender/",
    "contact": "/guidance/wie-bel-je/",
    "changes": "/guidance/changes/",
    "help": "/guidance/help/",
    "account": "/guidance/official-account/",
    "briefings": "/guidance/briefings/",
}


@pytest.fixture
def guidance(transactional_db):
    pack = read_election_packs(PACKS / "nl-gr2026.json")[0]
    services.load_pack(pack=pack, by=None, at=timezone.now())
    delivering.deliver_pages(at=timezone.now())


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_a_page_of_guidance(open_page, guidance, language, scheme):
    page = open_page(language=language, scheme=scheme)

    found = {}
    for name, address in PAGES.items():
        page.goto(f"{address}?lang={language}")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_of_guidance_is_wider_than_the_screen(open_page, guidance, width):
    page = open_page(width=width, height=844)

    too_wide = {}
    for name, address in PAGES.items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


@pytest.fixture
def lead(transactional_db):
    """Somebody who sees every page of the parties' desk."""
    return make_user("lead@waarborg.example", alias="Daan", roles=[Role.ELECTION_LEAD])


@pytest.fixture
def desk(guidance, lead, settings, tmp_path):
    """A call for help, a request with proof and a compared file."""
    settings.MEDIA_ROOT = tmp_path
    common = {"organisation": "Lokaal Belang", "account": "@lb", "email": "info@lb.example"}
    now = timezone.now()
    call = helping.ask_help(said=HelpIn(kind="takeover", what="Weg.", **common), at=now)
    helping.take_help(call=call, by=lead, at=now)
    asked = accounts.ask_account(
        said=AccountIn(kind="party", contact="Noor", **common),
        documents=[Document("lijst.pdf", b"%PDF-1.7")],
        at=now,
    )
    said = FileIn(FileKind.EML, "lijsten.eml.xml", TWO_LISTS, "Gemeente Utrecht")
    election = Election.objects.get(slug="nl-gr2026")
    file = taking_over.hand_in(election=election, said=said, by=lead, at=now)
    taking_over.work_on_files(clock=timezone.now)
    return {
        "calls": reverse("party_desk"),
        "call": reverse("help_call", args=[call.public_id]),
        "accounts": reverse("account_desk"),
        "request": reverse("account_check", args=[asked.public_id]),
        "files": reverse("official_files"),
        "new file": reverse("hand_in_file"),
        "file": reverse("official_file", args=[file.public_id]),
    }


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_the_parties_desk(sign_in, desk, lead, language, scheme):
    page = sign_in(lead, language=language, scheme=scheme)

    found = {}
    for name, address in desk.items():
        page.goto(address)
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_the_parties_desk_is_wider_than_the_screen(sign_in, desk, lead, width):
    page = sign_in(lead, width=width, height=900)

    too_wide = {}
    for name, address in desk.items():
        page.goto(address)
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has

    assert too_wide == {}


def test_a_party_asks_for_help_without_script_and_reads_what_happens(open_page, guidance):
    page = open_page(width=390)
    page.goto("/guidance/veilig/")
    page.get_by_role("link", name="Vraag hulp met voorrang").first.click()
    page.get_by_label("Iemand heeft ons account overgenomen").check()
    page.get_by_label("Welke partij of kandidaat?").fill("Lokaal Belang Utrecht")
    page.get_by_label("Je account").fill("@lokaalbelang")
    page.get_by_label("Wat is er aan de hand?").fill("We kunnen niet meer inloggen.")
    page.get_by_label("Je e-mailadres").fill("info@lokaalbelang.example")
    page.get_by_role("button", name="Vraag hulp").click()

    assert "Een mens heeft gekeken vóór" in page.inner_text("main")
    assert page.context.cookies(page.url) == [
        c for c in page.context.cookies() if "language" in c["name"]
    ]


def test_an_author_opens_a_page_in_the_editor_and_the_editor_works(sign_in, guidance, lead):
    page = sign_in(lead)
    found = GuidancePage.objects.get(slug="regels")

    page.goto(reverse("wagtailadmin_pages:edit", args=[found.pk]))
    page.wait_for_selector("[data-contentpath='body'] [data-streamfield-child]")

    assert page.locator("[data-contentpath='body'] [data-streamfield-child]").count() >= 5
