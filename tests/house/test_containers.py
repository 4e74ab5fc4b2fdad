"""There is no container engine where the tests run: the files are read, and what they start is run."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from integrity import embedded, entrypoint, env

DOCKER = Path(__file__).resolve().parents[2] / "docker"


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def stages() -> dict[str, list[str]]:
    """The Dockerfile's instructions by stage."""
    text = re.sub(r"\\\n\s*", " ", (DOCKER / "Dockerfile").read_text())
    found: dict[str, list[str]] = {}
    stage = "before"
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if match := re.match(r"FROM (\S+)(?: AS (\S+))?$", line):
            stage = match[2] or "last"
            found[stage] = [line]
        else:
            found.setdefault(stage, []).append(line)
    return found


def house(compose: dict) -> dict[str, dict]:
    return {k: v for k, v in compose["services"].items() if v["image"] == "waarborg"}


def test_each_queue_has_its_worker_and_there_is_one_clock(compose):
    commands = [tuple(service["command"]) for service in house(compose).values()]

    assert sorted(commands) == sorted(
        [("web",), ("beat",), ("migrate",), *(("worker", queue) for queue in entrypoint.QUEUES)]
    )


def test_only_the_migration_knows_the_owner(compose):
    knowing = [n for n, s in house(compose).items() if "DATABASE_OWNER_URL" in s["environment"]]

    assert knowing == ["migrate"]


def test_no_secret_is_written_down(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "_URL", "AUTH")):
                assert "${" in value or name == "EMAIL_URL", name


def test_everything_waits_for_the_migration_and_runs_with_no_more_rights_than_it_needs(compose):
    for name, service in house(compose).items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        if name != "migrate":
            assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_every_setting_in_the_compose_file_is_one_that_the_house_reads(compose):
    known = (Path(env.__file__)).read_text()

    for service in house(compose).values():
        for name in service["environment"]:
            assert f'"{name}"' in known, name


def test_the_image_runs_as_nobody_special_and_without_torch(stages):
    serving = stages["runtime"]

    assert any(line.startswith("USER waarborg") for line in serving)
    assert "requirements-dev.lock" not in " ".join(stages["build"] + serving)
    assert stages["last"] == ["FROM runtime"]
    lock = (DOCKER.parent / "requirements.lock").read_text()
    assert not re.search(r"^torch==", lock, re.MULTILINE)


def test_only_the_training_image_takes_another_index_for_torch(stages):
    taking = [name for name, lines in stages.items() if "PIP_EXTRA_INDEX_URL" in " ".join(lines)]

    assert taking == ["build-training"]


def test_the_image_copies_nothing_that_stays_at_home():
    left_out = (DOCKER / "Dockerfile.dockerignore").read_text().split()

    assert {".git", ".venv", "var"} <= set(left_out)


def test_the_image_starts_what_the_entrypoint_knows(stages):
    serving = " ".join(stages["runtime"])

    assert 'ENTRYPOINT ["python", "-m", "integrity.entrypoint"]' in serving
    assert 'CMD ["web"]' in serving


@pytest.mark.slow
def test_the_roles_of_the_container_have_the_rights_of_the_embedded_ones(tmp_path):
    """Runs the file on the embedded PostgreSQL, under other names, then takes all away again."""
    sql = (DOCKER / "postgres" / "roles.sql").read_text()
    for role in ("waarborg_owner", "waarborg_app"):
        sql = sql.replace(role, f"{role}_tried")
    path = tmp_path / "roles.sql"
    path.write_text(sql)
    sockets = re.search(r"host=(\S+)$", embedded.addresses(env.load().var).database_url)[1]

    def psql(database: str, *arguments: str, role: str = "postgres") -> subprocess.CompletedProcess:
        return subprocess.run(
            [
                embedded._bin("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", sockets,
                "-U", role, "-d", database, *arguments,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    psql("postgres", "-c", "DROP DATABASE IF EXISTS roles_tried")
    made = psql("postgres", "-c", "CREATE DATABASE roles_tried TEMPLATE template0")
    assert made.returncode == 0, made.stderr
    try:
        passwords = ("-v", "owner_password=one'two", "-v", "app_password=three")
        run = psql("roles_tried", *passwords, "-f", str(path))
        owner, app = "waarborg_owner_tried", "waarborg_app_tried"
        assert run.returncode == 0, run.stderr
        assert psql("roles_tried", "-c", "CREATE TABLE item (id int)", role=owner).returncode == 0
        assert psql("roles_tried", "-c", "INSERT INTO item VALUES (1)", role=app).returncode == 0
        refused = psql("roles_tried", "-c", "DROP TABLE item", role=app)
        assert "must be owner" in refused.stderr
        refused = psql("roles_tried", "-c", "TRUNCATE item", role=app)
        assert "permission denied" in refused.stderr
        refused = psql("roles_tried", "-c", "CREATE TABLE other (id int)", role=app)
        assert "permission denied" in refused.stderr
    finally:
        psql("postgres", "-c", "DROP DATABASE roles_tried")
        psql("postgres", "-c", "DROP ROLE waarborg_owner_tried")
        psql("postgres", "-c", "DROP ROLE waarborg_app_tried")
