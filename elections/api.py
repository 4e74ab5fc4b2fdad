"""The public reading API: the same facts as the pages, for everybody, from every origin."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from elections import ballots, center, feeds, languages, queries
from elections import polling_places as places
from elections.caching import mark_public
from elections.facts import FactSheet

LANG = OpenApiParameter("lang", str, description="nl or en: the language of `text`")
PLACE = OpenApiParameter(
    "place", str, description="a municipality's code; its own facts come first"
)


class PublicView(APIView):
    """Open to all, without a key, cacheable; nothing about the reader is looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the language asked for, and let every cache and every site have it."""
        language = languages.content_language(languages.known(request.GET.get("lang")) or "nl")
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
        return mark_public(response, cors=True, **kwargs)  # type: ignore[arg-type]


def _sheet(election: str) -> FactSheet:
    sheet = queries.public_sheet(election)
    if sheet is None:
        raise NotFound("There is no such election.")
    return sheet


def _place(request: Request, sheet: FactSheet) -> str | None:
    place = request.GET.get("place", "").upper() or None
    if place and place not in sheet.places:
        raise NotFound("There is no such place in this election.")
    return place


class ElectionsView(PublicView):
    """All elections."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="elections", tags=["facts"])
    def get(self, request: Request) -> Response:
        """List the elections."""
        sheets = sorted(queries.public_sheets(), key=lambda sheet: sheet.voting_days, reverse=True)
        return Response({"elections": [feeds.election_as_json(sheet) for sheet in sheets]})


class FactsView(PublicView):
    """What is official about one election."""

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[LANG, PLACE],
        operation_id="election_facts",
        tags=["facts"],
    )
    def get(self, request: Request, election: str) -> Response:
        """List the facts in force: with a place those that hold there, else all with theirs."""
        sheet, at = _sheet(election), timezone.now()
        place = _place(request, sheet)
        part = center.takes_part(sheet, place=place, at=at)
        if place:
            keys = dict.fromkeys(fact.key for fact in sheet.facts) if part else ["takes_part"]
            facts = [sheet.fact(key, place=place, at=at) for key in keys]
        else:
            facts = [fact for fact in sheet.facts if fact.holds_at(at)]
        return Response(
            {
                **feeds.election_as_json(sheet),
                "phase": center.phase_at(sheet, place=place, at=at),
                "place": place,
                "takes_part": part,
                "facts": [feeds.fact_as_json(sheet, fact) for fact in facts if fact],
                "incidents": [
                    feeds.incident_as_json(sheet, incident)
                    for incident in sheet.incidents_at(place, at=at)
                ],
                "made_at": at,
            }
        )


class PollingPlacesView(PublicView):
    """Where one can vote."""

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[
            PLACE,
            OpenApiParameter("where", str, description="a postcode, a town or a name"),
            OpenApiParameter("accessible", str, description="1: only those said to be accessible"),
            OpenApiParameter(
                "need", str, enum=list(places.NEEDS), description="only those said to have it"
            ),
            OpenApiParameter("open", str, description="1: only those that are open now"),
            OpenApiParameter("page", int),
        ],
        operation_id="election_polling_places",
        tags=["facts"],
    )
    def get(self, request: Request, election: str) -> Response:
        """Find polling places, fifty at a time."""
        sheet, at = _sheet(election), timezone.now()
        page = request.GET.get("page", "")
        wanted = places.Wanted(
            words=request.GET.get("where", "").replace("\0", "").strip()[:80],
            accessible=request.GET.get("accessible") == "1",
            need=request.GET.get("need", ""),
            open_then=request.GET.get("open") == "1",
            page=int(page) if page.isdecimal() and len(page) < 6 else 1,
        )
        found, paging = places.find(sheet, place=_place(request, sheet), wanted=wanted, at=at)
        return Response(
            {
                "count": paging.paginator.count,
                "pages": paging.paginator.num_pages,
                "polling_places": [feeds.polling_place_as_json(it) for it in found],
            }
        )


class CandidatesView(PublicView):
    """What stands on the ballot of a place."""

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[
            LANG,
            PLACE,
            OpenApiParameter("contest", str, description="a ballot's mark, from `contests`"),
        ],
        operation_id="election_candidates",
        tags=["facts"],
    )
    def get(self, request: Request, election: str) -> Response:
        """List the lists of a place with their candidates; without a place, the ballots."""
        sheet = _sheet(election)
        mark = request.GET.get("contest", "").replace("\0", "")[:40]
        contest = ballots.contest_of(election, place=_place(request, sheet), mark=mark)
        found = ballots.as_json(contest, ballots.lists_of(contest)) if contest else None
        contests = [{"contest": row.mark, "name": row.name} for row in ballots.contests(election)]
        return Response({"contests": contests, "ballot": found})
