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
        return body, ""
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
        each = items if isinstance(items, list) else [items]
        rows += [r for r in each if not (isinstance(r, dict) and r.get("@type") == "MediaReview")]
    return rows, ""
