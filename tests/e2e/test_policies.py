"""Pages that others wrote the script of work under the policy they are sent with."""

import pytest

from integrity.people.choices import Role
from tests.factories import make_user


def test_the_description_of_the_api_is_drawn_under_the_strict_policy(open_page):
    page = open_page(language="en")

    answer = page.goto("/api/v1/docs/")
    page.get_by_text("/api/v1/items", exact=True).first.click()
    page.get_by_role("button", name="Try it out").wait_for()

    assert "unsafe" not in answer.headers["content-security-policy"]
    assert page.get_by_text("Send 1 to 1000 items as a JSON array").is_visible()


@pytest.fixture
def editor(transactional_db):
    """Somebody whom both editors let in."""
    user = make_user("eva@waarborg.example", alias="Eva", roles=[Role.POLICY_LEAD])
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.mark.parametrize("address", ["/cms/", "/cms/images/", "/cms/users/", "/cms/documents/"])
def test_the_page_editor_works_under_its_own_policy(sign_in, editor, address):
    page = sign_in(editor, language="en")

    answer = page.goto(address)

    assert answer.status == 200
    assert "'unsafe-inline'" in answer.headers["content-security-policy"]
    # The sidebar is drawn by script: it stands there only if that ran.
    page.locator("#wagtail-sidebar nav").first.wait_for()


@pytest.mark.parametrize("address", ["/admin/", "/admin/elections/votingfact/"])
def test_the_house_s_records_work_under_the_strict_policy(sign_in, editor, address):
    page = sign_in(editor, language="en")

    answer = page.goto(address)

    assert answer.status == 200
    assert "unsafe" not in answer.headers["content-security-policy"]
