"""The public record as JSON, for everybody, from every origin."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from elections.api import PublicView
from elections.models import Election
from transparency import queries, record


class RecordView(PublicView):
    """What was and is done for one election."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="election_record", tags=["facts"])
    def get(self, request: Request, election: str) -> Response:
        """Give the counted figures, rounded; null is a few, fewer than `few_below`."""
        found = Election.objects.filter(slug=election).first()
        if found is None:
            raise NotFound("There is no such election.")
        counted = queries.counted(found, at=timezone.now())
        return Response({"election": found.slug, **record.as_json(counted)})
