"""Sign-in, second factors, passkeys, keys and deliveries: worked by hand, fit for every screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from integrity.outbox import endpoints
from integrity.outbox.choices import DeliveryState
from integrity.outbox.models import Delivery
from integrity.people import services
from integrity.people.choices import Role, Scope
from integrity.people.codes import valid_codes
from integrity.people.demo import unused_code
from integrity.people.models import User
from tests.e2e.test_accessible import problems
from tests.factories import make_user
from tests.outbox.test_owing import owe, publish
from tests.signing_in import PASSWORD

LONG_ADDRESS = (
    "https://hooks.gemeenteraadsverkiezingen.plein.example/waarborg/v1/berichten/ontvangen"
)


@pytest.fixture(autouse=True)
def _on_this_machine(settings):
    """The tests' server has no certificate: passkeys are made for plain localhost, as in the demo."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


@pytest.fixture
def lead(transactional_db):
    return make_user("noor@waarborg.example", alias="Noor Dekker", roles=[Role.POLICY_LEAD])


@pytest.fixture
def deliveries(transactional_db):
    """Endpoints and messages in every state, with the long names that real ones have."""
    at = timezone.now()
    live, _ = endpoints.register_endpoint(name="Plein", url=LONG_ADDRESS, by=None, at=at)
    off, _ = endpoints.register_endpoint(
        name="Proefomgeving", url="https://proef.example/", by=None, at=at
    )
    for n in range(3):
        publish(f"gemeenteraadsverkiezingen-post-{n}")
    endpoints.disable_endpoint(endpoint=off, reason="Wordt verbouwd.", by=None, at=at)
    dead = Delivery.objects.filter(endpoint=live).first()
    Delivery.objects.filter(pk=dead.pk).update(
        state=DeliveryState.DEAD, next_try_at=None, ended_at=at, tries=11
    )
    owe()
    return live, dead


@contextmanager
def authenticator(page: Page) -> Iterator[str]:
    """Plug a security key into this browser that knows whose finger it is."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    plugged = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield plugged["authenticatorId"]
    devices.send("WebAuthn.disable")


def at_work(url: str) -> bool:
    """Say whether this is the desk, and not the door on the way to it."""
    return urlsplit(url).path.startswith("/desk/")


def give_password(page: Page, user: User, *, path: str = "/accounts/login/?next=/desk/") -> None:
    page.goto(path)
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


def show_again(page: Page) -> None:
    """Answer "is it you?" when it is asked of somebody who has no second factor yet."""
    if "/reauthenticate/" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")


def show_code_again(page: Page, user: User) -> None:
    """Answer "is it you?" with a code of one's app."""
    page.wait_for_url("**/2fa/reauthenticate/**")
    page.fill("input[name=code]", unused_code(user.authenticator_set.get()))
    page.press("input[name=code]", "Enter")
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def set_up_app(page: Page) -> None:
    """Set up an authenticator app from the key on the page."""
    page.goto("/accounts/2fa/totp/activate/")
    show_again(page)
    secret = page.inner_text("#authenticator_secret").strip()
    page.fill("input[name=code]", max(valid_codes(secret))[1])
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/recovery-codes/")


def add_passkey(page: Page, name: str) -> None:
    """Add a passkey through the form; the virtual authenticator says yes."""
    page.goto("/accounts/2fa/webauthn/add/")
    show_again(page)
    page.fill("input[name=name]", name)
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/add/" not in url)


