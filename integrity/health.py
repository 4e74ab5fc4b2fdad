"""What an operator's probes ask: is the process alive, can it work, how is it doing."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_prometheus.exports import ExportToDjangoView
from drf_spectacular.utils import extend_schema
from kombu import Connection
from kombu.exceptions import OperationalError
from rest_framework.request import Request
from rest_framework.views import APIView

from integrity import figures
from integrity.people.choices import Scope


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process runs."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database works; a broker that is down is named, but loses nothing."""
    database = _database_answers()
    return JsonResponse(
        {"database": database, "broker": _broker_answers()}, status=200 if database else 503
    )


class Metrics(APIView):
    """Prometheus metrics, for a key that may read them."""

    scopes = {"GET": Scope.METRICS_READ}

    @extend_schema(responses={(200, "text/plain"): str})
    def get(self, request: Request) -> HttpResponse:
        """Return the metrics in Prometheus' text format."""
        page = ExportToDjangoView(request)
        page.content += figures.as_text(at=timezone.now())
        return page


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _broker_answers() -> bool:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
        return True
    except (OperationalError, OSError):
        return False
