"""Starting the demo: free ports, one preparation, and words for whoever starts it."""

import json
import socket

import pytest

from integrity import running
from integrity.running import CannotRun, Place


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind((running.HOST, 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_refused_with_what_to_type(taken):
    with pytest.raises(CannotRun, match=f"Port {taken} is taken.*make demo PORT="):
        running._port(taken, 8000, "PORT")


def test_a_usual_port_that_is_taken_gives_way_to_the_next_and_says_so(taken, capsys):
    assert running._port(None, taken, "PORT") > taken
    assert f"Port {taken} is taken" in capsys.readouterr().out


def test_house_and_platform_never_get_the_same_port(taken):
    first = running._port(None, taken, "PORT")

    assert running._port(None, taken, "PLATFORM_PORT", but=first) != first


@pytest.fixture
def steps(monkeypatch, tmp_path):
    """The steps that a start takes, on a database that remembers what it was made from."""
    taken, noted = [], {}
    monkeypatch.setattr(running, "_step", lambda place, label, command: taken.append(label))
    monkeypatch.setattr(running, "_made_from", lambda place: dict(noted))
    monkeypatch.setattr(running, "_note_made_from", lambda place, **made: noted.update(made))
    return taken


def test_a_second_start_has_nothing_to_prepare_and_another_address_only_loads_anew(steps, tmp_path):
    here = Place(tmp_path, 8000, 8001)
    here.secrets.parent.mkdir()
    running._prepare(here)
    here.secrets.touch()
    assert len(steps) == 4

    running._prepare(here)
    assert len(steps) == 4

    running._prepare(Place(tmp_path, 8000, 8002))
    assert [step.partition(":")[0] for step in steps[4:]] == [
        "Loading the demo",
        "Loading the guidance",
    ]


def test_a_new_migration_makes_the_tables_anew_and_loads_nothing(steps, tmp_path, monkeypatch):
    here = Place(tmp_path, 8000, 8001)
    here.secrets.parent.mkdir()
    here.secrets.touch()
    running._prepare(here)

    monkeypatch.setattr(running, "TABLES_FROM", (*running.TABLES_FROM, "README.md"))
    running._prepare(here)

    assert [step.partition(" (")[0] for step in steps[4:]] == [
        "Making the tables",
        "Making the cache table",
    ]


@pytest.mark.slow
def test_what_a_database_was_made_from_is_written_on_it(tmp_path):
    here = Place(running.env.load().var, 8000, 8001)
    before = running._made_from(here)

    running._note_made_from(here, tables="one")
    running._note_made_from(here, demo="two")

    assert {"tables": "one", "demo": "two"}.items() <= running._made_from(here).items()
    running._note_made_from(here, **{"tables": "", "demo": ""} | before)


def test_every_file_that_the_preparation_rests_on_exists():
    for pattern in (*running.TABLES_FROM, *running.DEMO_FROM):
        assert list(running.env.REPOSITORY.glob(pattern)), pattern


def test_only_the_bench_takes_words_of_its_own(capsys):
    with pytest.raises(SystemExit):
        running.main(["demo", "--sped", "60"])

    assert "unknown: --sped 60" in capsys.readouterr().err


def test_the_welcome_names_every_address_and_sign_in(tmp_path):
    place = Place(tmp_path, 8010, 8011)
    place.secrets.parent.mkdir()
    mila = {"email": "mila@waarborg.example", "alias": "Mila", "role": "moderator"}
    access = {"election": "nl-gr2026", "password": "een-stem-voor-iedereen", "people": [mila]}
    place.secrets.write_text(json.dumps(access))

    said = running._welcome(place, 12.0)

    for needed in (
        "http://127.0.0.1:8010/desk/",
        "http://127.0.0.1:8010/nl-gr2026/",
        "http://127.0.0.1:8011",
        "mila@waarborg.example",
        "een-stem-voor-iedereen",
        "make code EMAIL=mila@waarborg.example",
    ):
        assert needed in said


def test_emptying_leaves_the_locks_that_others_wait_on(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "supervisor.lock").touch()
    (tmp_path / "beat-schedule").touch()

    running._empty(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["supervisor.lock"]


def test_every_program_of_the_demo_is_known_by_name(tmp_path):
    place = Place(tmp_path, 8000, 8001)
    names = [program.name for program in running.house(place)]
    names += [running.platform(place).name, running.feeder(place, speed=60).name]

    assert names == ["web", "default-delivery", "inference", "beat", "platform", "feeder"]


def test_what_the_platform_gets_holds_no_setting_of_the_house(tmp_path):
    place = Place(tmp_path, 8000, 8001)

    assert not any("WAARBORG" in name for name in running.platform(place).environment)
