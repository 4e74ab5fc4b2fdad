"""What `make demo`, `make demo-check` and `make bench-intake` run: the house under a supervisor."""

import argparse
import contextlib
import hashlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from integrity import embedded, entrypoint, env
from integrity.supervisor import AlreadyRunning, Program, Supervisor, python, sole

HOST = "127.0.0.1"
PORT, PLATFORM_PORT = 8000, 8001
# What a prepared database was made from; when any of it changes, that step is done anew.
TABLES_FROM = (
    "requirements.lock",
    "*/migrations/*.py",
    "integrity/*/migrations/*.py",
    "integrity/audit/append_only.py",
    "integrity/people/grants.py",
)
DEMO_FROM = (
    "elections/data/packs/*",
    "elections/packs.py",
    "elections/services/*.py",
    "moderation/data/*",
    "integrity/people/*.py",
    "integrity/outbox/endpoints.py",
    "moderation/management/commands/load_demo.py",
    "guidance/data/*",
    "guidance/services/delivering.py",
)


class CannotRun(RuntimeError):
    """The demo cannot start here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where this run keeps its data and listens."""

    var: Path
    port: int
    platform_port: int

    @property
    def url(self) -> str:
        """The house's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def platform_url(self) -> str:
        """The demo platform's address."""
        return f"http://{HOST}:{self.platform_port}"

    @property
    def secrets(self) -> Path:
        """The file with the platform's key and the staff's sign-ins, readable by us alone."""
        return self.var / "demo" / "access.json"

    def settings(self) -> dict[str, str]:
        """Return the environment that every process of the house gets."""
        return {
            "WAARBORG_VAR": str(self.var),
            "WAARBORG_DEMO": "1",
            "WAARBORG_BASE_URL": self.url,
            "WEB_BIND": f"{HOST}:{self.port}",
            "WEB_WORKERS": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(self.var / "metrics"),
            "PYTHONUNBUFFERED": "1",
        }


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo until it is stopped, check it once, or measure it."""
    parser = argparse.ArgumentParser(prog="python -m integrity.running", description=__doc__)
    parser.add_argument("what", choices=["demo", "check", "bench"])
    parser.add_argument("--port", type=int, default=None, help=f"the house; {PORT} unless taken")
    parser.add_argument("--platform-port", type=int, help=f"the platform; {PLATFORM_PORT}")
    parser.add_argument("--speed", type=float, help="how many times faster than life the day goes")
    asked, more = parser.parse_known_args(argv)
    if more and asked.what != "bench":
        parser.error(f"unknown: {' '.join(more)}")
    began = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        if asked.what == "check":
            return _check(asked, began)
        if asked.what == "bench":
            return _bench(asked, more)
        return _demo(asked, began)
    except KeyboardInterrupt:
        say("Stopped before it ran; the next start goes on from here.")
        return 130
    except (AlreadyRunning, CannotRun, embedded.EmbeddedError, env.MissingSetting) as error:
        say(f"\n{error}")
        return 2


def _demo(asked: argparse.Namespace, began: float) -> int:
    place = Place(
        env.load().var,
        _port(asked.port, PORT, "PORT"),
        _port(asked.platform_port, PLATFORM_PORT, "PLATFORM_PORT", but=asked.port or PORT),
    )
    with sole(place.var), _servers(place):
        _prepare(place)
        supervisor = _supervise(place, [platform(place), feeder(place, speed=asked.speed or 60)])
        with _stopped_by_signals(supervisor):
            if not supervisor.wait_ready():
                return 0 if supervisor.stopping else 1
            say(_welcome(place, time.monotonic() - began))
            return supervisor.run()


def _check(asked: argparse.Namespace, began: float) -> int:
    place = _own_place("check", asked)

    def programs() -> list[Program]:
        walk = Program(
            "walk",
            python("-m", "demo.walk", *_connection(place), "--code-command", _code_command()),
            place.settings(),
            once=True,
            tries=1,
        )
        return [platform(place), feeder(place, speed=asked.speed or 240), walk]

    status = _once(
        place,
        prepare=_prepare,
        programs=programs,
        until="walk",
        ready=lambda: f"Everything answers after {time.monotonic() - began:.0f} s. The walk:",
    )
    say("demo-check: passed" if status == 0 else f"demo-check: FAILED, see {place.var / 'log'}")
    return status


def _bench(asked: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Measure intake: the house alone, empty, without the demo's people and elections."""
    place = _own_place("bench-intake", asked)
    command = python("manage.py", "bench_intake", "--url", place.url, *arguments)
    return _once(
        place,
        prepare=_prepare_tables,
        programs=lambda: [Program("bench", command, place.settings(), once=True, tries=1)],
        until="bench",
        ready=lambda: "Measuring …",
    )


