"""The audit log: sealed in order, whole after any race, and naming the link that was tampered with."""

import io
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from integrity.audit import services
from integrity.audit.models import AuditEvent, PersonalText, Seal
from integrity.audit.services import SYSTEM, Actor

NOW = datetime(2026, 3, 18, 21, 5, tzinfo=UTC)
MILA = Actor("user", "mila")


def write(verb: str = "decision.recorded", **more) -> AuditEvent:
    values = {"subject_type": "decision", "subject_id": "d-1", "by": MILA, "at": NOW, **more}
    return services.record(verb=verb, **values)


def tamper(sql: str) -> None:
    """Do what only the tables' owner can, with the lock taken off on purpose."""
    with connection.cursor() as cursor:
        for table in ("audit_auditevent", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(sql)
        for table in ("audit_auditevent", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def seal_all() -> None:
    """Seal everything, waiting for what other tests on the same server have begun before it."""
    until = time.monotonic() + 120
    while AuditEvent.objects.filter(seal=None).exists() and time.monotonic() < until:
        if not services.seal_events():
            time.sleep(0.05)


def sealed(count: int = 5) -> list[AuditEvent]:
    events = [write(subject_id=f"d-{n}") for n in range(count)]
    seal_all()
    return events


# Events are sealed once their transaction has ended, so these tests commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_whole_log_says_so():
    sealed(5)
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert "whole: 5 links" in out.getvalue()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE audit_auditevent SET verb = 'nothing.happened' WHERE id = {id}", "altered"),
        ("UPDATE audit_auditevent SET actor_id = 'bram' WHERE id = {id}", "altered"),
        ("UPDATE audit_auditevent SET at = at - interval '1 day' WHERE id = {id}", "altered"),
        ("UPDATE audit_auditevent SET data = '{{\"held\": true}}' WHERE id = {id}", "altered"),
        ("UPDATE audit_auditevent SET subject_id = 'd-9' WHERE id = {id}", "altered"),
        ("UPDATE audit_seal SET hash = repeat('0', 64) WHERE event_id = {id}", "altered"),
        ("UPDATE audit_seal SET prev_hash = repeat('0', 64) WHERE event_id = {id}", "follow"),
        ("DELETE FROM audit_seal WHERE event_id = {id}", "missing"),
    ],
)
def test_what_was_tampered_with_is_named(sql, says):
    events = sealed(5)
    tamper(sql.format(id=events[2].pk))

    held, broken = services.verify()

    assert held == 2
    assert broken is not None
    assert broken.seq == 3
    assert says in broken.what


def test_an_event_cut_out_of_the_middle_with_its_seal_is_noticed():
    events = sealed(5)
    tamper(
        f"DELETE FROM audit_seal WHERE event_id = {events[2].pk};"
        f"DELETE FROM audit_auditevent WHERE id = {events[2].pk};"
        f"UPDATE audit_seal SET seq = seq - 1 WHERE seq > 3"
    )

    _, broken = services.verify()

    assert broken is not None
    assert broken.event == str(events[3].public_id)


def test_the_command_fails_at_a_broken_link_and_names_it():
    events = sealed(3)
    tamper(f"UPDATE audit_auditevent SET verb = 'x' WHERE id = {events[1].pk}")

    with pytest.raises(CommandError, match=str(events[1].public_id)):
        call_command("verify_audit")


def test_an_altered_personal_text_is_noticed_and_an_erased_one_is_not_a_break():
    event = write(personal_text="Ik ben bedreigd in de Kerkstraat.")
    seal_all()
    PersonalText.objects.update(text="Er was niets.")
    assert "personal text" in str(services.verify()[1])

    services.erase_personal_text(event=event, by=SYSTEM, at=NOW)

    seal_all()
    assert services.verify() == (2, None)
    assert not PersonalText.objects.exists()


def test_an_event_is_sealed_only_after_all_that_began_before_it_has_ended():
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write("slow.began_first")
            begun.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(20)
    write("quick.ended_first")
    early = services.seal_events()
    may_end.set()
    thread.join()
    seal_all()

    assert early == 0
    verbs = list(Seal.objects.order_by("seq").values_list("event__verb", flat=True))
    assert verbs == ["slow.began_first", "quick.ended_first"]


def test_many_writers_and_sealers_at_once_leave_one_whole_chain():
    def work(number: int) -> None:
        for n in range(15):
            with transaction.atomic():
                write(subject_id=f"d-{number}-{n}")
                if n % 5 == 4:
                    write("second.of_its_transaction", subject_id=f"d-{number}-{n}")
            services.seal_events(limit=7)
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all()

    assert services.verify() == (6 * 18, None)
    assert AuditEvent.objects.filter(seal=None).count() == 0


def test_a_rolled_back_change_leaves_no_event():
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert not AuditEvent.objects.exists()


def test_after_a_restore_into_a_younger_server_sealing_goes_on():
    sealed(2)
    tamper("UPDATE audit_auditevent SET transaction = transaction + 1000000000")
    write()

    seal_all()

    assert services.verify() == (3, None)


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_seal"])
@pytest.mark.parametrize(
    "change", ["UPDATE {t} SET id = id", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"]
)
def test_the_app_role_cannot_change_or_empty_the_log(table, change):
    sealed(1)

    with as_app() as app, pytest.raises(_refusals()):
        app.execute(change.format(t=table))

    assert AuditEvent.objects.count() == Seal.objects.count() == 1


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_seal"])
@pytest.mark.parametrize("change", ["UPDATE {t} SET id = id + 1", "DELETE FROM {t}"])
def test_even_the_owner_is_refused_while_the_lock_is_on(table, change):
    sealed(1)

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        connection.cursor().execute(change.format(t=table))


def test_the_app_role_cannot_take_the_lock_off():
    with as_app() as app:
        for sql in (
            "ALTER TABLE audit_auditevent DISABLE TRIGGER append_only",
            "DROP TRIGGER append_only ON audit_auditevent",
            "SET session_replication_role = replica",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END'",
        ):
            with pytest.raises(_refusals()):
                app.execute(sql)


def test_a_look_at_something_sensitive_is_recorded_once_an_hour():
    def look(at: datetime, by: Actor = MILA):
        return services.record_read(subject_type="report", subject_id="r-1", by=by, at=at)

    first, again = look(NOW), look(NOW + timedelta(minutes=59))
    other = look(NOW, by=Actor("user", "bram"))
    later = look(NOW + timedelta(minutes=61))

    assert first is not None
    assert again is None
    assert other is not None
    assert later is not None
    assert {event.verb for event in AuditEvent.objects.all()} == {"report.read"}


def as_app():
    """Connect as the role that the app has in production."""
    import psycopg

    settings = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'waarborg_app'")
        if cursor.fetchone() is None:
            pytest.skip("this server has no role waarborg_app")
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    return psycopg.connect(
        dbname=settings["NAME"], host=host, port=settings["PORT"] or None,
        user="waarborg_app", autocommit=True,
    )  # fmt: skip


def _refusals():
    import psycopg

    return (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)
