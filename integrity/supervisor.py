"""Keeps a set of programs running: starts, watches, restarts with back-off, and stops them.

Every child carries a mark in its environment, so that a supervisor that was killed leaves nothing
behind that its successor cannot find and end.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from integrity import env

MARK = "WAARBORG_SUPERVISED"
TICK = 0.1
CHECK_STARTING, CHECK_RUNNING = 0.5, 10.0
FAILED_CHECKS = 3
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)
# A child that ran this long before it ended starts its back-off anew.
STEADY = 60.0
STOP_WITHIN = 15.0
KEEP_LOG = 5_000_000


class AlreadyRunning(RuntimeError):
    """Another supervisor has this folder; the message says which process."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program: how to start it, and how to ask whether it is well."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    # None: running is well enough.
    healthy: Callable[[], bool] | None = None
    # A program that ends by itself; it is not started again after exit status 0.
    once: bool = False
    tries: int = 6
    ready_within: float = 90.0


class _Child:
    """One program as it runs now."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.ready = program.healthy is None
        self.ends = 0
        self.failed_checks = 0
        self.next_check = 0.0
        self.check: Future[bool] | None = None
        self.finished: int | None = None


class Supervisor:
    """Runs programs until it is told to stop, or until one that runs once has finished."""

    def __init__(
        self,
        programs: Iterable[Program],
        *,
        var: Path,
        say: Callable[[str], None],
        keep_alive: Callable[[], None] = lambda: None,
    ) -> None:
        self.children = [_Child(program) for program in programs]
        self.logs = var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.mark = str(var.resolve())
        self.say = say
        self.keep_alive = keep_alive
        self.stopping = False
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="check")
        self._alive: Future[None] | None = None
        self._next_alive = time.monotonic() + CHECK_RUNNING

    def stop_soon(self, *_: object) -> None:
        """Ask the loop to end; a second time, end the children at once."""
        if self.stopping:
            for child in self.children:
                _end_group(child.process, signal.SIGKILL)
        self.stopping = True

    def wait_ready(self) -> bool:
        """Start everything and wait until each program is well; False when stopped or one is not.

        Programs that run once are not started yet.
        """
        waiting = [child for child in self.children if not child.program.once]
        deadline = time.monotonic() + max(c.program.ready_within for c in waiting)
        while not self.stopping:
            self._tick(waiting)
            if all(child.ready and child.process for child in waiting):
                return True
            if time.monotonic() > deadline:
                for child in waiting:
                    if not child.ready:
                        self.say(f"{child.program.name} is not ready.{self._tail(child)}")
                return False
            time.sleep(TICK)
        return False

    def run(self, *, until: str | None = None) -> int:
        """Keep everything running until told to stop; return the exit status of `until`."""
        while not self.stopping:
            self._tick(self.children)
            for child in self.children:
                if child.program.name == until and child.finished is not None:
                    return child.finished
            time.sleep(TICK)
        return 0 if until is None else 130

    def stop(self) -> None:
        """End the children, last started first, and wait for them."""
        self.stopping = True
        running = [c for c in reversed(self.children) if c.process and c.process.poll() is None]
        for child in running:
            assert child.process is not None
            # Only the leader is asked: it lets its own children finish what they have in hand.
            child.process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.program.name} did not stop in time and was ended.")
            _end_group(child.process, signal.SIGKILL)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tick(self, children: Sequence[_Child]) -> None:
        now = time.monotonic()
        for child in children:
            if child.finished is None:
                self._look_at(child, now)
        if now >= self._next_alive and (self._alive is None or self._alive.done()):
            if self._alive is not None and (error := self._alive.exception()):
                self.say(str(error))
            self._next_alive = now + CHECK_RUNNING
            self._alive = self._pool.submit(self.keep_alive)

    def _look_at(self, child: _Child, now: float) -> None:
        if child.process is None:
            if now >= child.start_at:
                self._start(child, now)
        elif (status := child.process.poll()) is not None:
            self._ended(child, status, now)
        else:
            self._check(child, now)

    def _start(self, child: _Child, now: float) -> None:
        log = self.logs / f"{child.program.name}.log"
        if log.exists() and log.stat().st_size > KEEP_LOG:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            # Its own session: Ctrl-C reaches the supervisor alone, which stops all in order.
            child.process = subprocess.Popen(  # noqa: S603 - our own commands
                list(child.program.command),
                cwd=env.REPOSITORY,
                env=env.for_child(**child.program.environment, **{MARK: self.mark}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child.started_at, child.next_check = now, now + CHECK_STARTING
        child.failed_checks, child.check = 0, None
        child.ready = child.program.healthy is None

    def _ended(self, child: _Child, status: int, now: float) -> None:
        _end_group(child.process, signal.SIGKILL)
        child.process = None
        if child.program.once and status == 0:
            child.finished = 0
            return
        if child.program.once and child.ends + 1 >= child.program.tries:
            child.finished = status
            return
        child.ends = 0 if now - child.started_at > STEADY else child.ends
        wait = BACK_OFF[min(child.ends, len(BACK_OFF) - 1)]
        child.ends += 1
        child.start_at = now + wait
        self.say(
            f"{child.program.name} ended ({_describe(status)}); "
            f"starting it again in {wait:.0f} s.{self._tail(child)}"
        )

    def _check(self, child: _Child, now: float) -> None:
        if child.program.healthy is None:
            return
        if child.check is None:
            if now >= child.next_check:
                child.check = self._pool.submit(child.program.healthy)
            return
        if not child.check.done():
            return
        well = child.check.exception() is None and child.check.result()
        child.check = None
        if well:
            child.ready, child.failed_checks = True, 0
        elif child.ready:
            child.failed_checks += 1
        child.next_check = now + (CHECK_RUNNING if child.ready else CHECK_STARTING)
        late = not child.ready and now - child.started_at > child.program.ready_within
        if late or child.failed_checks >= FAILED_CHECKS:
            self.say(f"{child.program.name} does not answer; ending it.")
            _end_group(child.process, signal.SIGKILL)

    def _tail(self, child: _Child) -> str:
        log = self.logs / f"{child.program.name}.log"
        lines = log.read_bytes()[-4000:].decode(errors="replace").splitlines()[-12:]
        return "".join(f"\n    | {line}" for line in lines) + f"\n    all of it: {log}"


@contextlib.contextmanager
def sole(var: Path) -> Iterator[None]:
    """Hold the folder for this process alone; end what a killed predecessor left running."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"Waarborg runs from {var} already (process {lock.read().strip() or 'unknown'}). "
                "Stop it with Ctrl-C there, or set WAARBORG_VAR to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        end_leftovers(var)
        yield


def end_leftovers(var: Path) -> int:
    """End the processes that a supervisor of this folder started and left; return how many."""
    mark = str(var.resolve())
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                process.terminate()
                left.append(process)
    for process in psutil.wait_procs(left, timeout=STOP_WITHIN)[1]:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return len(left)


def _end_group(process: "subprocess.Popen[bytes] | None", with_signal: signal.Signals) -> None:
    # The group has the leader's id, also when the leader is gone and its children are not.
    if process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, with_signal)


def _describe(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def python(*arguments: str) -> list[str]:
    """Return the command that runs this Python with these arguments."""
    return [sys.executable, *arguments]
