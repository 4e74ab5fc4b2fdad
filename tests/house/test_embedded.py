"""The private PostgreSQL and Redis: one pair, back after a crash with everything, gone when told."""

import os
import select
import signal
import threading
from pathlib import Path

import psycopg
import pytest

from integrity import embedded


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """A data folder of its own, with both servers running as the demo has them."""
    folder = tmp_path_factory.mktemp("house")
    embedded.ensure_running(folder)
    yield folder
    embedded.stop(folder)


def process_of_postgres(var: Path) -> int:
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def process_of_redis(var: Path) -> int:
    facts = embedded._redis_cli(var, "info", "server")
    return next(int(line.split(":")[1]) for line in facts.splitlines() if "process_id" in line)


def kill(process: int) -> None:
    """End it as a crash would, and wait until it is gone."""
    handle = os.pidfd_open(process)
    os.kill(process, signal.SIGKILL)
    select.select([handle], [], [], 20)
    os.close(handle)


def rows(var: Path) -> list[str]:
    with psycopg.connect(embedded.addresses(var).database_owner_url) as db:
        return [row[0] for row in db.execute("SELECT words FROM kept ORDER BY words")]


def test_a_crash_of_both_loses_nothing(var):
    with psycopg.connect(embedded.addresses(var).database_owner_url) as db:
        db.execute("CREATE TABLE kept (words text)")
        db.execute("INSERT INTO kept VALUES ('voor de crash')")
    embedded._redis_cli(var, "rpush", "inference", "een duwtje")

    kill(process_of_redis(var))
    kill(process_of_postgres(var))
    assert not embedded.postgres_answers(var)
    assert not embedded.redis_answers(var)
    embedded.ensure_running(var)

    assert rows(var) == ["voor de crash"]
    assert embedded._redis_cli(var, "lrange", "inference", "0", "-1").strip() == "een duwtje"


def test_several_who_start_at_once_share_one_pair(var):
    embedded.stop(var)
    several = [threading.Thread(target=embedded.ensure_running, args=[var]) for _ in range(4)]

    for one in several:
        one.start()
    for one in several:
        one.join(60)
    first = process_of_postgres(var), process_of_redis(var)
    embedded.ensure_running(var)

    assert (process_of_postgres(var), process_of_redis(var)) == first


def test_what_was_stopped_answers_no_more_and_stopping_again_is_fine(var):
    embedded.stop(var)

    assert not embedded.postgres_answers(var)
    assert not embedded.redis_answers(var)
    embedded.stop(var)
    embedded.ensure_running(var)


def test_nobody_but_the_house_reaches_the_sockets(var):
    sockets = embedded._sockets(var)

    assert sockets.stat().st_mode & 0o077 == 0


def test_a_server_that_cannot_start_says_where_its_log_is(tmp_path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18")

    with pytest.raises(embedded.EmbeddedError, match="pg_ctl failed"):
        embedded.ensure_running(tmp_path)
