"""Colleagues sign in with two factors; nobody else gets past the door."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from integrity.encryption import decrypt
from integrity.people import demo
from integrity.people.choices import Role
from integrity.people.codes import valid_codes
from integrity.people.models import UsedCode
from integrity.refusals import Refused
from tests.signing_in import PASSWORD, make_second_factor, sign_in, step_up

pytestmark = pytest.mark.django_db

# A page that only a signed-in colleague sees, whatever else the desk has.
INSIDE = "/desk/settings/keys/"


def test_a_colleague_comes_in_with_password_and_code(client, policy_lead):
    sign_in(client, policy_lead)

    assert client.get(INSIDE).status_code == 200


def test_the_password_alone_opens_nothing(client, policy_lead):
    make_second_factor(policy_lead)

    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})

    assert client.get(INSIDE).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_colleague_without_second_factor_is_sent_to_set_one_up(client, policy_lead):
    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})

    answer = client.get(INSIDE)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("mfa_index")


def test_the_second_factor_is_set_up_on_the_screen_and_lies_sealed(client, policy_lead):
    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})
    step_up(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = dict(valid_codes(secret))[int(time.time()) // 30]

    client.post("/accounts/2fa/totp/activate/", {"code": code})

    factor = Authenticator.objects.get(user=policy_lead, type=Authenticator.Type.TOTP)
    assert secret not in factor.data["secret"]
    assert decrypt(factor.data["secret"]) == secret
    assert client.get(INSIDE).status_code == 200
    # What proved the set-up, somebody may have seen: it opens nothing afterwards.
    client.post("/accounts/logout/")
    assert code_opens(client, policy_lead, code) is False


def code_opens(client, user, code: str) -> bool:
    """Try a code after the password, with allauth's own short memory gone."""
    cache.clear()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def test_a_code_opens_the_door_once_for_as_long_as_it_is_valid(client, policy_lead):
    factor = make_second_factor(policy_lead)
    codes = [code for _, code in sorted(valid_codes(decrypt(factor.data["secret"])))]
    assert len(codes) == 3

    opened = []
    for code in [codes[2], codes[2], f" {codes[2][:3]} {codes[2][3:]} ", codes[1], codes[1]]:
        opened.append(code_opens(client, policy_lead, code))
        client.post("/accounts/logout/")

    assert opened == [True, False, False, True, False]


def test_a_code_that_opened_the_door_does_not_serve_again_inside(client, policy_lead):
    factor = make_second_factor(policy_lead)
    code = demo.unused_code(factor)
    assert code_opens(client, policy_lead, code)
    cache.clear()

    answer = client.post("/accounts/2fa/reauthenticate/", {"code": code})

    assert answer.status_code == 200
    assert "al eens gebruikt" in str(answer.context["form"].errors["code"])


def test_a_code_used_by_one_colleague_says_nothing_about_another(client, policy_lead, auditor):
    for user in (policy_lead, auditor):
        make_second_factor(user)
    code = demo.unused_code(Authenticator.objects.get(user=policy_lead))

    for user in (policy_lead, auditor):
        assert code_opens(client, user, code)
        client.post("/accounts/logout/")


def test_the_demo_waits_for_a_code_when_all_that_are_valid_were_used(policy_lead, monkeypatch):
    factor = make_second_factor(policy_lead)
    secret = decrypt(factor.data["secret"])
    used = [counter for counter, _ in valid_codes(secret)]
    UsedCode.objects.bulk_create(
        UsedCode(user=policy_lead, counter=counter, used_at=timezone.now()) for counter in used
    )
    later = time.time() + 30
    monkeypatch.setattr(time, "sleep", lambda _: monkeypatch.setattr(time, "time", lambda: later))

    assert demo.unused_code(factor) == dict(valid_codes(secret))[max(used) + 1]


def test_recovery_codes_open_the_door_once_each(client, policy_lead):
    sign_in(client, policy_lead)
    step_up(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    code = codes.get_unused_codes()[0]
    client.post("/accounts/logout/")

    def try_code():
        client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})
        return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code

    assert try_code() == 302
    client.post("/accounts/logout/")
    assert try_code() == 200


def test_a_wrong_code_is_refused_and_guessing_ends_soon(client, policy_lead):
    make_second_factor(policy_lead)
    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})

    answers = [
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).status_code
        for n in range(12)
    ]

    assert answers[0] == 200
    assert client.get(INSIDE).status_code == 302
    factor = Authenticator.objects.get(user=policy_lead)
    right = client.post("/accounts/2fa/authenticate/", {"code": demo.unused_code(factor)})
    assert right.status_code != 302 or INSIDE not in right["Location"]
    assert "_auth_user_id" not in client.session


