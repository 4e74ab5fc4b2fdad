"""The words and examples of the API's description."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from moderation.api.answers import BatchAnswer, Problem
from moderation.api.schemas import ID_PATTERN, ROWS_AT_MOST

ITEMS = f"""Send 1 to {ROWS_AT_MOST} items as a JSON array, as one JSON object, or as NDJSON.
The call can be repeated: the same item at the same version is `unchanged`. An edit is sent under a
higher `version`; a deletion by `deleted_at`. The same version with other words is refused, since
the earlier words are evidence. Leave `election` and `place` out when unsure.

Good rows are kept beside bad ones: 200 when at least one row is with us, 422 when none is."""
TRACTION = f"""Send 1 to {ROWS_AT_MOST} cumulative view counts, each with the moment it was counted.
The order of review follows them. The same count twice counts once."""
REPORTS = f"""Send 1 to {ROWS_AT_MOST} reports by people, authorities or partners about items that
are known here. `reporter` is your own id of whoever reported; they are told the outcome through
you. The same report twice is `unchanged`."""
STANDING = """Labels that viewers see, actions with their statements of reasons, and how far the
reading is. Decisions that can still be undone are not shown."""
MEDIA = """Send the bytes of a picture, film or sound, at most 100 MB, or a JSON object with a
`reference` to a host that an administrator registered. Bytes are recognised by what they are, not
by their declared type."""
INFORMATION = """
`labels.information` tells of posts about an election that got a pointer to the Election Center, or
lost it (`label` is null): `{"labels": [{"item", "version", "at", "label"}]}`. It is no decision and
no restriction. Of several about one item the latest `at` counts. While a decision's label stands,
show that one alone."""
FEED = """Every event in one order that never changes, the same messages as the webhooks. Ask again
with `next`; asking for what follows a position confirms that you have all before it.
"""
FEED += INFORMATION

_ITEM = {
    "external_id": "post-88",
    "version": 1,
    "actor": {"external_id": "account-4", "handle": "@buurvrouw", "followers": 1200},
    "posted_at": "2026-03-17T08:05:00+01:00",
    "kind": "video",
    "text": "Let op: je kunt pas donderdag stemmen!",
    "language": "nl",
    "election": "nl-gr2026",
    "place": "GM0344",
}
ITEM_EXAMPLES: dict[str, Any] = {
    "a video": [_ITEM],
    "an edit": [{**_ITEM, "version": 2, "text": "Stemmen kan op woensdag 18 maart."}],
    "a deletion": [{**_ITEM, "deleted_at": "2026-03-17T09:00:00+01:00"}],
}
TRACTION_EXAMPLES: dict[str, Any] = {
    "two counts": [
        {"external_id": "post-88", "at": "2026-03-17T08:10:00+01:00", "views": 400, "shares": 3},
        {"external_id": "post-88", "at": "2026-03-17T08:20:00+01:00", "views": 5200, "shares": 61},
    ]
}
REPORT_EXAMPLES: dict[str, Any] = {
    "a notice": [
        {
            "external_id": "report-7",
            "item": "post-88",
            "source": "article_16",
            "reason": "wrong_date",
            "text": "De verkiezing is op woensdag, niet op donderdag.",
            "reporter": "account-91",
            "language": "nl",
            "reported_at": "2026-03-17T08:30:00+01:00",
        }
    ]
}

EXTERNAL_ID = OpenApiParameter(
    "external_id",
    {"type": "string", "pattern": ID_PATTERN},
    OpenApiParameter.PATH,
    description="Your own id of the item.",
)
N = OpenApiParameter(
    "n",
    {"type": "integer", "minimum": 0, "maximum": 19},
    OpenApiParameter.PATH,
    description="Which of the item's media, from 0.",
)
MEDIA_REQUEST: dict[str, Any] = {
    "application/json": {
        "type": "object",
        "additionalProperties": False,
        "required": ["reference"],
        "properties": {
            "reference": {"type": "string", "maxLength": 2000},
            "kind": {"enum": ["image", "video", "audio"]},
        },
        "example": {"reference": "https://media.platform.example/88/0.mp4"},
    },
    "application/octet-stream": {"type": "string", "format": "binary"},
}

PROBLEMS: dict[int, Any] = {
    400: OpenApiResponse(Problem, "The call makes no sense as a whole."),
    401: OpenApiResponse(Problem, "The key is missing, unknown, expired or revoked."),
    403: OpenApiResponse(Problem, "The key lacks the scope."),
    406: OpenApiResponse(Problem, "We answer in JSON only."),
    415: OpenApiResponse(Problem, "The body has a type that this call does not read."),
    429: OpenApiResponse(Problem, "Too many calls; wait as `Retry-After` says."),
}
_GOOD_ROW = {
    "row": 0,
    "external_id": "post-88",
    "status": "created",
    "field": None,
    "message": "",
}
_BAD_ROW = {
    "row": 1,
    "external_id": "post-89",
    "status": "error",
    "field": "posted_at",
    "message": "1970-01-01 is before 2000-01-01: send when it was posted.",
}
_SOME_WRONG = OpenApiExample(
    "some rows are wrong",
    value={
        "accepted": 1,
        "results": [_GOOD_ROW, _BAD_ROW],
        "errors": [_BAD_ROW],
    },
    response_only=True,
)
BATCH_RESPONSES: dict[int, Any] = {
    200: OpenApiResponse(BatchAnswer, "At least one row is with us.", examples=[_SOME_WRONG]),
    422: OpenApiResponse(BatchAnswer, "No row could be accepted."),
    413: OpenApiResponse(Problem, "The body is too large."),
    **PROBLEMS,
}


def rows(row: dict[str, Any], examples: dict[str, Any]) -> dict[str, Any]:
    """Describe a body of rows, as JSON and as NDJSON."""
    return {
        "application/json": {
            "anyOf": [
                {"type": "array", "minItems": 1, "maxItems": ROWS_AT_MOST, "items": row},
                row,
            ],
            "examples": list(examples.values()),
        },
        "application/x-ndjson": {
            "type": "string",
            "description": "One JSON object a line, of the same shape.",
        },
    }
