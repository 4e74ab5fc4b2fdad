"""Pictures, film and sound on a job's page: hidden as each person wants, opened when asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from moderation.choices import ItemKind
from moderation.models import Media, MediaDefaults


@dataclass(frozen=True, slots=True)
class MediaSheet:
    """One medium as the page shows it; an empty address means that there is nothing to open."""

    media: Media
    kind: str
    number: int
    blurred_url: str
    picture_url: str
    play_url: str
    away_url: str
    is_hidden: bool
    is_veiled: bool
    is_blurred: bool
    is_grey: bool
    is_mute: bool


def media_sheets(rows: Iterable[Media], *, defaults: MediaDefaults) -> list[MediaSheet]:
    """Dress the media of an item for one person."""
    return [_sheet(row, number, defaults) for number, row in enumerate(rows, start=1)]


def _sheet(row: Media, number: int, defaults: MediaDefaults) -> MediaSheet:
    def address(name: str) -> str:
        return reverse(name, args=[row.public_id])

    plays = bool(row.original) and row.kind in (ItemKind.VIDEO, ItemKind.AUDIO)
    return MediaSheet(
        media=row,
        kind=row.kind,
        number=number,
        blurred_url=address("media_blurred") if row.display else "",
        picture_url=address("media") if row.display else "",
        play_url=address("media_original") if plays else "",
        away_url=address("media_away") if row.reference else "",
        is_hidden=defaults.blur or defaults.grey,
        is_veiled=defaults.blur,
        is_blurred=defaults.blur,
        is_grey=defaults.grey,
        is_mute=defaults.mute,
    )
