"""The API keeps what its description says, whatever is thrown at it: never a 500."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded

from integrity.people.choices import Scope
from integrity.wsgi import application
from tests.api.conftest import Platform

pytestmark = pytest.mark.django_db

CALLS = {
    ("/api/v1/items", "post"),
    ("/api/v1/traction", "post"),
    ("/api/v1/reports", "post"),
    ("/api/v1/actions", "get"),
    ("/api/v1/items/{external_id}", "get"),
    ("/api/v1/items/{external_id}/media/{n}", "put"),
}


@pytest.fixture
def one_connection():
    """Let requests leave the test's own database connection open, as the test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def document(client, db):
    """The description as a client downloads it."""
    return client.get(reverse("api_schema"), headers={"Accept": "application/json"}).json()


def test_every_call_is_described(document):
    calls = {
        (path, verb): call
        for path, verbs in document["paths"].items()
        for verb, call in verbs.items()
    }

    assert set(calls) >= CALLS
    for call in (calls[name] for name in CALLS):
        assert call["summary"]
        assert call["description"]
        assert {"400", "401", "403", "415", "429"} <= set(call["responses"])


@pytest.mark.slow
@pytest.mark.parametrize("call", sorted(CALLS), ids=lambda call: f"{call[1]} {call[0]}")
def test_no_call_breaks_the_api(document, one_connection, call, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    key = Platform(*Scope).headers
    schema = schemathesis.openapi.from_dict(document)
    path, verb = call
    answers = []

    @given(case=schema[path][verb.upper()].as_strategy())
    @bounded(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def throw(case):
        answer = case.call(app=application, base_url="http://127.0.0.1", headers=key)
        answers.append(answer.status_code)
        assert answer.status_code < 500, answer.text
        assert answer.status_code != 401, answer.text

    throw()

    assert answers
