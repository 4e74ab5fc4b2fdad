"""There is one door: no other form takes a password, wherever a library brings one along."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import make_user
from tests.signing_in import PASSWORD, make_second_factor, sign_in

pytestmark = pytest.mark.django_db


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the house that needs no argument."""
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        elif isinstance(pattern, URLPattern) and not set(path) & set("<^$()\\"):
            yield path


@pytest.fixture
def editor(db):
    """Somebody whom both editors would let in."""
    user = make_user("eva@waarborg.example", alias="Eva")
    user.is_staff = user.is_superuser = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def test_no_address_of_the_house_takes_a_password_alone(editor):
    make_second_factor(editor)
    fields = {"username": editor.email, "login": editor.email, "password": PASSWORD}
    let_in = []

    every = sorted({path for path in addresses(get_resolver()) if "login" in path})
    for path in every:
        client = Client(raise_request_exception=False)
        client.post(path, fields)
        if "_auth_user_id" in client.session:
            let_in.append(path)

    assert {"/admin/login/", "/cms/login/", "/accounts/login/"} <= set(every)
    assert let_in == []


@pytest.mark.parametrize("room", ["/admin/", "/cms/"])
def test_the_editors_send_to_the_house_s_door_and_back(client, editor, room):
    make_second_factor(editor)

    answer = client.get(f"{room}login/?next={room}")
    inside = client.get(room, follow=True)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={room}")
    assert inside.redirect_chain[-1][0] == f"/accounts/login/?next={room}"


@pytest.mark.parametrize("room", ["/admin/", "/cms/"])
def test_whoever_came_in_by_two_factors_is_in_the_editors_too(client, editor, room):
    sign_in(client, editor)

    assert client.get(room).status_code == 200


@pytest.mark.parametrize("room", ["/admin/", "/cms/"])
def test_a_moderator_has_no_business_in_the_editors(client, moderator, room):
    sign_in(client, moderator)

    assert client.get(room).status_code != 200


@pytest.mark.parametrize("page", ["/cms/password_reset/", "/cms/password_reset/done/"])
def test_the_page_editor_resets_no_password(client, page):
    assert client.get(page).status_code == 404
