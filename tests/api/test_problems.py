"""What goes wrong is told in one shape and one language, whatever goes wrong."""

import pytest
from django.urls import reverse

from tests.api.conftest import Platform, row

EMPTY_ERRORS: list[dict] = []


def problem_of(answer) -> dict:
    """The body of a problem; it is JSON whatever happened."""
    assert answer["Content-Type"] == "application/json", answer.content[:200]
    body = answer.json()
    assert set(body) == {"detail", "code", "errors"}
    return body


@pytest.mark.parametrize("path", ["nothing", "itemss", "items/", "items/post-1/media/", "%00"])
def test_an_address_that_leads_nowhere_is_a_problem_not_a_page(path, platform):
    answer = platform.get(path)

    assert answer.status_code == 404
    assert problem_of(answer)["code"] == "not_found"


def test_an_older_or_newer_version_of_the_api_is_not_there(platform):
    answer = platform.client.get("/api/v2/items", headers=platform.headers)

    assert answer.status_code == 404
    assert problem_of(answer)["errors"] == EMPTY_ERRORS


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "items"),
        ("PUT", "items"),
        ("GET", "traction"),
        ("PATCH", "items/post-1"),
        ("POST", "actions"),
        ("OPTIONS", "reports"),
    ],
)
def test_another_method_is_said_to_be_wrong_with_those_that_are_right(method, path, platform):
    answer = platform.send(path, {}, method=method)

    assert answer.status_code == 405
    assert problem_of(answer)["code"] == "method_not_allowed"
    assert answer["Allow"]


def test_a_fault_of_ours_is_a_problem_without_what_happened(platform, monkeypatch, caplog):
    def breaks(*_args, **_named):
        raise RuntimeError("wachtwoord=geheim")

    monkeypatch.setattr("moderation.services.intake.accept_items", breaks)

    answer = platform.send("items", [row()])

    assert answer.status_code == 500
    assert problem_of(answer)["code"] == "error"
    assert b"geheim" not in answer.content


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ("items=1", "application/x-www-form-urlencoded", 415),
        ("", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(body, kind, status, platform):
    answer = platform.send("items", body, kind=kind)

    assert answer.status_code == status
    assert problem_of(answer)["detail"]


def test_no_key_a_wrong_key_and_too_small_a_key_are_told_apart(db, client):
    nobody = client.get("/api/v1/items/post-1")
    wrong = client.get("/api/v1/items/post-1", headers={"Authorization": "Bearer wb_niets"})
    small = Platform().get("items/post-1")

    assert [a.status_code for a in (nobody, wrong, small)] == [401, 401, 403]
    assert all(problem_of(answer)["detail"] for answer in (nobody, wrong, small))


def test_a_head_request_needs_what_reading_needs(platform):
    platform.send("items", [row()])

    answer = platform.client.head("/api/v1/items/post-1", headers=platform.headers)

    assert answer.status_code == 200
    assert not answer.content


@pytest.mark.parametrize("language", ["nl", "en", "de", "xx;q=foo"])
def test_engineers_read_one_language_whatever_their_browser_asks(language, platform):
    headers = platform.headers | {"Accept-Language": language}

    answer = platform.client.delete("/api/v1/items", headers=headers)

    assert answer.json()["detail"] == 'Method "DELETE" not allowed.'


def test_people_still_get_a_page(client, db):
    answer = client.get("/nergens/heen/", headers={"Accept-Language": "nl"})

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_the_description_is_readable_without_a_key(client, db):
    assert client.get(reverse("api_schema")).status_code == 200