def _own_place(name: str, asked: argparse.Namespace) -> Place:
    ports = (_port(asked.port, 0, "PORT"), _port(asked.platform_port, 0, "PLATFORM_PORT"))
    return Place(env.load().var / name, *ports)


def _once(
    place: Place,
    *,
    prepare: Callable[[Place], None],
    programs: Callable[[], list[Program]],
    until: str,
    ready: Callable[[], str],
) -> int:
    """Run the house from an empty folder until one program has finished; return its status."""
    with sole(place.var):
        embedded.stop(place.var)
        _empty(place.var)
        with _servers(place):
            prepare(place)
            supervisor = _supervise(place, programs())
            with _stopped_by_signals(supervisor):
                if not supervisor.wait_ready():
                    return 1
                say(ready())
                with _shown(place.var / "log" / f"{until}.log"):
                    return supervisor.run(until=until)


def _supervise(place: Place, more: Sequence[Program]) -> Supervisor:
    names = [program.name for program in more if not program.once]
    say(f"Starting {', '.join(['web', 'workers', 'beat', *names])} …")
    return Supervisor(
        [*house(place), *more],
        var=place.var,
        say=say,
        keep_alive=lambda: _keep_servers(place),
    )


def house(place: Place) -> list[Program]:
    """Return the programs of the house: web, workers, beat."""
    settings = place.settings()

    def worker(queues: str, processes: int) -> Program:
        name = entrypoint.worker_name(queues)
        return Program(
            queues.replace(",", "-"),
            entrypoint.worker(queues, processes=processes),
            settings,
            healthy=lambda: entrypoint.worker_answers(name, _broker_url(place)),
        )

    return [
        Program(
            "web",
            entrypoint.web(),
            settings,
            healthy=lambda: entrypoint.answers(f"{place.url}/readyz"),
        ),
        worker("default,delivery", 2),
        worker("inference", 1),
        Program("beat", entrypoint.beat(), settings),
    ]


def platform(place: Place) -> Program:
    """Return the demo platform: another company's program, which knows the house by HTTP."""
    return Program(
        "platform",
        python(
            "-m",
            "demo.platform",
            *_connection(place),
            "--port",
            str(place.platform_port),
            "--data",
            str(place.var / "demo" / "platform.sqlite3"),
        ),
        {"PYTHONUNBUFFERED": "1"},
        healthy=lambda: entrypoint.answers(f"{place.platform_url}/healthz"),
    )


def feeder(place: Place, *, speed: float) -> Program:
    """Return the feeder, which plays the people of the platform."""
    return Program(
        "feeder",
        python(
            "-m",
            "demo.feeder",
            "--platform",
            place.platform_url,
            "--access",
            str(place.secrets),
            "--speed",
            str(speed),
            "--position",
            str(place.var / "demo" / "feeder.json"),
        ),
        {"PYTHONUNBUFFERED": "1"},
        once=True,
    )


def _connection(place: Place) -> tuple[str, ...]:
    return ("--house", place.url, "--platform", place.platform_url, "--access", str(place.secrets))


def _code_command() -> str:
    return f"{sys.executable} manage.py demo_code"


# --- before the programs start ------------------------------------------------------------


def _port(asked: int | None, usual: int, name: str, *, but: int | None = None) -> int:
    if asked is not None:
        if not _free(asked):
            raise CannotRun(f"Port {asked} is taken. Choose another: make demo {name}=<number>")
        return asked
    if usual == 0:
        with socket.socket() as free:
            free.bind((HOST, 0))
            return int(free.getsockname()[1])
    for port in range(usual, usual + 200):
        if port != but and _free(port):
            if port != usual:
                say(f"Port {usual} is taken, so this run uses {port} (or choose: {name}=<number>).")
            return port
    raise CannotRun(f"No free port from {usual} on. Choose one: make demo {name}=<number>")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


@contextmanager
def _servers(place: Place) -> Iterator[None]:
    if env.load().database_url:
        say("Using the database and broker of DATABASE_URL and BROKER_URL.")
        yield
        return
    first = not (place.var / "postgres" / "PG_VERSION").exists()
    say(f"Starting PostgreSQL and Redis{' (first making their data folder)' if first else ''} …")
    embedded.ensure_running(place.var)
    try:
        yield
    finally:
        say("Stopping PostgreSQL and Redis …")
        embedded.stop(place.var)


def _keep_servers(place: Place) -> None:
    if not env.load().database_url and not (
        embedded.postgres_answers(place.var) and embedded.redis_answers(place.var)
    ):
        embedded.ensure_running(place.var)
        say("PostgreSQL or Redis had gone and runs again.")


