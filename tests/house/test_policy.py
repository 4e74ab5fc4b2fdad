"""No page may run a script or style that stands in it; the page editor's exception is this one."""

import pytest
from django.conf import settings
from django.http import HttpResponse

from integrity.security import CMS_PREFIX
from tests.factories import make_election
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
# What the page editor needs beside that, and no more.
RELAXED = STRICT | {
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
}
OPEN = [
    "/", "/nl-gr2026/", "/accounts/login/", "/admin/login/", "/api/v1/docs/", "/api/v1/docs/?script=",
    "/api/v1/schema/", "/api/v1/items", "/healthz", "/readyz", "/metrics",
    "/bestaat-niet/", "/cms", "/cmsx/", "/desk/cms/", "/static/../cms/", "/CMS/", "//cms/",
]  # fmt: skip
INSIDE = ["/desk/", "/desk/settings/keys/", "/accounts/2fa/", "/desk/jobs/x/", "/admin/"]


def policy(answer: HttpResponse) -> dict[str, str]:
    parts = answer["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


@pytest.mark.parametrize("path", OPEN)
def test_outside_every_page_is_sent_with_the_strict_policy(client, path):
    make_election()

    assert policy(client.get(path)) == STRICT


@pytest.mark.parametrize("path", INSIDE)
def test_inside_every_page_is_sent_with_the_strict_policy(client, policy_lead, path):
    sign_in(client, policy_lead)

    assert policy(client.get(path)) == STRICT


@pytest.mark.parametrize("path", ["/cms/", "/cms/login/", "/cms/pages/", "/cms/niets/"])
def test_under_the_page_editor_the_policy_is_the_one_that_is_written_down(client, path):
    assert policy(client.get(path)) == RELAXED


def test_the_page_editor_has_one_place_and_the_guide_to_security_names_it():
    assert CMS_PREFIX == "/cms/"
    text = (settings.BASE_DIR / "SECURITY.md").read_text()
    assert "/cms/" in text
    for word in ("unsafe-inline", "blob:"):
        assert word in text
