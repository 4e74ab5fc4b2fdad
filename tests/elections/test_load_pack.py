"""Loading election packs: idempotent, tolerant by row, every country is data."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from elections.fact_keys import VALUE_CHECKS
from elections.facts import Fact
from elections.models import Election, FactChange, Jurisdiction, VotingFact
from elections.packs import read_election_packs
from elections.queries import fact_sheet
from elections.services import load_pack
from tests.factories import BEFORE_THE_ELECTION as AT

pytestmark = pytest.mark.django_db

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"


def shipped(name):
    return read_election_packs(PACKS / f"{name}.json")[0]


def load(sheet):
    return load_pack(pack=sheet, by=None, at=AT)


def test_the_same_pack_twice_changes_nothing():
    pack = shipped("nl-gr2026")
    first = load(pack)
    rows = list(VotingFact.objects.order_by("pk").values())

    second = load(pack)

    assert len(first.published) == len(pack.facts)
    assert (second.published, second.corrected) == ([], [])
    assert second.unchanged == len(pack.facts)
    assert list(VotingFact.objects.order_by("pk").values()) == rows
    assert FactChange.objects.count() == len(pack.facts)


def test_what_the_database_holds_is_what_the_pack_says():
    pack = shipped("nl-gr2026")
    load(pack)

    sheet = fact_sheet(Election.objects.get(slug="nl-gr2026"))

    def said(facts):
        return {(f.key, f.place, json.dumps(f.value, sort_keys=True), f.status) for f in facts}

    assert said(sheet.facts) == said(pack.facts)
    assert sheet.places == pack.places
    assert sheet.also_known_as["GM0518"] == ("Den Haag",)
    assert (sheet.country, sheet.time_zone) == ("NL", "Europe/Amsterdam")


def test_a_changed_value_becomes_a_correction():
    pack = shipped("nl-tk2025")
    load(pack)
    changed = tuple(
        replace(fact, value="20:00") if fact.key == "polls_close" else fact for fact in pack.facts
    )

    report = load(replace(pack, facts=changed))

    assert report.corrected == ["polls_close"]
    current = VotingFact.objects.current().get(key="polls_close")
    assert (current.value, current.version, current.supersedes.value) == ("20:00", 2, "21:00")


def test_a_statement_that_leaves_the_pack_stays_and_is_named():
    pack = shipped("nl-tk2025")
    load(pack)

    report = load(replace(pack, facts=tuple(f for f in pack.facts if f.key != "cost")))

    assert report.not_in_pack == ["cost"]
    assert VotingFact.objects.current().filter(key="cost").exists()


def test_a_fact_without_a_source_stays_out_and_the_others_go_in():
    pack = shipped("xv-eilanden2027")
    bare = Fact(key="nomination_day", value="2027-04-01")

    report = load(replace(pack, facts=(*pack.facts, bare)))

    assert [p.split(":")[1].strip() for p in report.problems] == ["nomination_day"]
    assert len(report.published) == len(pack.facts)


def test_two_circles_hold_in_the_trial_municipalities_only():
    load(shipped("nl-gr2026"))
    sheet = fact_sheet(Election.objects.get(slug="nl-gr2026"))

    assert sheet.value("ballot_marking", place="GM0344") == {"boxes": 1, "colour": "red"}
    assert sheet.value("ballot_marking", place="GM0147")["boxes"] == 2
    confirmed = {f.place for f in sheet.local_facts("ballot_marking") if f.status == "confirmed"}
    assert confirmed == {
        "GM0147", "GM0484", "GM0755", "GM0796", "GM1730", "GM1842", "GM1948",
    }  # fmt: skip
    assert sheet.fact("ballot_marking", place="GM0268").status == "needs_check"


def test_another_country_is_only_data():
    load(shipped("xv-eilanden2027"))

    election = Election.objects.get(slug="xv-eilanden2027")
    sheet = fact_sheet(election)

    assert election.time_zone == "Atlantic/Azores"
    assert (str(election.first_day), str(election.last_day)) == ("2027-06-05", "2027-06-06")
    assert sheet.value("registration_deadline") == "2027-05-15T18:00"
    assert sheet.value("polls_close", place="XV-03") == "18:00"
    assert set(Jurisdiction.objects.get(code="XV").parts.values_list("code", flat=True)) == {
        "XV-01",
        "XV-02",
        "XV-03",
    }


def write(tmp_path, **changes):
    pack = {
        "id": "nl-ab2027",
        "name": {"nl": "Waterschapsverkiezingen 2027"},
        "country": "NL",
        "places": [{"code": "GM0344", "name": "Utrecht"}],
        "facts": [
            {"key": "voting_day", "value": "2027-03-17", "source": {"name": "Kieswet"}},
            {"key": "polls_close", "value": "negen uur", "source": {"name": "Kieswet"}},
            {"key": "min_age", "value": 18, "source": {"name": "Kieswet"}, "place": "GM9999"},
            {"key": "proxy_max", "value": 2, "source": {"name": "Kieswet"}},
        ],
        **changes,
    }
    path = tmp_path / "pakket.json"
    path.write_text(json.dumps(pack))
    return path


def test_the_command_loads_good_rows_names_bad_ones_and_fails(tmp_path):
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="2 problems"):
        call_command("load_election_pack", write(tmp_path), stdout=out, stderr=err)

    assert "facts[1] (polls_close): value: expected a time as HH:MM" in err.getvalue()
    assert "facts[2] (min_age): place: 'GM9999'" in err.getvalue()
    assert set(VotingFact.objects.values_list("key", flat=True)) == {"voting_day", "proxy_max"}


def test_a_dry_run_writes_nothing(tmp_path):
    out = StringIO()

    call_command("load_election_pack", PACKS / "nl-tk2025.json", "--dry-run", stdout=out)

    assert "nl-tk2025: publish voting_day" in out.getvalue()
    assert not Election.objects.exists()


def test_a_file_that_is_not_json_is_refused_with_its_name(tmp_path):
    path = tmp_path / "stuk.json"
    path.write_text("{")
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("load_election_pack", path, stderr=err)

    assert "stuk.json: is not JSON" in err.getvalue()


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.json")), ids=lambda path: path.stem)
def test_every_shipped_statement_has_a_source(path):
    for sheet in read_election_packs(path):
        assert [f.key for f in sheet.facts if not f.source_name] == []
        assert sheet.time_zone


def test_every_key_is_documented():
    page = (PACKS.parents[2] / "docs" / "election-packs.md").read_text()
    used = {
        f.key for path in PACKS.glob("*.json") for s in read_election_packs(path) for f in s.facts
    }

    assert {key for key in used | set(VALUE_CHECKS) if f"| `{key}` |" not in page} == set()
