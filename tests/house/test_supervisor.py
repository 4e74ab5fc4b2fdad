"""One supervisor starts everything, keeps it running, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from integrity import supervisor as supervising
from integrity.supervisor import AlreadyRunning, Program, Supervisor, end_leftovers, python, sole

pytestmark = pytest.mark.slow


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def quick(monkeypatch):
    """Back off in no time and look often, so that a test need not wait."""
    monkeypatch.setattr(supervising, "BACK_OFF", (0.05, 0.1))
    monkeypatch.setattr(supervising, "CHECK_STARTING", 0.05)
    monkeypatch.setattr(supervising, "CHECK_RUNNING", 0.05)


def until(condition, *, within: float = 20.0) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def sleeper(name: str = "web", **fields) -> Program:
    return Program(name, python("-c", "import time; time.sleep(600)"), **fields)


def counting(folder: Path, then: str, name: str = "beat", **fields) -> Program:
    """A program that leaves a file per start, then does something."""
    code = f"""
        import os, pathlib, sys, time
        pathlib.Path({str(folder)!r}, f"start-{{os.getpid()}}").touch()
        {then}
    """
    return Program(name, python("-c", textwrap.dedent(code)), **fields)


def starts(folder: Path) -> int:
    return len(list(folder.glob("start-*")))


class Running:
    """A supervisor in a thread of its own, as the test looks on."""

    def __init__(self, running: Supervisor, **how) -> None:
        self.supervisor = running
        self.status: int | None = None
        self.thread = threading.Thread(target=self._run, kwargs=how)

    def _run(self, **how) -> None:
        self.status = self.supervisor.run(**how)

    def __enter__(self) -> "Running":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.stopping = True
        self.thread.join(10)
        self.supervisor.stop()


def test_a_program_that_dies_is_started_again_and_the_reader_sees_its_last_words(
    tmp_path, said, quick
):
    dying = counting(tmp_path, "print('the broker is gone'); sys.exit(3)")

    with Running(Supervisor([dying], var=tmp_path, say=said.append)):
        until(lambda: starts(tmp_path) >= 3)

    assert any(
        "beat ended (exit status 3)" in line and "the broker is gone" in line for line in said
    )


def test_a_killed_program_comes_back(tmp_path, said, quick):
    steady = counting(tmp_path, "time.sleep(600)")
    running = Supervisor([steady], var=tmp_path, say=said.append)

    with Running(running):
        until(lambda: starts(tmp_path) == 1)
        os.kill(running.children[0].process.pid, signal.SIGKILL)
        until(lambda: starts(tmp_path) == 2)

    assert "signal 9" in said[0]


def test_a_program_that_stops_answering_is_ended_and_started_again(tmp_path, said, quick):
    answers = {"well": True}
    hanging = counting(tmp_path, "time.sleep(600)", healthy=lambda: answers["well"])
    running = Supervisor([hanging], var=tmp_path, say=said.append)
    assert running.wait_ready()

    with Running(running):
        answers["well"] = False
        until(lambda: starts(tmp_path) >= 2)

    assert "beat does not answer; ending it." in said


def test_what_runs_once_is_not_started_again_and_gives_its_status(tmp_path, said, quick):
    walk = counting(tmp_path, "sys.exit(0)", name="walk", once=True)

    with Running(Supervisor([walk], var=tmp_path, say=said.append), until="walk") as it:
        until(lambda: it.status is not None)

    assert it.status == 0
    assert starts(tmp_path) == 1


def test_what_runs_once_and_keeps_failing_gives_its_status_in_the_end(tmp_path, said, quick):
    walk = counting(tmp_path, "sys.exit(4)", name="walk", once=True)

    with Running(Supervisor([walk], var=tmp_path, say=said.append), until="walk") as it:
        until(lambda: it.status is not None)

    assert it.status == 4


def test_a_check_is_not_tried_again_when_it_must_pass_at_once(tmp_path, said, quick):
    walk = counting(tmp_path, "sys.exit(4)", name="walk", once=True, tries=1)

    with Running(Supervisor([walk], var=tmp_path, say=said.append), until="walk") as it:
        until(lambda: it.status is not None)

    assert it.status == 4
    assert starts(tmp_path) == 1


def test_stopping_ends_the_children_of_children_too(tmp_path, said, quick):
    parent = counting(
        tmp_path,
        "import subprocess; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        " (pathlib.Path(" + repr(str(tmp_path)) + ") / 'up').touch(); time.sleep(600)",
    )
    running = Supervisor([parent], var=tmp_path, say=said.append)

    with Running(running):
        until((tmp_path / "up").exists)
        family = [psutil.Process(running.children[0].process.pid)]
        family += family[0].children(recursive=True)
        assert len(family) == 2

    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_two_supervisors_never_share_a_folder(tmp_path):
    with sole(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())), sole(tmp_path):
        pass


def test_a_supervisor_that_was_killed_leaves_children_that_its_successor_ends(tmp_path):
    code = f"""
        from pathlib import Path
        from integrity.supervisor import Program, Supervisor, python, sole
        var = Path({str(tmp_path)!r})
        with sole(var):
            web = Program("web", python("-c", "import time; time.sleep(600)"))
            running = Supervisor([web], var=var, say=print)
            running.wait_ready()
            print(running.children[0].process.pid, flush=True)
            running.run()
    """
    killed = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout
    orphan = psutil.Process(int(killed.stdout.readline()))
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert orphan.is_running()

    with sole(tmp_path):
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_processes_of_another_folder_are_left_alone(tmp_path, said, quick):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    running = Supervisor([sleeper()], var=elsewhere, say=said.append)

    with Running(running):
        until(lambda: running.children[0].process is not None)

        assert end_leftovers(here) == 0
        assert running.children[0].process.poll() is None
