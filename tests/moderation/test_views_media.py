"""Pictures, film and sound: hidden until asked, sent to who judges them, recorded."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from integrity.audit.models import AuditEvent
from integrity.audit.services import Actor as AuditActor
from moderation.choices import ItemKind
from moderation.models import Media, MediaDefaults, MediaHost
from moderation.services import media as keeping
from moderation.views.media import wanted_part
from tests.factories import make_election, make_item, make_job
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
PLATFORM = AuditActor("client", "the-platform")
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def job(db):
    make_election()
    return make_job(make_item(election="nl-gr2026"))


def keep(job, *, content=None, n=0, reference=""):
    sent = keeping.Sent(file=BytesIO(content) if content else None, reference=reference)
    return keeping.keep(item=job.item, n=n, sent=sent, by=PLATFORM, at=timezone.now()).media


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 90), "red").save(out, "PNG")
    return out.getvalue()


def page(job, user) -> str:
    return client_of(user).get(reverse("job", args=[job.public_id])).content.decode()


@pytest.mark.slow
def test_a_picture_is_fetched_only_when_somebody_asks_and_that_is_recorded(job, moderator):
    kept = keep(job, content=picture())
    address = reverse("media", args=[kept.public_id])

    shown = page(job, moderator)
    assert f'data-src="{address}"' in shown
    assert f' src="{address}"' not in shown
    assert not AuditEvent.objects.filter(verb="media.read").exists()

    answer = client_of(moderator).get(address)
    assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    event = AuditEvent.objects.get(verb="media.read")
    assert answer["Content-Type"] == "image/webp"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert event.actor_id == str(moderator.public_id)
    assert event.data["item"] == str(job.item.public_id)


@pytest.mark.slow
def test_what_shows_first_is_a_few_colours_and_opens_nothing(job, moderator):
    kept = keep(job, content=picture())

    answer = client_of(moderator).get(reverse("media_blurred", args=[kept.public_id]))

    with Image.open(BytesIO(b"".join(answer.streaming_content))) as colours:
        assert max(colours.size) <= 12
    assert not AuditEvent.objects.filter(verb="media.read").exists()


@pytest.mark.slow
def test_each_person_sets_how_media_begin(job, moderator, colleague):
    kept = keep(job, content=picture())
    client_of(moderator).post(reverse("media_defaults"), {"grey": "yes"})

    address = reverse("media", args=[kept.public_id])
    mine, theirs = page(job, moderator), page(job, colleague)

    assert MediaDefaults.objects.get(person=moderator).blur is False
    assert f' src="{address}"' in mine
    assert "data-grey" in mine
    assert "data-blur" not in mine
    assert f' src="{address}"' not in theirs


def test_film_never_plays_by_itself_and_is_muted(job, moderator):
    kept = keep(job, content=FILM)

    shown = page(job, moderator)
    client_of(moderator).post(reverse("media_defaults"), {"blur": "yes"})
    louder = page(job, moderator)

    film = shown[shown.index("<video") : shown.index("</video>")]
    assert reverse("media_original", args=[kept.public_id]) in film
    assert 'preload="none"' in film
    assert "autoplay" not in shown
    assert " muted" in film
    assert " muted" not in louder[louder.index("<video") : louder.index("</video>")]
    assert not AuditEvent.objects.filter(verb="media.read").exists()


def test_film_is_sent_as_it_came_or_in_part(job, moderator):
    kept = keep(job, content=FILM)
    client, url = client_of(moderator), reverse("media_original", args=[kept.public_id])

    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=10-19"})

    assert b"".join(whole.streaming_content) == FILM
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == FILM[10:20]
    assert part["Content-Range"] == f"bytes 10-19/{len(FILM)}"
    assert AuditEvent.objects.filter(verb="media.read").count() == 1


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=5-9", (5, 9)),
        ("bytes=5-500", (5, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=100-", None),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("bytes=²-", None),
        ("bytes=-", None),
        ("items=0-5", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_only_one_part_is_ever_sent(header, part):
    assert wanted_part(header, 100) == part


@pytest.mark.slow
def test_the_bytes_of_a_picture_as_it_came_are_never_sent(job, moderator):
    kept = keep(job, content=picture())

    answer = client_of(moderator).get(reverse("media_original", args=[kept.public_id]))

    assert answer.status_code == 404


def test_a_reference_is_left_for_in_a_new_tab_and_recorded(job, moderator):
    MediaHost.objects.create(host="media.plein.example")
    kept = keep(job, reference="https://media.plein.example/v/1.mp4")
    client, url = client_of(moderator), reverse("media_away", args=[kept.public_id])

    shown, gone = page(job, moderator), client.get(url)

    assert "https://media.plein.example/v/1.mp4" in shown
    assert 'src="https://media' not in shown
    assert gone["Location"] == "https://media.plein.example/v/1.mp4"
    assert gone["Referrer-Policy"] == "no-referrer"
    assert AuditEvent.objects.filter(verb="media.read").count() == 1


def test_a_host_that_was_forgotten_is_not_left_for(job, moderator):
    host = MediaHost.objects.create(host="media.plein.example")
    kept = keep(job, reference="https://media.plein.example/v/1.mp4")
    host.delete()

    answer = client_of(moderator).get(reverse("media_away", args=[kept.public_id]))

    assert answer.status_code == 404


def test_media_of_a_job_in_a_queue_for_other_roles_do_not_exist(job, moderator):
    kept = keep(job, content=FILM)
    job.queue.visible_to = ["auditor"]
    job.queue.save()

    client = client_of(moderator)
    for name in ("media", "media_blurred", "media_original", "media_away"):
        assert client.get(reverse(name, args=[kept.public_id])).status_code == 404, name


@pytest.mark.parametrize("name", ["../../secret-key", "/etc/passwd", "items/../../x", "items"])
def test_no_file_outside_the_folder_is_sent(name, job, moderator, tmp_path):
    (tmp_path.parent / "secret-key").write_text("secret")
    Media.objects.create(
        item=job.item, n=3, kind=ItemKind.VIDEO, original=name, display=name, sha256="x",
        received_at=timezone.now(),
    )  # fmt: skip
    kept = Media.objects.get(n=3)
    client = client_of(moderator)

    for view in ("media", "media_blurred", "media_original"):
        assert client.get(reverse(view, args=[kept.public_id])).status_code == 404


def test_a_file_that_is_gone_is_said_so(job, moderator):
    Media.objects.create(
        item=job.item, n=0, kind=ItemKind.IMAGE, original="items/aa/gone", sha256="y",
        received_at=timezone.now(),
    )  # fmt: skip

    assert "frame-away" in page(job, moderator)