def at_the_door(page: Page, user: User) -> Iterator[str]:
    """Every page and state on the way in and about one's own sign-in."""
    page.goto("/accounts/login/")
    yield "door"
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", "fout-fout-1")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("[role=alert], .errorlist, .banner")
    yield "wrong password"
    give_password(page, user)
    page.wait_for_url("**/accounts/2fa/")
    yield "no second factor yet"
    page.goto("/accounts/2fa/totp/activate/")
    yield "is it you"
    show_again(page)
    page.wait_for_url("**/totp/activate/")
    yield "set up an app"
    page.fill("input[name=code]", "000000")
    page.press("input[name=code]", "Enter")
    page.wait_for_load_state()
    yield "a wrong first code"
    set_up_app(page)
    yield "recovery codes"
    page.goto("/accounts/2fa/")
    yield "second factors"
    page.goto("/accounts/2fa/recovery-codes/generate/")
    yield "new recovery codes"
    page.goto("/accounts/2fa/webauthn/")
    yield "no keys yet"
    page.goto("/accounts/2fa/webauthn/add/")
    yield "add a key"
    with authenticator(page):
        add_passkey(page, "Gemeenteraadsverkiezingentelefoon van Noor Dekker")
        page.goto("/accounts/2fa/webauthn/")
        yield "keys"
        key = Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)
        page.goto(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/")
        yield "name a key"
        page.goto(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
        yield "take a key away"
        for path in ("reauthenticate/", "2fa/reauthenticate/", "2fa/webauthn/reauthenticate/"):
            page.goto(f"/accounts/{path}")
            yield path
        page.goto("/accounts/2fa/totp/deactivate/")
        yield "switch the app off"
        page.goto("/accounts/password/change/")
        yield "another password"
        page.goto("/accounts/logout/")
        yield "sign out"
        page.click("main button[type=submit]")
        give_password(page, user)
        page.wait_for_url("**/2fa/authenticate/**")
        yield "second factor"
        page.fill("input[name=code]", "000000")
        page.press("input[name=code]", "Enter")
        page.wait_for_load_state()
        yield "a wrong code"


def at_the_desk(page: Page, user: User, deliveries: tuple) -> Iterator[str]:
    """Every page and state of keys and deliveries."""
    endpoint, dead = deliveries
    page.goto(reverse("api_keys"))
    yield "no keys yet"
    at = timezone.now()
    services.issue_key(
        name="Plein, productie voor de gemeenteraadsverkiezingen", scopes=list(Scope), by=None,
        at=at, expires_at=at + timedelta(days=90),
    )  # fmt: skip
    gone, _ = services.issue_key(name="Proef", scopes=[Scope.ITEMS_READ], by=None, at=at)
    services.revoke_key(key=gone, by=None, at=at)
    page.goto(reverse("api_keys"))
    yield "keys"
    page.goto(reverse("new_api_key"))
    show_code_again(page, user)
    yield "new key"
    page.click("main form button[type=submit]")
    page.fill("input[name=name]", "Plein")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.click("main form .btn-act")
    page.wait_for_load_state()
    yield "a key for nothing"
    page.check(f"input[value='{Scope.ITEMS_WRITE}']")
    page.click("main form .btn-act")
    page.wait_for_selector(".shown-once")
    yield "the key"
    for name in ("delivery_desk", "owed_messages", "webhook_endpoints"):
        page.goto(reverse(name))
        yield name
    page.goto(reverse("delivery_desk") + "?state=&subject=bestaat-niet")
    yield "no deliveries"
    page.goto(reverse("delivery", args=[dead.public_id]))
    yield "a delivery"
    page.goto(reverse("webhook_endpoint", args=[endpoint.public_id]))
    yield "an endpoint"
    page.click(f"form[action$='/{endpoint.public_id}/rotate/'] button")
    page.wait_for_selector(".shown-once")
    yield "its new secret"
    page.goto(reverse("new_endpoint"))
    page.fill("input[name=name]", "Intern")
    page.fill("input[name=url]", "http://10.0.0.1/")
    page.click("main form .btn-act")
    page.wait_for_load_state()
    yield "an address that is refused"


LOOKS = [("nl", "light", 1280), ("en", "dark", 390), ("nl", "dark", 390), ("en", "light", 1280)]


def found_wrong(page: Page, states: Iterator[str], width: int) -> dict[str, list[str]]:
    """Walk through the states; say where axe finds something or the page is too wide."""
    wrong = {}
    for state in states:
        here = problems(page)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            here.append(f"{wide} pixels wide")
        if here:
            wrong[state] = here
    return wrong


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_sign_in_and_second_factors_fit_every_reader(open_page, lead, language, scheme, width):
    page = open_page(language=language, scheme=scheme, width=width, height=900)

    assert found_wrong(page, at_the_door(page, lead), width) == {}


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_keys_and_deliveries_fit_every_reader(sign_in, lead, deliveries, language, scheme, width):
    page = sign_in(lead, language=language, scheme=scheme, width=width, height=900)

    assert found_wrong(page, at_the_desk(page, lead, deliveries), width) == {}


def test_a_passkey_is_added_and_opens_the_door_by_itself(open_page, lead):
    page = open_page()
    give_password(page, lead)
    with authenticator(page):
        set_up_app(page)
        add_passkey(page, "Telefoon")
        page.goto("/accounts/logout/")
        page.click("main button[type=submit]")

        page.goto("/accounts/login/?next=/desk/")
        page.click("#passkey_login")
        page.wait_for_url(at_work)

    assert Authenticator.objects.filter(user=lead, type="webauthn", last_used_at__gt=lead.joined_at)


def test_a_passkey_is_the_second_factor_too(open_page, lead):
    page = open_page()
    give_password(page, lead)
    with authenticator(page):
        add_passkey(page, "Sleutel")
        page.goto("/accounts/logout/")
        page.click("main button[type=submit]")

        give_password(page, lead)
        page.click("#mfa_webauthn_authenticate")
        page.wait_for_url(at_work)


def test_a_passkey_that_does_not_answer_is_told_and_leaves_the_form_as_it_was(open_page, lead):
    page = open_page(language="en")
    page.goto("/accounts/login/")
    with authenticator(page):  # no passkey of ours is on it
        page.click("#passkey_login")
        page.get_by_text("That did not work").wait_for()

    assert page.url.endswith("/accounts/login/")


def test_another_persons_passkey_opens_nothing(open_page, lead):
    other = make_user("bram@waarborg.example", alias="Bram", roles=[Role.MODERATOR])
    page = open_page()
    give_password(page, lead)
    with authenticator(page):
        add_passkey(page, "Sleutel")
    Authenticator.objects.filter(user=lead).update(user=other)
    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")

    give_password(page, lead)
    page.wait_for_url("**/accounts/2fa/")
    page.goto("/desk/")

    assert page.url.endswith("/accounts/2fa/")


def test_recovery_codes_are_shown_and_can_be_taken_along(open_page, lead):
    page = open_page()
    give_password(page, lead)
    set_up_app(page)

    codes = page.locator("#recovery_codes li").all_inner_texts()

    stored = Authenticator.objects.get(user=lead, type="recovery_codes").wrap()
    assert codes == stored.get_unused_codes()
    assert len(codes) == 10
