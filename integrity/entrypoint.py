"""The house's programs by name, the same for the supervisor, the containers and any other keeper.

`python -m integrity.entrypoint web | worker QUEUE[,QUEUE] | beat | migrate | healthy …`
"""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

from celery import Celery

from integrity import embedded, env

QUEUES = ("default", "inference", "delivery")


def web() -> list[str]:
    """Return the command that serves pages and API."""
    return _python("-m", "gunicorn", "-c", "python:integrity.serving", "integrity.wsgi")


def worker(queues: str, *, processes: int | None = None) -> list[str]:
    """Return the command of a worker for these queues, comma between them."""
    unknown = set(queues.split(",")) - set(QUEUES)
    if unknown:
        raise ValueError(f"There is no queue {', '.join(sorted(unknown))}: {', '.join(QUEUES)}.")
    return _python(
        *("-m", "celery", "-A", "integrity.celery", "worker"),
        *("-n", worker_name(queues), "-Q", queues),
        *("-c", str(processes or env.load().worker_processes)),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    )


def beat() -> list[str]:
    """Return the command of the clock; run one, wherever the workers are."""
    return _python(
        "-m", "celery", "-A", "integrity.celery", "beat", "--loglevel", "WARNING", "--pidfile="
    )


def migrations() -> list[list[str]]:
    """Return the commands that bring the database up to date, in order, as the tables' owner."""
    return [
        _python("manage.py", "migrate", "--noinput"),
        _python("manage.py", "createcachetable"),
    ]


def worker_name(queues: str) -> str:
    """Return what a worker answers to: unique per machine."""
    return f"{queues.replace(',', '-')}@{env.load().worker_host}"


def answers(url: str) -> bool:
    """Say whether an address answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker_answers(name: str, broker_url: str) -> bool:
    """Say whether the worker of that name answers over the broker."""
    asking = Celery(broker=broker_url, set_as_current=False)
    asking.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 5}
    asking.conf.broker_connection_retry = False
    try:
        return bool(asking.control.ping(destination=[name], timeout=3))
    finally:
        asking.close()


def broker_url() -> str:
    """Return the broker of this place."""
    here = env.load()
    return here.broker_url or embedded.addresses(here.var).broker_url


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _healthy(what: Sequence[str]) -> bool:
    match what:
        case ["web"]:
            return answers(f"http://127.0.0.1:{env.load().web_bind.rpartition(':')[2]}/readyz")
        case ["worker", queues]:
            return worker_answers(worker_name(queues), broker_url())
    raise ValueError("healthy web | healthy worker QUEUE[,QUEUE]")


def main(argv: Sequence[str]) -> int:
    """Become the program that was asked for."""
    os.chdir(env.REPOSITORY)
    try:
        env.load()
        match argv:
            case ["web"]:
                command = web()
            case ["worker", queues]:
                command = worker(queues)
            case ["beat"]:
                command = beat()
            case ["migrate"]:
                for step in migrations():
                    subprocess.run(step, check=True)  # noqa: S603 - our own commands
                return 0
            case ["healthy", *what]:
                return 0 if _healthy(what) else 1
            case _:
                raise ValueError(str(__doc__))
    except (ValueError, env.MissingSetting) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    os.execv(command[0], command)  # noqa: S606 - our own commands


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
