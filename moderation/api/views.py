"""The calls of API v1."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integrity.audit.services import Actor as AuditActor
from integrity.outbox import queries as outbox
from integrity.outbox import services as outbox_services
from integrity.outbox import telling
from integrity.people.choices import Scope
from integrity.people.models import ApiKey
from integrity.people.services import actor_of
from moderation.api import batches, describing, schemas
from moderation.api.answers import (
    BatchAnswer,
    FeedAnswer,
    KeptAnswer,
    MediaAnswer,
    Problem,
    StandingAnswer,
)
from moderation.api.batches import Batch, JsonRows, NdjsonRows
from moderation.api.media import MediaBytes, MediaReference, refused, sent
from moderation.models import Item
from moderation.queries import standing
from moderation.services import intake
from moderation.services import media as media_services
from moderation.services.intake import RowResult
from moderation.services.media import MediaProblem

FEED_PAGE = 100
FEED_PAGE_AT_MOST = 1_000


class ItemsView(APIView):
    """Taking in items."""

    scopes = {"POST": Scope.ITEMS_WRITE}
    parser_classes = [JsonRows, NdjsonRows]

    @extend_schema(
        operation_id="postItems",
        summary="Send items",
        description=describing.ITEMS,
        request=describing.rows(schemas.ITEM, describing.ITEM_EXAMPLES),
        responses=describing.BATCH_RESPONSES,
        tags=["Items"],
    )
    def post(self, request: Request) -> Response:
        """Take in a batch; good rows are kept beside bad ones."""
        batch = batches.read_items(request.data, schemas.ITEMS)
        results = intake.accept_items(batch.rows, by=_caller(request), at=timezone.now())
        return batch_answer(batch, results)


class TractionView(APIView):
    """Taking in view counts."""

    scopes = {"POST": Scope.ITEMS_WRITE}
    parser_classes = [JsonRows, NdjsonRows]

    @extend_schema(
        operation_id="postTraction",
        summary="Send view counts",
        description=describing.TRACTION,
        request=describing.rows(schemas.TRACTION, describing.TRACTION_EXAMPLES),
        responses=describing.BATCH_RESPONSES,
        tags=["Items"],
    )
    def post(self, request: Request) -> Response:
        """Take in a batch; good rows are kept beside bad ones."""
        batch = batches.read_traction(request.data, schemas.TRACTIONS)
        return batch_answer(batch, intake.record_traction(batch.rows, at=timezone.now()))


class ReportsView(APIView):
    """Taking in reports."""

    scopes = {"POST": Scope.REPORTS_WRITE}
    parser_classes = [JsonRows, NdjsonRows]

    @extend_schema(
        operation_id="postReports",
        summary="Send reports",
        description=describing.REPORTS,
        request=describing.rows(schemas.REPORT, describing.REPORT_EXAMPLES),
        responses=describing.BATCH_RESPONSES,
        tags=["Reports"],
    )
    def post(self, request: Request) -> Response:
        """Take in a batch; good rows are kept beside bad ones."""
        batch = batches.read_reports(request.data, schemas.REPORTS)
        results = intake.accept_reports(batch.rows, by=_caller(request), at=timezone.now())
        return batch_answer(batch, results)


class ItemView(APIView):
    """Where one item stands."""

    scopes = {"GET": Scope.ITEMS_READ}

    @extend_schema(
        operation_id="getItem",
        summary="See where an item stands",
        description=describing.STANDING,
        parameters=[describing.EXTERNAL_ID],
        responses={200: StandingAnswer, **describing.PROBLEMS, 404: Problem},
        tags=["Items"],
    )
    def get(self, request: Request, external_id: str) -> Response:
        """Tell labels, actions with their statements, and how far the reading is."""
        return Response(StandingAnswer(standing.standing(_item(external_id))).data)


class MediaView(APIView):
    """Taking in what an item shows or lets hear."""

    scopes = {"PUT": Scope.ITEMS_WRITE}
    parser_classes = [MediaReference, MediaBytes]

    @extend_schema(
        operation_id="putMedia",
        summary="Send a picture, film or sound of an item",
        description=describing.MEDIA,
        parameters=[describing.EXTERNAL_ID, describing.N],
        request=describing.MEDIA_REQUEST,
        responses={
            200: KeptAnswer,
            201: KeptAnswer,
            **describing.PROBLEMS,
            404: Problem,
            413: Problem,
            422: Problem,
        },
        tags=["Items"],
    )
    def put(self, request: Request, external_id: str, n: int) -> Response:
        """Keep bytes, or a reference to a registered host; the same again changes nothing."""
        item = _item(external_id)
        with sent(request.data) as medium:
            try:
                kept = media_services.keep(
                    item=item, n=n, sent=medium, by=_caller(request), at=timezone.now()
                )
            except MediaProblem as problem:
                raise refused(problem) from problem
        code = status.HTTP_201_CREATED if kept.created else status.HTTP_200_OK
        body = {**MediaAnswer(kept.media).data, "status": _status(kept)}
        return Response(body, status=code)


class ActionsView(APIView):
    """The feed of what was decided and what is owed to the platform's users."""

    scopes = {"GET": Scope.ACTIONS_READ}

    @extend_schema(
        operation_id="getActions",
        summary="Follow what was decided",
        description=describing.FEED,
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "integer", "minimum": 0, "maximum": 2**63 - 1, "default": 0},
                description="The `next` of the page before; leave it out to begin at the start.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": FEED_PAGE_AT_MOST, "default": 100},
            ),
        ],
        responses={200: FeedAnswer, **describing.PROBLEMS},
        tags=["Actions"],
    )
    def get(self, request: Request) -> Response:
        """Return events in one order for ever; asking for more confirms what came before."""
        after = _number(request, "after", default=0, at_most=2**63 - 1)
        limit = _number(request, "limit", default=FEED_PAGE, at_least=1, at_most=FEED_PAGE_AT_MOST)
        outbox_services.place_events()
        outbox_services.confirm_read(
            reader=str(_key(request).public_id), position=after, at=timezone.now()
        )
        events = outbox.events_after(after, limit=limit + 1)
        shown = events[:limit]
        body = {
            "events": [telling.message(event) for event in shown],
            "next": str(shown[-1].position if shown else after),
            "more": len(events) > limit,
        }
        return Response(body)


