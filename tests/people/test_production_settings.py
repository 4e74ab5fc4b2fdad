"""With the settings of a production place, Django's own checks find nothing to say."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow

PRODUCTION = {
    "DATABASE_URL": "postgresql://waarborg_app@127.0.0.1:1/waarborg",
    "DATABASE_OWNER_URL": "postgresql://waarborg_owner@127.0.0.1:1/waarborg",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "WAARBORG_BASE_URL": "https://waarborg.example",
    "ALLOWED_HOSTS": "waarborg.example",
    "WAARBORG_BEHIND_PROXY": "1",
    "OIDC_SERVER_URL": "https://signin.example",
    "OIDC_CLIENT_ID": "waarborg",
    "OIDC_CLIENT_SECRET": "a-secret-of-the-organisation",
    "LOG_LEVEL": "ERROR",
}


def check(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the checks in a process of their own, with this environment and no other."""
    environment = {"PATH": os.environ["PATH"], "WAARBORG_VAR": str(tmp_path), **settings}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_deployment_checks_find_nothing(tmp_path):
    done = check(tmp_path, **PRODUCTION, DJANGO_SECRET_KEY=secrets.token_urlsafe(50))

    assert done.returncode == 0, done.stderr


def test_without_a_secret_key_the_error_says_how_to_make_one(tmp_path):
    done = check(tmp_path, **PRODUCTION)

    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in done.stderr
    assert "token_urlsafe" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("OIDC_SERVER_URL", "http://signin.example", "https://"),
        ("OIDC_CLIENT_SECRET", "", "OIDC_CLIENT_SECRET"),
        ("WEBHOOK_PRIVATE_NETWORKS", "10.20.0.0/99", "WEBHOOK_PRIVATE_NETWORKS"),
        ("BROKER_URL", "", "BROKER_URL"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(tmp_path, name, value, says):
    settings = {**PRODUCTION, "DJANGO_SECRET_KEY": secrets.token_urlsafe(50), name: value}

    done = check(tmp_path, **settings)

    assert done.returncode != 0
    assert says in done.stderr
