"""Starting the demo: free ports, one preparation, and words for whoever starts it."""

import json
import socket
from pathlib import Path

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


def test_another_address_is_prepared_anew():
    here = Place(Path("/somewhere"), 8000, 8001)

    assert running._fingerprint(here) == running._fingerprint(here)
    assert running._fingerprint(here) != running._fingerprint(Place(here.var, 8000, 8002))


def test_every_file_that_the_preparation_rests_on_exists():
    for pattern in running.MADE_FROM:
        assert list(running.env.REPOSITORY.glob(pattern)), pattern


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