def batch_answer(batch: Batch[Any], results: list[RowResult]) -> Response:
    """Answer for every row: 200 when any is with us, 422 when none is."""
    faults = [
        RowResult(f.row, f.external_id, field=f.field, message=f.message) for f in batch.faults
    ]
    rows = sorted([*results, *faults], key=lambda r: r.row)
    good = [r for r in rows if r.status != "error"]
    answer = BatchAnswer(
        {
            "accepted": len(good),
            "results": rows,
            "errors": [r for r in rows if r.status == "error"],
        }
    )
    return Response(answer.data, status=200 if good else 422)


def _key(request: Request) -> ApiKey:
    assert isinstance(request.auth, ApiKey)  # HasScope lets nobody else in
    return request.auth


def _caller(request: Request) -> AuditActor:
    return actor_of(_key(request))


def _status(kept: media_services.Kept) -> str:
    return "created" if kept.created else "unchanged"


def _item(external_id: str) -> Item:
    item = None if "\x00" in external_id else standing.find_item(external_id)
    if item is None:
        raise exceptions.NotFound("This item is not known here; send the item first.")
    return item


def _number(request: Request, name: str, *, default: int, at_most: int, at_least: int = 0) -> int:
    text = request.query_params.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) < 20 and at_least <= int(text) <= at_most:
        return int(text)
    raise exceptions.ValidationError({name: f"Send a whole number from {at_least} to {at_most}."})
