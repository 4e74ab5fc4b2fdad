"""Polling places from files of the municipalities, with the dirt of real files."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from elections import ods
from elections.models import Election, Jurisdiction, PollingPlace
from elections.ods import Expected
from elections.ods_files import UnreadableFile, read_records
from elections.packs import read_election_packs
from elections.services import import_polling_places, load_pack
from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from tests.factories import BEFORE_THE_ELECTION as AT
from tests.factories import make_election

PACKS = Path(__file__).resolve().parents[2] / "elections" / "data" / "packs"
GR2026 = Expected(days={date(2026, 3, 18)}, closes="21:00", places={"GM0344", "GM0268", "GM0147"})


def row(**changes):
    cells = {
        "Gemeente": "Utrecht",
        "CBS gemeentecode": "GM0344",
        "Nummer stembureau": "12",
        "Naam stembureau": "Buurthuis De Sluis",
        "Type stembureau": "regulier",
        "Straatnaam": "Kadeweg",
        "Huisnummer": "12",
        "Postcode": "3511kk",
        "Plaats": "Utrecht",
        "BAG Nummeraanduiding ID": "344200000012345",
        "Latitude": "52.0907",
        "Longitude": "5.1214",
        "Openingstijd": "2026-03-18T07:30:00",
        "Sluitingstijd": "2026-03-18T21:00:00",
        "Toegankelijk voor mensen met een lichamelijke beperking": "ja",
        "Toilet": "ja, toegankelijk toilet",
        "Prikkelarm": "",
        "Extra adresaanduiding": "nee",
        "Verkiezingswebsite gemeente": "https://www.utrecht.nl/verkiezingen",
    }
    return {k.lower(): v for k, v in {**cells, **changes}.items()}


def read(*rows):
    return ods.read_places(list(enumerate(rows, start=2)), expected=GR2026)


def test_a_row_of_the_standard_is_read_with_three_valued_attributes():
    (place,), problems = read(row(Host="nee"))

    assert problems == []
    assert (place.number, place.postcode, place.directions) == (12, "3511 KK", "")
    assert place.hours == (("2026-03-18T07:30", "2026-03-18T21:00"),)
    assert place.accessible is True
    assert place.facilities == {"toilet": "accessible", "host": "no"}  # Prikkelarm: unknown
    assert place.details["bag_id"] == "0344200000012345"


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"CBS gemeentecode": "0344"}, "cbs gemeentecode", "expected GM and four digits"),
        ({"CBS gemeentecode": "GM0363"}, "cbs gemeentecode", "not a place of this election"),
        ({"Naam stembureau": " "}, "naam stembureau", "is empty"),
        ({"Openingstijd": "2026-03-11T07:30:00"}, "openingstijd", "is not a voting day"),
    ],
)
def test_a_row_that_helps_nobody_is_left_out_with_its_reason(changes, column, reason):
    places, (problem,) = read(row(**changes))

    assert places == []
    assert (problem.row, problem.column, problem.lost) == (2, column, True)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("changes", "column", "field", "kept"),
    [
        ({"Postcode": "35 11"}, "postcode", "postcode", ""),
        ({"Latitude": "5.1214", "Longitude": "52.0907"}, "latitude", "latitude", None),
        ({"Latitude": "noord"}, "latitude", "latitude", None),
        ({"Type stembureau": "drijvend"}, "type stembureau", "kind", "regular"),
        ({"Sluitingstijd": "2026-03-18T07:00:00"}, "sluitingstijd", "hours", ()),
        ({"Openingstijd": "half acht"}, "openingstijd", "hours", ()),
        ({"Nummer stembureau": "0"}, "nummer stembureau", "number", None),
        (
            {"Toegankelijk voor mensen met een lichamelijke beperking": "deels"},
            "toegankelijk voor mensen met een lichamelijke beperking",
            "accessible",
            None,
        ),
        (
            {"Sluitingstijd": "2026-03-18T21:00:01"},
            "sluitingstijd",
            "hours",
            (("2026-03-18T07:30", "2026-03-18T21:00"),),
        ),
    ],
)
def test_a_cell_that_cannot_be_used_costs_the_cell(changes, column, field, kept):
    (place,), (problem,) = read(row(**changes))

    assert getattr(place, field) == kept
    assert (problem.column, problem.lost) == (column, False)


def test_script_and_control_characters_stay_text():
    (place,), _ = read(row(**{"Naam stembureau": "<script>\x00\u202eDe Brug"}))

    assert place.name == "<script> De Brug"


def test_a_web_address_that_is_none_is_left_out():
    (place,), (problem,) = read(row(**{"Verkiezingswebsite gemeente": "javascript:alert(1)"}))

    assert "municipal_site" not in place.details
    assert problem.column == "verkiezingswebsite gemeente"


def test_rows_with_other_hours_are_one_place_and_the_same_row_twice_is_named():
    morning = row(Sluitingstijd="2026-03-18T12:00:00")
    evening = row(Openingstijd="2026-03-18T14:00:00")

    (place,), problems = read(morning, evening, morning)

    assert [slot[0][11:] for slot in place.hours] == ["07:30", "14:00"]
    assert [(p.row, p.reason) for p in problems] == [(4, "the same place as row 2")]


def test_a_mobile_station_has_several_addresses():
    one = row(**{"Type stembureau": "mobiel"})
    other = row(**{"Type stembureau": "mobiel", "BAG Nummeraanduiding ID": "0344200000054321"})

    places, problems = read(one, other)

    assert len(places) == 2
    assert problems == []


def test_columns_of_older_versions_are_understood():
    old = {
        "cbs gemeentecode": "GM0344",
        "naam stembureau": "Stadhuis",
        "openingstijden 18-03-2026": "2026-03-18T07:30:00 tot 2026-03-18T21:00:00",
        "gehandicaptentoilet": "Y",
        "geleidelijnen in stembureau": "ja",
        "mindervaliden toegankelijk": "N",
    }

    (place,), problems = read(old)

    assert problems == []
    assert place.hours == (("2026-03-18T07:30", "2026-03-18T21:00"),)
    assert place.facilities == {"accessible_toilet": "yes", "guide_lines": "yes"}
    assert place.accessible is False


def test_csv_ckan_and_nested_json_give_the_same_place(tmp_path):
    cells = {k: v for k, v in row().items() if k not in ("openingstijd", "sluitingstijd")}
    hours = {"Openingstijd": "2026-03-18T07:30:00", "Sluitingstijd": "2026-03-18T21:00:00"}
    flat = {**cells, **hours}
    (tmp_path / "a.csv").write_text(
        ";".join(flat) + "\n" + ";".join(f'"{v}"' for v in flat.values()), encoding="utf-8-sig"
    )
    (tmp_path / "b.json").write_text(json.dumps({"result": {"records": [flat]}}))
    station = {k: cells[k] for k in ("cbs gemeentecode", "naam stembureau", "nummer stembureau")}
    location = {k: v for k, v in cells.items() if k not in station}
    (tmp_path / "c.json").write_text(
        json.dumps([{**station, "Locaties": [{**location, "Openingstijden": [hours]}]}])
    )

    read_from = [read_records(tmp_path / name) for name in ("a.csv", "b.json", "c.json")]
    places = [ods.read_places(records, expected=GR2026)[0][0] for records in read_from]

    assert len({(p.mark, p.name, p.hours, p.latitude, p.accessible) for p in places}) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "has no column"),
        (b"a,b\n1,2\n", "has no column"),
        (b"{", "is not JSON"),
        (b'{"result": {"records": "x"}}', "holds no list"),
        (b"[]", "holds no polling places"),
        (b"PK\x03\x04kapot", "is not a spreadsheet"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path, content, reason):
    path = tmp_path / "stembureaus.bestand"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match=reason):
        read_records(path)


def load(election, *rows, by=None, at=AT, **options):
    return import_polling_places(
        election=election,
        records=list(enumerate(rows, start=2)),
        source_name="gemeente Utrecht",
        by=by,
        at=at,
        **options,
    )


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing():
    election = make_election()
    first = load(election, row(), row(**{"Nummer stembureau": "13"}))
    rows = list(PollingPlace.objects.order_by("pk").values())

    second = load(election, row(), row(**{"Nummer stembureau": "13"}), at=AT + timedelta(days=1))

    assert len(first.new) == 2
    assert (second.new, second.changed, second.withdrawn, second.same) == ([], [], [], 2)
    assert list(PollingPlace.objects.order_by("pk").values()) == rows
    assert AuditEvent.objects.filter(verb="polling_places.imported").count() == 1


@pytest.mark.django_db
def test_a_newer_file_changes_and_withdraws_in_its_own_municipalities_only():
    election = make_election()
    borne = row(**{"CBS gemeentecode": "GM0147", "Nummer stembureau": "1"})
    load(election, row(), row(**{"Nummer stembureau": "13"}), borne)

    report = load(election, row(Huisnummer="14"))

    assert report.changed == ["GM0344 Buurthuis De Sluis: house_number: '12' → '14'"]
    assert report.withdrawn == ["GM0344 Buurthuis De Sluis"]
    current = PollingPlace.objects.current()
    assert sorted(current.values_list("municipality__code", flat=True)) == ["GM0147", "GM0344"]


@pytest.mark.django_db
def test_a_dry_run_tells_the_difference_and_writes_nothing():
    election = make_election()

    report = load(election, row(), dry_run=True)

    assert report.new == ["GM0344 Buurthuis De Sluis"]
    assert not PollingPlace.objects.exists()
    assert not AuditEvent.objects.filter(verb="polling_places.imported").exists()


@pytest.mark.django_db
def test_municipalities_can_be_taken_over_from_the_file():
    election = make_election()
    amsterdam = row(Gemeente="Amsterdam", **{"CBS gemeentecode": "GM0363"})

    assert load(election, amsterdam).lost == 1
    assert load(election, amsterdam, add_places=True).lost == 0
    assert Jurisdiction.objects.get(code="GM0363").name == "Amsterdam"


@pytest.mark.django_db
def test_moderator_may_not_import(moderator):
    with pytest.raises(Refused):
        load(make_election(), row(), by=moderator)


@pytest.mark.django_db
def test_the_database_refuses_the_same_place_twice_and_a_place_off_the_earth():
    election = make_election()
    load(election, row())
    place = PollingPlace.objects.get()

    with pytest.raises(IntegrityError, match="polling_place_on_earth"), transaction.atomic():
        PollingPlace.objects.update(latitude=520.0)
    place.pk, place.public_id = None, "00000000-0000-4000-8000-000000000001"
    with pytest.raises(IntegrityError, match="polling_place_once"), transaction.atomic():
        place.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.slow
def test_all_9140_polling_places_of_2023_are_imported_or_named(shared_data):
    pack = read_election_packs(PACKS / "nl-tk2025.json")[0]
    load_pack(pack=pack, by=None, at=AT)
    election = Election.objects.get()
    day = election.facts.get(key="voting_day")
    day.value = "2023-11-22"
    day.save()
    file = shared_data / "elections" / "polling_places_tk2023.xlsx"
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="10 of 9140 rows were left out"):
        call_command("import_polling_places", "nl-tk2025", file, stdout=out, stderr=err)

    assert PollingPlace.objects.count() == 9130
    assert "9140 rows: 9130 new" in out.getvalue()
    lines = err.getvalue().splitlines()
    assert sum("left out" in line for line in lines) == 10
    assert all(line.startswith("row ") for line in lines)
    assert PollingPlace.objects.filter(hours=[]).count() == 42
    assert PollingPlace.objects.filter(latitude=None).count() == 31

    again = import_polling_places(
        election=election, records=read_records(file), source_name="tk2023", by=None, at=AT
    )
    assert (again.new, again.changed, again.withdrawn, again.same) == ([], [], [], 9130)


@pytest.mark.slow
def test_the_fill_in_form_of_version_1_7_is_read_by_columns(shared_data, tmp_path):
    form = shared_data / "elections" / "stembureaus_ods_1.7_gr2026_example.xlsx"
    with pytest.raises(UnreadableFile, match="holds no polling places"):
        read_records(form)  # the example's column is not a polling place
    book = openpyxl.load_workbook(form)
    sheet = book["Attributen"]
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, 6).value = sheet.cell(line, 5).value
    book.save(tmp_path / "ingevuld.xlsx")
    expected = Expected(days={date(2026, 3, 18)}, closes="21:00", places={"GM0518"})

    (place,), problems = ods.read_places(
        read_records(tmp_path / "ingevuld.xlsx"), expected=expected
    )

    assert problems == []
    assert (place.number, place.name, place.postcode) == (517, "Stadhuis", "2511 BT")
    assert place.facilities["guide_lines"] == "both"
    assert place.facilities["sign_interpreter"] == "on_site"
    assert len(place.facilities) >= 12
