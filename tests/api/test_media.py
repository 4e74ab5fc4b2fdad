"""Media over the API: known kinds only, evidence kept, a harmless copy to look at."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from moderation.api import media as parser
from moderation.models import Media, MediaHost
from tests.api.conftest import row

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Utrecht, thuis"
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG that says it is 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 200_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def posted(platform):
    platform.send("items", [row()])
    return platform


def put(platform, content, *, n: int = 0, kind: str = "application/octet-stream"):
    return platform.send(f"items/post-1/media/{n}", content, kind=kind, method="PUT")


@pytest.mark.slow
def test_a_picture_is_kept_as_it_came_and_copied_without_its_metadata(posted, tmp_path):
    answer = put(posted, picture("JPEG"), kind="image/jpeg")

    assert answer.status_code == 201, answer.content
    kept = Media.objects.get()
    assert (tmp_path / kept.original).read_bytes() == picture("JPEG")
    with Image.open(tmp_path / kept.display) as copy:
        assert copy.format == "WEBP"
        assert dict(copy.getexif()) == {}
    assert (kept.width, kept.height) == (40, 30)


@pytest.mark.slow
def test_the_same_bytes_again_change_nothing(posted):
    put(posted, picture())

    assert put(posted, picture()).json()["status"] == "unchanged"
    assert Media.objects.count() == 1


@pytest.mark.slow
def test_a_large_picture_is_made_small(posted):
    put(posted, picture(size=(4000, 1000)))

    assert Media.objects.get().width == 1600


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        picture()[:60],
        b"\xff\xd8\xff" + b"\0" * 5_000,
        b"GIF89a" + b"\xff" * 300,
    ],
    ids=["bomb", "cut off", "noise", "gif noise"],
)
def test_a_picture_that_cannot_be_read_is_refused_and_nothing_kept(posted, content):
    answer = put(posted, content)

    assert answer.status_code == 422
    assert "cannot be opened safely" in answer.json()["errors"][0]["message"]
    assert not Media.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"MZ\x90\0", b"%PDF-1.7", b"x", b""],
)
def test_what_is_no_picture_film_or_sound_is_refused_whatever_it_calls_itself(posted, content):
    answer = put(posted, content, kind="image/png")

    assert answer.status_code in (409, 422)
    assert not Media.objects.exists()


def test_a_film_is_kept_and_not_decoded(posted, tmp_path):
    film = b"\0\0\0\x18ftypmp42" + b"\0" * 500

    answer = put(posted, film, kind="video/mp4")

    assert answer.json()["kind"] == "video"
    assert Media.objects.get().display == ""


def test_too_many_bytes_are_refused(posted, monkeypatch):
    monkeypatch.setattr(parser, "BYTES_AT_MOST", 100)

    assert put(posted, b"\xff\xd8\xff" + b"\0" * 500).status_code == 413


def test_a_reference_needs_a_registered_host(posted):
    reference = {"reference": "https://media.plein.example/v.mp4", "kind": "video"}

    refused = put(posted, reference, kind="application/json")
    MediaHost.objects.create(host="media.plein.example")
    kept = put(posted, reference, kind="application/json")

    assert (refused.status_code, kept.status_code) == (422, 201)
    assert Media.objects.get().reference == reference["reference"]


@pytest.mark.parametrize(
    "url",
    [
        "http://media.plein.example/v.mp4",
        "https://media.plein.example@evil.example/v.mp4",
        "https://user@media.plein.example/v.mp4",
        "https://media.plein.example:8443/v.mp4",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_a_reference_that_only_looks_right_is_refused(posted, url):
    MediaHost.objects.create(host="media.plein.example")

    answer = put(posted, {"reference": url, "kind": "video"}, kind="application/json")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "reference"


def test_media_of_an_unknown_item_has_no_place(platform):
    assert put(platform, b"\xff\xd8\xff").status_code == 404


def test_an_item_has_twenty_media_at_most(posted):
    assert put(posted, b"OggS" + b"\0" * 20, n=20).json()["errors"][0]["field"] == "n"