def test_guessing_a_password_ends_soon_even_for_who_then_knows_it(client, policy_lead):
    for n in range(6):
        client.post("/accounts/login/", {"login": policy_lead.email, "password": f"fout-{n}-fout"})

    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})

    assert client.get("/accounts/2fa/authenticate/").status_code == 302


def test_an_unknown_address_and_a_wrong_password_read_the_same(client, policy_lead):
    unknown = client.post(
        "/accounts/login/", {"login": "wie@example.org", "password": "fout-fout-1"}
    )
    wrong = client.post("/accounts/login/", {"login": policy_lead.email, "password": "fout-fout-1"})

    assert unknown.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()


def test_capitals_in_the_address_do_not_matter(client, policy_lead):
    make_second_factor(policy_lead)

    answer = client.post(
        "/accounts/login/", {"login": policy_lead.email.upper(), "password": PASSWORD}
    )

    assert answer["Location"].startswith(reverse("mfa_authenticate"))


def test_an_account_that_was_closed_does_not_open(client, policy_lead):
    policy_lead.is_active = False
    policy_lead.save()

    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "email/", "confirm-email/", "password/reset/", "password/set/",
        "password/reset/key/1-set-password/", "login/code/confirm/", "3rdparty/",
        "3rdparty/signup/", "social/signup/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_house_does_not_offer_is_not_there(client, path, method):
    assert getattr(client, method)(f"/accounts/{path}").status_code == 404


def test_after_signing_in_nobody_is_sent_to_another_site(client, policy_lead):
    factor = make_second_factor(policy_lead)
    client.post(
        "/accounts/login/?next=https://evil.example/",
        {"login": policy_lead.email, "password": PASSWORD, "next": "https://evil.example/"},
    )

    answer = client.post("/accounts/2fa/authenticate/", {"code": demo.unused_code(factor)})

    assert "evil.example" not in answer["Location"]


PAGES = [
    "/accounts/2fa/", "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/", "/accounts/password/change/", "/accounts/logout/",
    "/accounts/2fa/reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_page_about_sign_in_wears_the_house_style(client, policy_lead, path, language):
    sign_in(client, policy_lead)
    step_up(client)

    answer = client.get(path, headers={"accept-language": language})

    page = answer.content.decode()
    assert answer.status_code == 200, answer
    assert "people.css" in page
    assert f'lang="{language}"' in page
    assert "<style" not in page
    assert "onclick" not in page


def test_the_password_shows_who_you_are_only_until_there_is_a_second_factor(client, policy_lead):
    client.post("/accounts/login/", {"login": policy_lead.email, "password": PASSWORD})
    before = client.get("/accounts/reauthenticate/")
    make_second_factor(policy_lead)

    after = client.get("/accounts/reauthenticate/")
    posted = client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert "people.css" in before.content.decode()
    assert after["Location"] == posted["Location"] == "/accounts/2fa/reauthenticate/"
    assert not any(
        record.get("reauthenticated") for record in client.session["account_authentication_methods"]
    )


def test_the_door_itself_has_no_inline_script(client, db):
    page = client.get("/accounts/login/").content.decode()

    scripts = [part.split(">")[0] for part in page.split("<script")[1:]]
    assert scripts
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)


def test_the_demo_prints_a_code_that_signs_in_twice_in_a_row(client, settings, capsys):
    settings.DEMO = True
    user = demo.open_demo_account(
        email="noor@demo.example", alias="Noor", roles=[Role.POLICY_LEAD], password=PASSWORD
    )

    for _ in range(2):
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        call_command("demo_code", user.email)
        code = capsys.readouterr().out.strip()
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        assert client.get(INSIDE).status_code == 200
        client.post("/accounts/logout/")


def test_opening_a_demo_account_twice_leaves_one_with_the_same_second_factor(settings):
    settings.DEMO = True

    def opened() -> str:
        user = demo.open_demo_account(
            email="noor@demo.example", alias="Noor", roles=[Role.POLICY_LEAD], password=PASSWORD
        )
        return decrypt(Authenticator.objects.get(user=user).data["secret"])

    assert opened() == opened()


def test_outside_the_demo_no_code_is_printed_and_no_demo_account_opens(policy_lead):
    make_second_factor(policy_lead)

    with pytest.raises(CommandError, match="demo"):
        call_command("demo_code", policy_lead.email)
    with pytest.raises(Refused):
        demo.open_demo_account(
            email="x@demo.example", alias="X", roles=[Role.MODERATOR], password=PASSWORD
        )
