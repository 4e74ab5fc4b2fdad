"""Items over the API: the good rows go in, each other row says what would be right."""

import json

import pytest
from django.test import Client

from integrity.people.choices import Scope
from moderation.models import Assessment, Item, ItemVersion
from tests.api.conftest import Platform, row
from tests.factories import make_election

pytestmark = pytest.mark.django_db


def test_an_item_is_accepted_and_its_assessment_owed(platform):
    answer = platform.send("items", [row()])

    assert answer.status_code == 200
    assert answer.json()["results"][0]["status"] == "created"
    assert Assessment.objects.get().item_version.item.external_id == "post-1"


def test_the_same_call_twice_changes_nothing(platform):
    platform.send("items", [row()])

    answer = platform.send("items", [row()])

    assert answer.json()["results"][0]["status"] == "unchanged"
    assert (Item.objects.count(), ItemVersion.objects.count()) == (1, 1)


def test_a_single_object_is_a_batch_of_one(platform):
    assert platform.send("items", row()).json()["accepted"] == 1


def test_lines_of_json_are_a_batch_and_a_broken_line_spoils_only_itself(platform):
    lines = "\n".join([json.dumps(row("post-1")), "{not json", json.dumps(row("post-2"))])

    answer = platform.send("items", lines, kind="application/x-ndjson")

    assert [r["status"] for r in answer.json()["results"]] == ["created", "error", "created"]
    assert answer.json()["results"][1]["row"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "stem" * 500_000}, "text"),
        ({"text": 12}, "text"),
        ({"text": "stem \x00 nu"}, "text"),
        ({"text": "halve \ud83d letter"}, "text"),
        ({"posted_at": "1970-01-01T00:00:00Z"}, "posted_at"),
        ({"posted_at": "2090-01-01T00:00:00Z"}, "posted_at"),
        ({"posted_at": "2026-03-10T09:00:00"}, "posted_at"),
        ({"posted_at": "0001-01-01T00:00:00+14:00"}, "posted_at"),
        ({"posted_at": "gisteren"}, "posted_at"),
        ({"deleted_at": "2026-03-01T09:00:00Z"}, "deleted_at"),
        ({"election": "nl-gr1066"}, "election"),
        ({"place": "GM9999"}, "place"),
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"kind": "hologram"}, "kind"),
        ({"external_id": "post 1"}, "external_id"),
        ({"external_id": "post\u202e1"}, "external_id"),
        ({"actor": {}}, "actor.external_id"),
        ({"actor": {"external_id": "a", "followers": -1}}, "actor.followers"),
        ({"views": 5}, "views"),
    ],
)
def test_a_bad_row_names_its_field_and_the_good_row_goes_in(platform, change, field):
    answer = platform.send("items", [row("post-good"), row("post-bad") | change])

    good, bad = answer.json()["results"]
    assert answer.status_code == 200
    assert good["status"] == "created"
    assert (bad["row"], bad["status"], bad["field"]) == (1, "error", field)
    assert bad["message"]
    assert len(bad["message"]) < 300
    assert Item.objects.count() == 1


@pytest.mark.parametrize(
    "body", ["{", "", "[]", "NaN", '"tekst', "[" * 100_000, b"\xff\xfe", "[1,"]
)
def test_what_is_not_json_is_refused_as_a_whole(platform, body):
    answer = platform.send("items", body)

    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize("body", ["7", "null", '[null, 1, [], "stem"]', '[{"a": NaN}]'])
def test_what_is_not_an_item_is_refused_row_by_row(platform, body):
    answer = platform.send("items", body)

    assert answer.status_code in (400, 422)


def test_more_than_a_thousand_rows_are_too_many(platform):
    answer = platform.send("items", [{}] * 1001)

    assert answer.status_code == 413


def test_a_body_beyond_the_limit_is_refused(platform, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    answer = platform.send("items", [row(text="stem" * 1_000)])

    assert answer.status_code == 413


def test_the_same_version_with_other_words_is_refused(platform):
    platform.send("items", [row()])

    answer = platform.send("items", [row(text="Stemmen kan woensdag 18 maart.")])

    result = answer.json()["results"][0]
    assert answer.status_code == 422
    assert result["field"] == "version"
    assert "higher version" in result["message"]


def test_an_edit_keeps_the_words_that_stood_before(platform):
    platform.send("items", [row()])

    platform.send("items", [row(version=2, text="Excuus: woensdag 18 maart.")])

    texts = ItemVersion.objects.order_by("version").values_list("text", flat=True)
    assert [t.split()[0] for t in texts] == ["Let", "Excuus:"]


def test_an_election_that_is_known_is_kept(platform):
    make_election()

    platform.send("items", [row(election="nl-gr2026", place="GM0344")])

    item = Item.objects.get()
    assert (item.election.slug, item.place.code) == ("nl-gr2026", "GM0344")


def test_markup_comes_back_as_it_was_posted(platform):
    text = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202estem\u202c \u200bnu"

    platform.send("items", [row(text=text)])

    assert ItemVersion.objects.get().text == text


def test_without_a_key_nothing_opens(db):
    answer = Client().post("/api/v1/items", "[]", content_type="application/json")

    assert answer.status_code == 401
    assert answer.json()["detail"]


@pytest.mark.parametrize("key", ["wb_verzonnen", "wb_\xe9\xe9n", ""])
def test_a_wrong_key_opens_nothing(db, key):
    answer = Client().get("/api/v1/actions", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401


def test_a_key_without_the_scope_is_told_which(db):
    reader = Platform(Scope.ITEMS_READ)

    answer = reader.send("items", [row()])

    assert answer.status_code == 403
    assert "items:write" in answer.json()["detail"]
    assert not Item.objects.exists()


def test_an_unknown_content_type_is_refused(platform):
    assert platform.send("items", "<item/>", kind="text/xml").status_code == 415


def test_an_item_tells_how_it_stands(platform):
    platform.send("items", [row("at://plein/post/1")])

    answer = platform.get("items/at://plein/post/1")

    assert answer.status_code == 200
    assert answer.json()["labels"] == []
    assert answer.json()["assessment"] == "owed"


def test_an_unknown_item_is_not_found(platform):
    assert platform.get("items/nooit-gezien").status_code == 404


def test_view_counts_are_taken_in_once(platform):
    platform.send("items", [row()])
    sample = {"external_id": "post-1", "at": "2026-03-10T10:00:00Z", "views": 4000}

    first = platform.send("traction", [sample, sample | {"external_id": "weg"}])
    platform.send("traction", [sample])

    assert [r["status"] for r in first.json()["results"]] == ["accepted", "error"]
    assert Item.objects.get().views == 4000
    assert Item.objects.get().traction.count() == 1


def test_a_report_opens_a_job(platform):
    platform.send("items", [row()])
    report = {
        "external_id": "report-1",
        "item": "post-1",
        "source": "trusted_flagger",
        "reason": "wrong_date",
        "reported_at": "2026-03-10T10:00:00Z",
    }

    answer = platform.send("reports", [report, report | {"source": "buurman"}])

    assert [r["status"] for r in answer.json()["results"]] == ["created", "error"]
    assert answer.json()["results"][1]["field"] == "source"
    assert Item.objects.get().jobs.count() == 1