def _prepare(place: Place) -> None:
    _prepare_tables(place)
    made_from = _fingerprint(DEMO_FROM, place.url, place.platform_url)
    if place.secrets.exists() and _made_from(place).get("demo") == made_from:
        return
    _step(
        place,
        "Loading the demo: elections, queues, policies, people, keys",
        python(
            *("manage.py", "load_demo"),
            *("--access", str(place.secrets), "--platform", place.platform_url),
        ),
    )
    _step(place, "Loading the guidance", python("manage.py", "load_guidance"))
    _note_made_from(place, demo=made_from)


def _prepare_tables(place: Place) -> None:
    made_from = _fingerprint(TABLES_FROM)
    if _made_from(place).get("tables") == made_from:
        return
    tables, cache = entrypoint.migrations()
    _step(place, "Making the tables (the first time half a minute, on a busy machine more)", tables)
    _step(place, "Making the cache table", cache)
    _note_made_from(place, tables=made_from)


def _fingerprint(patterns: Sequence[str], *words: str) -> str:
    made_from = hashlib.sha256(" ".join(words).encode())
    for pattern in patterns:
        for path in sorted(env.REPOSITORY.glob(pattern)):
            if path.is_file() and ".venv" not in path.parts:
                made_from.update(path.name.encode() + path.read_bytes())
    return made_from.hexdigest()


def _broker_url(place: Place) -> str:
    return env.load().broker_url or embedded.addresses(place.var).broker_url


def _owner_url(place: Place) -> str:
    here = env.load()
    if here.database_url:
        return here.database_owner_url or here.database_url
    return embedded.addresses(place.var).database_owner_url


def _made_from(place: Place) -> dict[str, str]:
    """Read what the database was made from: a comment on itself, so that it stays true."""
    with psycopg.connect(_owner_url(place), autocommit=True) as db:
        row = db.execute(
            "SELECT shobj_description(oid, 'pg_database') "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    try:
        noted = json.loads((row and row[0]) or "{}")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}


def _note_made_from(place: Place, **steps: str) -> None:
    noted = json.dumps({**_made_from(place), **steps})
    # Where somebody else owns the database, nothing is noted and the next start looks again.
    with (
        contextlib.suppress(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(_owner_url(place), autocommit=True) as db,
    ):
        db.execute(
            psycopg.sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                psycopg.sql.Identifier(db.info.dbname), psycopg.sql.Literal(noted)
            )
        )


def _step(place: Place, label: str, command: Sequence[str]) -> None:
    logs = place.var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    say(f"{label} …")
    began = told = time.monotonic()
    with (logs / "prepare.log").open("ab") as out:
        running = subprocess.Popen(  # noqa: S603 - our own commands
            list(command),
            cwd=env.REPOSITORY,
            env=env.for_child(**place.settings()),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            while running.poll() is None:
                time.sleep(0.05)
                if time.monotonic() - told > 5:
                    told = time.monotonic()
                    say(f"  … {told - began:.0f} s")
        finally:
            running.terminate()
            running.wait(30)
    if running.returncode != 0:
        tail = "\n".join((logs / "prepare.log").read_text(errors="replace").splitlines()[-15:])
        raise CannotRun(f"{label}: failed.\n{tail}\nAll of it: {logs / 'prepare.log'}")


def _empty(var: Path) -> None:
    for path in var.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in ("supervisor.lock", "embedded.lock"):
            path.unlink()


# --- while they run -----------------------------------------------------------------------


@contextmanager
def _stopped_by_signals(supervisor: Supervisor) -> Iterator[None]:
    before = {
        number: signal.signal(number, supervisor.stop_soon)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        say("Stopping …")
        supervisor.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _shown(log: Path) -> Iterator[None]:
    """Show what a program writes to its log, as it writes it."""
    over = threading.Event()

    def follow() -> None:
        seen = 0
        while True:
            last = over.wait(0.2)
            if log.exists():
                with log.open("rb") as file:
                    file.seek(seen)
                    new = file.read()
                seen += len(new)
                if new:
                    say(new.decode(errors="replace").rstrip("\n"))
            if last:
                return

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    try:
        yield
    finally:
        over.set()
        follower.join(5)


def _welcome(place: Place, seconds: float) -> str:
    access = json.loads(place.secrets.read_text())
    people = "\n".join(f"    {p['role']:<20} {p['email']}" for p in access["people"])
    first = access["people"][0]["email"]
    return f"""
Waarborg runs (ready after {seconds:.0f} s).

  The desk          {place.url}/desk/
  Election Center   {place.url}/{access["election"]}/
  The platform      {place.platform_url}/
  API and its docs  {place.url}/api/v1/docs/
  Logs              {place.var / "log"}

  Sign in with the password {access["password"]} as
{people}
  and the code that this prints:  make code EMAIL={first}

Ctrl-C stops everything; what was done is kept. `make demo` goes on from there.
"""


if __name__ == "__main__":
    sys.exit(main())
