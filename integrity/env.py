"""What differs between places: read from the environment here and nowhere else."""

import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent


class MissingSetting(RuntimeError):
    """A setting that this place needs is absent; the message says how to make it."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """The organisation's identity provider."""

    provider_id: str
    name: str
    server_url: str
    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything the settings need to know about this place."""

    debug: bool
    demo: bool
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str | None
    database_owner_url: str | None
    broker_url: str | None
    act_as_owner: bool
    var: Path
    base_url: str
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    behind_proxy: bool
    time_zone: str
    api_rate: str
    webhook_private_networks: tuple[str, ...]
    cdn_purge_url: str
    cdn_purge_header: str
    email_url: str
    from_email: str
    log_level: str
    translate_url: str
    translate_key: str
    entailment_model: str
    web_bind: str
    web_workers: int
    web_threads: int
    metrics_dir: Path | None
    worker_processes: int
    worker_host: str
    oidc: Oidc | None


def use_settings() -> None:
    """Point Django at our settings, as every entrypoint does first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity.settings")


def for_child(**settings: str) -> dict[str, str]:
    """Return the environment that a child process starts with: this one and these settings."""
    return {**os.environ, **settings}


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def _number(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdigit() or int(given) < 1:
        raise MissingSetting(f"{name} is '{given}'; it must be a number from 1 up.")
    return int(given)


def _folder(name: str) -> Path | None:
    given = os.environ.get(name)
    return Path(given) if given else None


def _words(name: str, default: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in os.environ.get(name, default).split(",") if word.strip())


def _translate_url() -> str:
    given = os.environ.get("TRANSLATE_URL", "")
    if given and urlsplit(given).scheme not in ("http", "https"):
        raise MissingSetting("TRANSLATE_URL is an address of https:// (http:// on one's own host).")
    return given


def _networks(name: str) -> tuple[str, ...]:
    given = _words(name, "")
    for network in given:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise MissingSetting(f"{name}: {error} (write 10.20.0.0/16, comma between).") from error
    return given


def _secret_key(var: Path, *, production: bool) -> str:
    given = os.environ.get("DJANGO_SECRET_KEY")
    if given:
        return given
    if production:
        raise MissingSetting(
            "DJANGO_SECRET_KEY is not set. Make one with\n"
            "  python -c 'import secrets; print(secrets.token_urlsafe(50))'\n"
            "and give it to every process of this installation."
        )
    path = var / "secret-key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
    return path.read_text()


def _oidc() -> Oidc | None:
    server = os.environ.get("OIDC_SERVER_URL")
    if not server:
        return None
    missing = [n for n in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not os.environ.get(n)]
    if missing:
        raise MissingSetting(f"OIDC_SERVER_URL is set, but {' and '.join(missing)} is not.")
    address = urlsplit(server)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        raise MissingSetting("OIDC_SERVER_URL must begin with https://: who signs in rests on it.")
    return Oidc(
        provider_id=os.environ.get("OIDC_PROVIDER_ID", "organisation"),
        name=os.environ.get("OIDC_NAME", "Organisation"),
        server_url=server,
        client_id=os.environ["OIDC_CLIENT_ID"],
        secret=os.environ["OIDC_CLIENT_SECRET"],
    )


@cache
def load() -> Environment:
    """Read the environment once."""
    database_url = os.environ.get("DATABASE_URL")
    broker_url = os.environ.get("BROKER_URL")
    if database_url and not broker_url:
        raise MissingSetting("DATABASE_URL is set, but BROKER_URL (Redis or RabbitMQ) is not.")
    var = Path(os.environ.get("WAARBORG_VAR", REPOSITORY / "var")).resolve()
    return Environment(
        debug=_flag("WAARBORG_DEBUG"),
        demo=_flag("WAARBORG_DEMO"),
        secret_key=_secret_key(var, production=bool(database_url)),
        secret_key_fallbacks=_words("DJANGO_SECRET_KEY_FALLBACKS", ""),
        database_url=database_url,
        database_owner_url=os.environ.get("DATABASE_OWNER_URL"),
        broker_url=broker_url,
        act_as_owner=_flag("WAARBORG_ACT_AS_OWNER"),
        var=var,
        base_url=os.environ.get("WAARBORG_BASE_URL", "http://127.0.0.1:8000"),
        allowed_hosts=_words("ALLOWED_HOSTS", "127.0.0.1,localhost"),
        csrf_trusted_origins=_words("CSRF_TRUSTED_ORIGINS", ""),
        behind_proxy=_flag("WAARBORG_BEHIND_PROXY"),
        time_zone=os.environ.get("TIME_ZONE", "Europe/Amsterdam"),
        api_rate=os.environ.get("WAARBORG_API_RATE", "6000/min"),
        webhook_private_networks=_networks("WEBHOOK_PRIVATE_NETWORKS"),
        cdn_purge_url=os.environ.get("CDN_PURGE_URL", ""),
        cdn_purge_header=os.environ.get("CDN_PURGE_HEADER", ""),
        email_url=os.environ.get("EMAIL_URL", "consolemail://"),
        from_email=os.environ.get("FROM_EMAIL", "waarborg@localhost"),
        log_level=os.environ.get("LOG_LEVEL", "INFO"),
        translate_url=_translate_url(),
        translate_key=os.environ.get("TRANSLATE_KEY", ""),
        entailment_model=os.environ.get("ENTAILMENT_MODEL", ""),
        web_bind=os.environ.get("WEB_BIND", "127.0.0.1:8000"),
        web_workers=_number("WEB_WORKERS", 2),
        web_threads=_number("WEB_THREADS", 8),
        metrics_dir=_folder("PROMETHEUS_MULTIPROC_DIR"),
        worker_processes=_number("WORKER_PROCESSES", 2),
        worker_host=os.environ.get("WORKER_HOST") or socket.gethostname(),
        oidc=_oidc(),
    )
