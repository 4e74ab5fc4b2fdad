"""EML_NL files: real ones go in, invalid ones stay out with the mismatch named."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from elections.eml import RefusedFile, read_eml
from elections.models import Candidate, Contest, Count, Election, Jurisdiction, PollingPlace
from elections.ods import Expected, read_places
from elections.services import import_eml, import_polling_places
from integrity.audit.models import AuditEvent
from integrity.refusals import Refused
from tests.factories import BEFORE_THE_ELECTION as AT
from tests.factories import make_election

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<EML xmlns="urn:oasis:names:tc:evs:schema:eml" xmlns:kr="http://www.kiesraad.nl/extensions"'
    ' xmlns:xal="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"'
    ' xmlns:xnl="urn:oasis:names:tc:ciq:xsdschema:xNL:2.0"'
    ' xmlns:sb="http://www.kiesraad.nl/stembureaus" Id="{kind}" SchemaVersion="5">'
    '<ManagingAuthority><AuthorityIdentifier Id="{authority}">x</AuthorityIdentifier>'
    "</ManagingAuthority><IssueDate>2026-02-06</IssueDate>"
)
IDENTITY = (
    '<ElectionIdentifier Id="GR2026_Utrecht"><ElectionName>Gemeenteraad Utrecht 2026</ElectionName>'
    "<ElectionCategory>GR</ElectionCategory><kr:ElectionSubcategory>GR2</kr:ElectionSubcategory>"
    '<kr:ElectionDomain Id="0344">Utrecht</kr:ElectionDomain>'
    "<kr:ElectionDate>2026-03-18</kr:ElectionDate>"
    "<kr:NominationDate>2026-02-02</kr:NominationDate></ElectionIdentifier>"
)


def candidate(position: int, last_name: str, *, gender: str = "female", more: str = "") -> str:
    return (
        f'<Candidate><CandidateIdentifier Id="{position}"/><CandidateFullName><xnl:PersonName>'
        f'<xnl:NameLine NameType="Initials">A.</xnl:NameLine><xnl:FirstName>Anna</xnl:FirstName>'
        f"<xnl:NamePrefix>van der</xnl:NamePrefix><xnl:LastName>{last_name}</xnl:LastName>"
        f"</xnl:PersonName></CandidateFullName><Gender>{gender}</Gender>{more}"
        "<QualifyingAddress><xal:Locality><xal:LocalityName>Utrecht</xal:LocalityName>"
        "</xal:Locality></QualifyingAddress></Candidate>"
    )


def affiliation(number: int, name: str, *candidates: str, gender: str = "true") -> str:
    return (
        f'<Affiliation><AffiliationIdentifier Id="{number}"><RegisteredName>{name}'
        "</RegisteredName></AffiliationIdentifier><Type>op zichzelf staande lijst</Type>"
        f'<kr:ListData PublicationLanguage="nl" PublishGender="{gender}"/>'
        f"{''.join(candidates)}</Affiliation>"
    )


def lists(*affiliations: str, identity: str = IDENTITY, contest: str = "geen") -> bytes:
    return (
        HEAD.format(kind="230b", authority="0344")
        + f'<CandidateList><Election>{identity}<Contest><ContestIdentifier Id="{contest}"/>'
        + "".join(affiliations)
        + "</Contest></Election></CandidateList></EML>"
    ).encode()


def votes(*selections: str, counted: int, cast: int = 100) -> str:
    return (
        f"{''.join(selections)}<Cast>{cast}</Cast><TotalCounted>{counted}</TotalCounted>"
        '<RejectedVotes ReasonCode="ongeldig">2</RejectedVotes>'
        '<RejectedVotes ReasonCode="blanco">1</RejectedVotes>'
        '<UncountedVotes ReasonCode="geldige volmachtbewijzen">7</UncountedVotes>'
    )


def for_list(number: int, total: int, *of_candidates: int) -> str:
    head = (
        f'<Selection><AffiliationIdentifier Id="{number}"/><ValidVotes>{total}</ValidVotes>'
        "</Selection>"
    )
    return head + "".join(
        f'<Selection><Candidate><CandidateIdentifier Id="{position}"/></Candidate>'
        f"<ValidVotes>{number_of}</ValidVotes></Selection>"
        for position, number_of in enumerate(of_candidates, start=1)
    )


def counts(total: str, *units: tuple[str, str]) -> bytes:
    return (
        HEAD.format(kind="510b", authority="0344")
        + f'<Count><Election>{IDENTITY}<Contests><Contest><ContestIdentifier Id="geen"/>'
        + f"<TotalVotes>{total}</TotalVotes>"
        + "".join(
            f'<ReportingUnitVotes><ReportingUnitIdentifier Id="{unit}">Stembureau {unit}'
            f"</ReportingUnitIdentifier>{held}</ReportingUnitVotes>"
            for unit, held in units
        )
        + "</Contest></Contests></Election></Count></EML>"
    ).encode()


def stations(*places: str) -> bytes:
    return (
        HEAD.format(kind="110b", authority="0344")
        + f"<ElectionEvent><EventIdentifier/><Election>{IDENTITY}<Contest>"
        '<ContestIdentifier Id="geen"/><ReportingUnit><ReportingUnitIdentifier Id="0344">Utrecht'
        "</ReportingUnitIdentifier></ReportingUnit><VotingMethod>SPV</VotingMethod>"
        + "".join(places)
        + "</Contest></Election></ElectionEvent></EML>"
    ).encode()


def station(
    number: int, name: str, *, channel: str = "polling", voters: str = "900", more: str = ""
) -> str:
    return (
        f'<PollingPlace Channel="{channel}"><PhysicalLocation><Address><Locality>'
        f"<xal:LocalityName>{name}</xal:LocalityName><xal:PostalCode><xal:PostalCodeNumber>3511 KK"
        "</xal:PostalCodeNumber></xal:PostalCode></Locality></Address>"
        f'<PollingStation Id="{number}">{voters}</PollingStation></PhysicalLocation>{more}'
        "</PollingPlace>"
    )


def take_over(data: bytes, *, election: Election, by=None, dry_run=False):
    document = read_eml(data, name="file.eml.xml")
    return import_eml(
        election=election, document=document, source_name="file", by=by, at=AT, dry_run=dry_run
    )


@pytest.fixture
def gr2026(db):
    return make_election()


TWO_LISTS = lists(
    affiliation(1, "Lijst Een", candidate(1, "Dijk"), candidate(2, "Meer")),
    affiliation(7, "", candidate(1, "Bos"), gender="false"),
)


# --- Lists of candidates ---------------------------------------------------------------------


def test_lists_come_in_with_names_places_and_where_each_row_came_from(gr2026):
    report = take_over(TWO_LISTS, election=gr2026)

    contest = Contest.objects.get()
    first = contest.lists.get(number=1)
    dijk = first.candidates.get(position=1)
    assert (contest.mark, [p.code for p in contest.places.all()]) == ("GM0344", ["GM0344"])
    assert (dijk.initials, dijk.prefix, dijk.last_name, dijk.town) == (
        "A.",
        "van der",
        "Dijk",
        "Utrecht",
    )
    assert (dijk.source_name, dijk.source_at) == ("file", "list 1, candidate 1")
    assert len(dijk.source_sha256) == 64
    assert len(report.new) == 6  # the contest, two lists, three candidates


def test_gender_is_kept_only_where_the_list_publishes_it(gr2026):
    take_over(TWO_LISTS, election=gr2026)

    kept = {(c.list.number, c.gender) for c in Candidate.objects.select_related("list")}
    assert kept == {(1, "female"), (7, "")}


def test_nothing_else_about_a_candidate_is_kept(gr2026):
    more = (
        "<DateOfBirth>1990-01-01</DateOfBirth><Contact><Phone>0612345678</Phone></Contact>"
        "<Agent>Iemand</Agent>"
    )
    take_over(lists(affiliation(1, "Lijst", candidate(1, "Dijk", more=more))), election=gr2026)

    row = Candidate.objects.get()
    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert "1990" not in kept
    assert "0612345678" not in kept


def test_the_same_file_twice_changes_nothing(gr2026):
    take_over(TWO_LISTS, election=gr2026)

    again = take_over(TWO_LISTS, election=gr2026)

    assert (again.new, again.changed, again.withdrawn, again.same) == ([], [], [], 5)
    assert AuditEvent.objects.filter(verb="eml.imported").count() == 1


def test_a_newer_file_changes_names_and_deletes_who_is_gone(gr2026):
    take_over(TWO_LISTS, election=gr2026)

    report = take_over(lists(affiliation(1, "Lijst 1", candidate(1, "Dijkstra"))), election=gr2026)

    assert any("'Dijk' → 'Dijkstra'" in line for line in report.changed)
    assert any("'Lijst Een' → 'Lijst 1'" in line for line in report.changed)
    assert len(report.withdrawn) == 2  # candidate 2 of list 1, and list 7 with its candidate
    assert list(Candidate.objects.values_list("last_name", flat=True)) == ["Dijkstra"]


def test_a_dry_run_says_the_difference_and_writes_nothing(gr2026):
    report = take_over(TWO_LISTS, election=gr2026, dry_run=True)

    assert len(report.new) == 6
    assert not Contest.objects.exists()
    assert not AuditEvent.objects.filter(verb="eml.imported").exists()


def test_only_who_answers_for_facts_takes_files_over(gr2026, moderator, election_lead):
    with pytest.raises(Refused):
        take_over(TWO_LISTS, election=gr2026, by=moderator)

    assert take_over(TWO_LISTS, election=gr2026, by=election_lead).new


# --- What does not fit -----------------------------------------------------------------------

SAME_DAY = IDENTITY.replace("2026-03-18", "2026-02-02")
LIST = affiliation(1, "Lijst", candidate(1, "Dijk"))
UNFIT = {
    "no domain": (
        lists(
            LIST,
            identity=IDENTITY.replace(
                '<kr:ElectionDomain Id="0344">Utrecht</kr:ElectionDomain>', ""
            ),
        ),
        "ElectionDomain: is missing",
    ),
    "nomination on the day itself": (
        lists(LIST, identity=SAME_DAY),
        "ElectionDate: 2026-02-02 is not later than the day of nomination, 2026-02-02",
    ),
    "no candidates": (
        lists(LIST, affiliation(2, "Leeg")),
        "list 2 (Leeg): has no candidates",
    ),
    "another kind inside": (
        lists(LIST).replace(b'Id="230b"', b'Id="110a"'),
        "EML Id: says 110a, which holds ElectionEvent, but the file holds CandidateList",
    ),
    "a kind we do not take": (
        lists(LIST).replace(b'Id="230b"', b'Id="630"'),
        "EML Id: is '630'",
    ),
    "year of the identifier": (
        lists(LIST, identity=IDENTITY.replace("GR2026_Utrecht", "GR2022_Utrecht")),
        "2026-03-18 is not in the year of 'GR2022_Utrecht'",
    ),
    "category of the identifier": (
        lists(LIST, identity=IDENTITY.replace("GR2026_Utrecht", "TK2026")),
        "ElectionCategory: is 'GR', but the identifier is 'TK2026'",
    ),
    "a number twice": (
        lists(affiliation(1, "Lijst", candidate(1, "Dijk"), candidate(1, "Meer"))),
        "list 1 (Lijst), candidate 1: stands there twice",
    ),
    "no name": (
        lists(affiliation(1, "Lijst", candidate(1, ""))),
        "list 1 (Lijst), candidate 1: has no last name",
    ),
    "not a number": (
        lists(affiliation(1, "Lijst", candidate(1, "Dijk"))).replace(
            b'er Id="1"/><Cand', b'er Id="-1"/><Cand'
        ),
        "expected a number from 1 up, got '-1'",
    ),
    "candidates do not add up": (
        counts(votes(for_list(1, 10, 6, 3), counted=10)),
        "TotalVotes, list 1: has 10 votes, its candidates together 9",
    ),
    "lists do not add up": (
        counts(votes(for_list(1, 10), for_list(2, 5), counted=16)),
        "TotalVotes: counts 16 votes, its lists together 15",
    ),
    "polling stations do not add up": (
        counts(
            votes(for_list(1, 10), counted=10),
            ("SB1", votes(for_list(1, 4), counted=4)),
            ("SB2", votes(for_list(1, 5), counted=5)),
        ),
        "TotalVotes, list 1: has 10 votes, the reporting units together 9",
    ),
    "not XML": (b"<EML", "is not XML"),
    "empty": (b"", "is not XML"),
    "another root": (b"<html/>", "is not EML"),
    "a page": (b"<!doctype html><html></html>", "is not XML"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_does_not_fit_is_refused_and_named(name):
    data, reason = UNFIT[name]

    with pytest.raises(RefusedFile) as refused:
        read_eml(data, name="file.xml")

    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "trick",
    [
        '<!DOCTYPE EML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><EML>&b;</EML>',
        '<!DOCTYPE EML [<!ENTITY f SYSTEM "file:///etc/passwd">]><EML>&f;</EML>',
        '<!DOCTYPE EML SYSTEM "http://127.0.0.1/x.dtd"><EML/>',
    ],
)
def test_tricks_with_entities_are_refused(trick):
    with pytest.raises(RefusedFile, match="document type or entities"):
        read_eml(trick.encode(), name="file.xml")


def test_a_file_nested_without_end_is_read_without_falling_over():
    deep = b"<a>" * 50_000 + b"</a>" * 50_000

    with pytest.raises(RefusedFile):
        read_eml(deep, name="file.xml")


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        (IDENTITY.replace("2026-03-18", "2026-03-25"), "nl-gr2026 stemt op 2026-03-18"),
        (IDENTITY.replace("0344", "0363").replace("Utrecht<", "Amsterdam<"), "Amsterdam (GM0363)"),
    ],
)
def test_a_file_about_another_day_or_place_is_refused(gr2026, identity, reason):
    with pytest.raises(Refused) as refused:
        take_over(lists(LIST, identity=identity), election=gr2026)

    assert reason in str(refused.value)


def test_the_dutch_standard_is_not_taken_over_for_another_country(gr2026):
    gr2026.country = Jurisdiction.objects.create(code="XV", kind="country", name="Eilanden")
    gr2026.save()

    with pytest.raises(Refused, match="EML_NL"):
        take_over(TWO_LISTS, election=gr2026)


def test_elements_that_are_not_known_here_do_not_stop_a_file(gr2026):
    data = TWO_LISTS.replace(b"<Affiliation>", b"<osv:Note xmlns:osv='x'>y</osv:Note><Affiliation>")

    assert len(take_over(data, election=gr2026).new) == 6


# --- Polling stations ------------------------------------------------------------------------


def test_polling_stations_add_what_is_not_known_and_take_nothing_away(gr2026):
    known = {
        "cbs gemeentecode": "GM0344",
        "nummer stembureau": "1",
        "naam stembureau": "Buurthuis De Sluis",
        "openingstijd": "2026-03-18T07:30:00",
        "sluitingstijd": "2026-03-18T21:00:00",
    }
    elsewhere = {**known, "nummer stembureau": "9", "naam stembureau": "Wijkcentrum"}
    import_polling_places(
        election=gr2026, records=[(2, known), (3, elsewhere)], source_name="ODS", by=None, at=AT
    )
    report = take_over(stations(station(1, "De Sluis"), station(2, "Sporthal")), election=gr2026)

    rows = {row.number: row for row in PollingPlace.objects.current()}
    assert rows.keys() == {1, 2, 9}
    assert (rows[1].name, rows[1].postcode) == ("Buurthuis De Sluis", "3511 KK")
    assert rows[1].hours  # the voters' list knows them, the file does not
    assert (rows[2].hours, rows[2].accessible) == ([], None)
    assert report.withdrawn == []


def test_letters_are_not_a_polling_place_and_odd_numbers_are_told(gr2026):
    data = stations(
        station(1, "De Sluis", voters="-40"), station(2, "Briefstembureau", channel="postal")
    )
    report = take_over(data, election=gr2026)

    told = " ".join(str(problem) for problem in report.problems)
    assert "'-40'" in told
    assert "nobody votes there in person" in told
    assert PollingPlace.objects.current().count() == 1


def test_the_newer_location_is_read_and_what_is_not_known_is_counted(gr2026):
    more = (
        "<sb:Location><sb:StreetName>Kadeweg</sb:StreetName><sb:Number>12</sb:Number>"
        "<sb:City>Utrecht</sb:City><sb:OpenTime>2026-03-18T07:30:00</sb:OpenTime>"
        "<sb:ClosingTime>2026-03-18T21:00:00</sb:ClosingTime><sb:Accessibility>ja"
        "</sb:Accessibility><sb:Novelty>1</sb:Novelty></sb:Location>"
        "<kr:ReportingUnitType>Special</kr:ReportingUnitType>"
    )
    document = read_eml(stations(station(1, "De Sluis", more=more)), name="file.xml")
    (place,), _problems = read_places(
        document.stations,
        expected=Expected(days={date(2026, 3, 18)}, closes="21:00", places={"GM0344"}),
    )

    assert (place.street, place.house_number, place.town) == ("Kadeweg", "12", "Utrecht")
    assert place.hours == (("2026-03-18T07:30", "2026-03-18T21:00"),)
    assert (place.accessible, place.kind) == (True, "special")
    assert document.unknown == {"Novelty": 1}


# --- Counts ----------------------------------------------------------------------------------

COUNTED = counts(
    votes(for_list(1, 30, 20, 10), for_list(7, 5, 5), counted=35),
    ("0344::SB1", votes(for_list(1, 18, 12, 6), for_list(7, 2, 2), counted=20)),
    ("0344::SB2", votes(for_list(1, 12, 8, 4), for_list(7, 3, 3), counted=15)),
)


def test_counts_come_in_together_and_by_polling_station(gr2026):
    take_over(COUNTED, election=gr2026)

    whole = Count.objects.get(unit="")
    assert (whole.place.code, whole.counted, whole.cast) == ("GM0344", 35, 100)
    assert whole.lists["1"] == {"votes": 30, "candidates": {"1": 20, "2": 10}}
    assert whole.rejected == {"ongeldig": 2, "blanco": 1}
    assert whole.uncounted == {"geldige volmachtbewijzen": 7}
    assert Count.objects.exclude(unit="").count() == 2
    assert take_over(COUNTED, election=gr2026).same == 3


# --- The database keeps it too ---------------------------------------------------------------


@pytest.mark.parametrize("columns", [{"gender": "x"}, {"last_name": ""}, {"position": 1}])
def test_the_database_refuses_what_a_list_cannot_have(gr2026, columns):
    take_over(TWO_LISTS, election=gr2026)
    row = Candidate.objects.get(list__number=1, position=2)
    row.__dict__.update(columns)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# --- The command, and real files -------------------------------------------------------------


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_eml", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_takes_good_files_and_names_the_refused(gr2026, tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(TWO_LISTS)
    bad.write_bytes(lists(affiliation(1, "Leeg")))
    err = StringIO()

    with pytest.raises(CommandError, match="1 of 2 files"):
        call_command("import_eml", "nl-gr2026", str(bad), str(good), stdout=StringIO(), stderr=err)

    assert "bad.xml: list 1 (Leeg): has no candidates" in err.getvalue()
    assert Candidate.objects.count() == 3


def test_the_command_shows_the_difference_as_json(gr2026, tmp_path):
    file = tmp_path / "lists.xml"
    file.write_bytes(TWO_LISTS)

    out, _err = run("nl-gr2026", str(file), "--dry-run", "--json")

    told = json.loads(out)
    assert (told["kind"], told["dry_run"], len(told["new"])) == ("230b", True, 6)
    assert not Candidate.objects.exists()


def test_an_election_that_is_not_here_is_named(db, tmp_path):
    with pytest.raises(CommandError, match="load its pack first"):
        run("nl-ep2029", str(tmp_path / "x.xml"))


def test_the_real_list_of_nijmegen_comes_in_whole_and_twice_is_once(db, shared_data):
    election = make_election("nl-tk2025", first_day="2025-10-29")
    file = shared_data / "elections" / "kandidatenlijsten_tk2025_nijmegen.eml.xml"

    run(election.slug, str(file))
    out, _err = run(election.slug, str(file))

    assert Candidate.objects.count() == 1085
    assert Contest.objects.get().lists.count() == 24
    assert Candidate.objects.exclude(gender="").count() == 657
    assert "0 new, 0 differences, 0 withdrawn" in out


def test_the_real_definition_gives_seats_and_parties(db, shared_data):
    election = make_election()
    place = Jurisdiction.objects.create(code="GM0037", kind="municipality", name="Stadskanaal")
    election.places.add(place)

    run(
        election.slug,
        str(shared_data / "elections/verkiezingsdefinitie_gr2026_stadskanaal.eml.xml"),
    )

    contest = Contest.objects.get()
    assert (contest.seats, len(contest.parties), list(contest.places.all())) == (23, 10, [place])


def test_the_real_polling_stations_come_in(db, shared_data):
    election = make_election("nl-gr2022", first_day="2022-03-16")
    place = Jurisdiction.objects.create(code="GM0000", kind="municipality", name="Test")
    election.places.add(place)

    run(election.slug, str(shared_data / "elections" / "eml110b_polling_stations.eml.xml"))

    assert PollingPlace.objects.current().count() == 20
    assert PollingPlace.objects.get(number=1).postcode == "1011 PN"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("eml110a_invalid_election_missing_election_domain", "ElectionDomain: is missing"),
        ("eml230b_invalid_document_type", "says 110a, which holds ElectionEvent"),
        ("eml230b_invalid_empty_candidates", "list 3 (Partij voor de Stemmer): has no candidates"),
        ("eml230b_invalid_incorrect_election_date", "not later than the day of nomination"),
    ],
)
def test_each_invalid_file_is_refused_with_its_mismatch(db, shared_data, file, reason):
    election = make_election("nl-gr2022", first_day="2022-03-16")
    err = StringIO()

    with pytest.raises(CommandError, match="1 of 1 files were refused"):
        call_command(
            "import_eml",
            election.slug,
            str(shared_data / "elections" / "invalid" / f"{file}.eml.xml"),
            stdout=StringIO(),
            stderr=err,
        )

    assert reason in err.getvalue()
    assert not Contest.objects.exists()


def test_municipalities_are_gathered_under_their_constituency(db):
    election = make_election("nl-tk2025", first_day="2025-10-29")
    identity = (
        '<ElectionIdentifier Id="TK2025"><ElectionName>TK</ElectionName><ElectionCategory>TK'
        "</ElectionCategory><kr:ElectionDate>2025-10-29</kr:ElectionDate></ElectionIdentifier>"
    )
    region = '<kr:Region RegionNumber="{}" RegionCategory="{}"{}><kr:RegionName>{}</kr:RegionName></kr:Region>'
    above = ' SuperiorRegionNumber="{}" SuperiorRegionCategory="KIESKRING"'
    data = (
        HEAD.format(kind="110a", authority="CSB")
        + f'<ElectionEvent><Election>{identity}<Contest><ContestIdentifier Id="alle"/></Contest>'
        "<kr:NumberOfSeats>150</kr:NumberOfSeats><kr:ElectionTree>"
        + region.format(6, "KIESKRING", "", "Nijmegen")
        + region.format(8, "KIESKRING", "", "Utrecht")
        + region.format(268, "GEMEENTE", above.format(6), "Nijmegen")
        + region.format(344, "GEMEENTE", above.format(8), "Utrecht")
        + "</kr:ElectionTree></Election></ElectionEvent></EML>"
    ).encode()

    take_over(data, election=election)

    found = {c.mark: (c.name, [p.code for p in c.places.all()]) for c in Contest.objects.all()}
    assert found == {"6": ("Nijmegen", ["GM0268"]), "8": ("Utrecht", ["GM0344"])}
