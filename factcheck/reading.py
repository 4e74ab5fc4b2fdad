"""Reading an uploaded file of rows: bounded, and with words for what is wrong with it."""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

SIZE_AT_MOST = 5 * 1024 * 1024


def read_rows(file: UploadedFile) -> tuple[list[Any], str]:
    """Return the rows of a JSON list or DataFeed, or why the file cannot be read."""
    if file.size is None or file.size > SIZE_AT_MOST:
        return [], _("This file is too large: at most 5 MB.")
    try:
        body = json.loads(file.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return [], _("This is not a JSON file in UTF-8.")
    return rows_of(body)


def rows_of(body: Any) -> tuple[list[Any], str]:
    """Return the ClaimReview rows of a list, a single review, or a DataFeed."""
    if isinstance(body, list):
        return with_media(body), ""
    if not isinstance(body, dict):
        return [], _("Give a list of ClaimReview objects, or a DataFeed with them.")
    if body.get("@type") == "ClaimReview":
        return [body], ""
    elements = body.get("dataFeedElement")
    if not isinstance(elements, list):
        return [], _("Give a list of ClaimReview objects, or a DataFeed with them.")
    rows: list[Any] = []
    for element in elements:
        items = element.get("item") if isinstance(element, dict) else None
        rows += with_media(items if isinstance(items, list) else [items])
    return rows, ""


def with_media(rows: list[Any]) -> list[Any]:
    """Put each MediaReview into the ClaimReview of the same address; one alone stays a row."""
    media = {
        str(row.get("url")): row
        for row in rows
        if isinstance(row, dict) and row.get("@type") == "MediaReview"
    }
    joined, used = [], set()
    for row in rows:
        if isinstance(row, dict) and row.get("@type") != "MediaReview":
            url = str(row.get("url"))
            if url in media and "associatedMediaReview" not in row:
                row = {**row, "associatedMediaReview": media[url]}  # noqa: PLW2901
                used.add(url)
        joined.append(row)
    return [
        row
        for row in joined
        if not (
            isinstance(row, dict)
            and row.get("@type") == "MediaReview"
            and str(row.get("url")) in used
        )
    ]
