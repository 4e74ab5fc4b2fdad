"""Every text that anybody can write, turned into markup, on every page of the desk: shown as words.

Nothing is picked by hand: each column of text of each table that the desk reads is filled, so a
new field and a new page are tried without anybody thinking of it.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from factcheck.models import Partner
from integrity.people.choices import Role
from moderation.choices import ItemKind
from moderation.models import Draft, Media, Queue, RoutingVersion, SavedReply
from moderation.services import appearing, reviewing
from tests.e2e.scene import make_scene
from tests.factories import make_report, make_user
from tests.moderation.desk_client import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% now 'Y' %}"
MARKS = ("<script>alert", "<img src=x", "onerror=alert(2)>{{49", "'><script", '"javascript:')
# What is no text: names that addresses and code go by, and what is sealed or hashed.
NO_TEXT = {
    "digest", "content_hash", "sha256", "original", "display", "content_type", "password",
    "language", "source_language", "email", "frame", "value", "dsa_category", "dsa_keyword",
    "hashed", "prefix", "time_zone", "code", "kind", "topic", "content", "inputs",
}  # fmt: skip
SLUG = models.SlugField
# A text by language keeps its languages; lists and numbers stay as they are.
EACH_VALUE = """
CASE jsonb_typeof(COLUMN) WHEN 'object' THEN
  (SELECT COALESCE(jsonb_object_agg(k, to_jsonb(%s::text)), '{}') FROM jsonb_object_keys(COLUMN) k)
ELSE COLUMN END"""


@pytest.fixture
def scene():
    """An evening on which everybody has written everywhere."""
    scene, at = make_scene(), timezone.now()
    by, day = scene.moderator, reviewing.take_job(
        job=scene.jobs["day"], by=scene.moderator, at=timezone.now()
    )  # fmt: skip
    Partner.objects.create(
        name="De Nationale Factcheck", website="https://factcheck.example/", languages=["nl"],
        contract_from=timezone.localdate() - timedelta(days=30), created_at=at,
    )  # fmt: skip
    asked = appearing.Asked(sentence="Stemmen kan pas donderdag", question="Klopt dit?")
    appearing.ask_about(item=day.item, asked=asked, by=by, at=at)
    make_report(day.item, "r-hostile", text="Klopt niet", reporter="melder")
    for n, kind in enumerate((ItemKind.VIDEO, ItemKind.IMAGE)):
        Media.objects.create(
            item=day.item, n=n, kind=kind, reference="https://x.example/a", received_at=at
        )
    Draft.objects.create(job=day, person=by, reasoning="Half", saved_at=at)
    moved = reviewing.take_job(job=scene.jobs["phone"], by=by, at=at)
    other = Queue.objects.get(slug="undecidable")
    reviewing.move_job(job=moved, to=other, reason="Fraude", by=by, at=at)
    moved = reviewing.take_job(job=moved, by=by, at=at)
    reviewing.skip_job(job=moved, reason="Te dichtbij", by=by, at=at)
    moved = reviewing.take_job(job=moved, by=by, at=at)
    reviewing.hand_over(job=moved, to=scene.colleague, note="Jij kent dit", by=by, at=at)
    return scene


def fill_with_markup() -> int:
    """Write markup into every column of text; returns how many took it."""
    filled = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for label in ("moderation", "factcheck", "elections", "people"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.local_concrete_fields:
                if field.name not in NO_TEXT and not field.choices and not isinstance(field, SLUG):
                    filled += fill(model, field)
    return filled


def fill(model: type[models.Model], field: models.Field) -> bool:
    """Write markup into one column; False where the database keeps it out, or it holds no text."""
    column = connection.ops.quote_name(field.column)
    table = connection.ops.quote_name(model._meta.db_table)
    if isinstance(field, models.JSONField):
        value, sql = HOSTILE, EACH_VALUE.replace("COLUMN", column)
    elif not isinstance(field, (models.CharField, models.TextField)):
        return False
    elif field.unique:
        value, sql = HOSTILE[: (field.max_length or 4000) - 12], "%s || id::text"
    else:
        value, sql = HOSTILE[: field.max_length or 4000], "%s"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {column} = {sql}", [value])
            return cursor.rowcount > 0
    except DatabaseError:
        return False


def addresses(scene) -> list[str]:
    """Every address under /desk/ that is read, with whatever of this evening fits it."""
    jobs = [scene.jobs[name] for name in ("day", "phone", "party")]
    fits = [
        *(job.public_id for job in jobs), jobs[0].item.actor.public_id, scene.held.public_id, *Queue.objects.values_list("slug", flat=True),
        *RoutingVersion.objects.values_list("public_id", flat=True),
        *SavedReply.objects.values_list("slug", flat=True), "nl-gr2026",
        *apps.get_model("factcheck.Claim").objects.values_list("public_id", flat=True),
        *Partner.objects.values_list("public_id", flat=True),
    ]  # fmt: skip
    found = []
    for name in sorted(key for key in get_resolver().reverse_dict if isinstance(key, str)):
        for one in [(), *((value,) for value in fits)]:
            try:
                address = reverse(name, args=one)
            except NoReverseMatch:
                continue
            if address.startswith("/desk/"):
                found.append(address)
    return found


def test_nothing_that_anybody_writes_becomes_markup(scene):
    everybody = make_user("alles@waarborg.example", alias="Alles", roles=list(Role))
    paths = addresses(scene)
    filled = fill_with_markup()

    seen, wrong, broken = 0, [], []
    for person in (scene.moderator, everybody):
        client = client_of(type(person).objects.get(pk=person.pk))
        for path in paths if person == everybody else [p for p in paths if "/jobs/" in p]:
            answer = client.get(path)
            if answer.status_code >= 500:
                broken.append(path)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            page = answer.content.decode()
            seen += "&lt;script&gt;alert(1)" in page
            wrong += [(path, mark) for mark in MARKS if mark in page]

    assert wrong == []
    assert broken == []
    assert filled > 60
    assert seen > 20
