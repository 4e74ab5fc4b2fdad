"""API keys: shown once, stored hashed, scoped, revocable, counted exactly."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from integrity.audit.models import AuditEvent
from integrity.people import services
from integrity.people.choices import Scope
from integrity.people.models import ApiKey, CallCount
from integrity.people.throttling import count_call
from integrity.refusals import Refused

pytestmark = pytest.mark.django_db


class Items(APIView):
    """A view that needs one scope per method."""

    scopes = {"GET": Scope.ITEMS_READ, "POST": Scope.ITEMS_WRITE}

    def get(self, request):
        return Response({"read": True})

    def post(self, request):
        return Response({"written": True})


class Forgotten(APIView):
    """A view whose author forgot to say what it needs."""

    def get(self, request):
        return Response({"secret": True})


def issue(*scopes: Scope, **more) -> tuple[ApiKey, str]:
    return services.issue_key(name="platform", scopes=scopes, by=None, at=timezone.now(), **more)


def call(view=Items, method="get", key: str | None = None, header: str | None = None):
    headers = {"HTTP_AUTHORIZATION": header or f"Bearer {key}"} if key or header else {}
    request = getattr(APIRequestFactory(), method)("/", {}, format="json", **headers)
    return view.as_view()(request)


def test_a_key_opens_what_its_scope_says_and_no_more():
    _, key = issue(Scope.ITEMS_READ)

    assert call(key=key).status_code == 200
    assert call(method="post", key=key).status_code == 403
    assert call(view=Forgotten, key=key).status_code == 403


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer wb_unknown", "Bearer a b", "Basic dXNlcjpwdw==", "Bearer \xff\xfe"],
)
def test_without_a_known_key_the_answer_is_401_in_the_one_shape(header):
    answer = call(header=header)

    assert answer.status_code == 401
    assert set(answer.data) == {"detail", "code", "errors"}


def test_the_key_itself_is_nowhere_in_the_database():
    row, key = issue(Scope.ITEMS_READ)

    assert key not in str(ApiKey.objects.filter(pk=row.pk).values().get())
    assert key not in str(list(AuditEvent.objects.values()))


def test_a_revoked_and_an_expired_key_open_nothing():
    revoked, revoked_key = issue(Scope.ITEMS_READ)
    services.revoke_key(key=revoked, by=None, at=timezone.now())
    _, expired_key = issue(Scope.ITEMS_READ, expires_at=timezone.now() - timedelta(seconds=1))

    assert call(key=revoked_key).status_code == 401
    assert call(key=expired_key).status_code == 401


def test_revoking_twice_is_recorded_once():
    row, _ = issue(Scope.ITEMS_READ)
    first = services.revoke_key(key=row, by=None, at=timezone.now()).revoked_at

    again = services.revoke_key(key=row, by=None, at=timezone.now() + timedelta(days=1))

    assert again.revoked_at == first
    assert AuditEvent.objects.filter(verb="key.revoked").count() == 1


def test_only_a_policy_lead_issues_and_revokes(policy_lead, moderator, auditor):
    row, _ = services.issue_key(
        name="x", scopes=[Scope.ITEMS_READ], by=policy_lead, at=timezone.now()
    )

    for person in (moderator, auditor):
        with pytest.raises(Refused):
            services.issue_key(name="x", scopes=[], by=person, at=timezone.now())
        with pytest.raises(Refused):
            services.revoke_key(key=row, by=person, at=timezone.now())


def test_the_command_line_issues_a_key_and_revokes_it_by_any_of_its_names(capsys):
    for name in ("id", "prefix", "key"):
        call_command("issue_key", "platform", "--scope", "items:write", "--days", "30")
        key = capsys.readouterr().out.strip().splitlines()[-1]
        row = ApiKey.objects.latest("pk")
        assert call(method="post", key=key).status_code == 200

        call_command(
            "revoke_key", {"id": str(row.public_id), "prefix": row.prefix, "key": key}[name]
        )

        assert call(method="post", key=key).status_code == 401

    with pytest.raises(CommandError, match="No key"):
        call_command("revoke_key", "wb_nothing")


def test_calls_beyond_the_rate_are_told_when_to_come_back(monkeypatch):
    from integrity.people import throttling

    _, key = issue(Scope.ITEMS_READ)
    _, other = issue(Scope.ITEMS_READ)
    monkeypatch.setattr(throttling.KeyThrottle, "rate", "3/min", raising=False)

    answers = [call(key=key).status_code for _ in range(4)]
    late = call(key=key)

    assert answers == [200, 200, 200, 429]
    assert 0 < int(late["Retry-After"]) <= 60
    assert call(key=other).status_code == 200


def test_a_new_span_counts_from_one():
    assert [count_call(bucket="key:1", seconds=60, now=now) for now in (0, 59, 60, 61)] == [
        1,
        2,
        1,
        2,
    ]


def test_callers_who_never_come_back_leave_nothing_for_long():
    for n in range(50):
        count_call(bucket=f"key:{n}", seconds=60, now=1_000)

    count_call(bucket="key:new", seconds=60, now=10_000)

    assert CallCount.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_moment_are_all_counted():
    counts: list[int] = []

    def work() -> None:
        counts.extend(count_call(bucket="key:1", seconds=60, now=30) for _ in range(50))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == list(range(1, 401))
