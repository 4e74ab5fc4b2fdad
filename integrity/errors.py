"""One shape for every API error: what is wrong, where, and what would be right."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from integrity.languages import API
from integrity.refusals import Refused


def problem(
    detail: str, *, code: str, errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Build an error body: `{"detail", "code", "errors": [{"row", "field", "message"}]}`."""
    return {"detail": detail, "code": code, "errors": errors or []}


def _flatten(detail: Any, path: str = "") -> list[dict[str, Any]]:
    if isinstance(detail, dict):
        return [
            row
            for key, value in detail.items()
            for row in _flatten(value, f"{path}.{key}".strip("."))
        ]
    if isinstance(detail, list):
        return [row for value in detail for row in _flatten(value, path)]
    return [{"row": None, "field": path or None, "message": str(detail)}]


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn DRF's and our own exceptions into the one error shape."""
    if isinstance(error, Refused):
        body = problem(str(error), code=error.refusal.code)
        return Response(body, status=status.HTTP_409_CONFLICT)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        body = problem("The request has errors.", code="invalid", errors=_flatten(error.detail))
    elif isinstance(error, exceptions.APIException):
        code = error.get_codes()
        body = problem(str(error.detail), code=code if isinstance(code, str) else "invalid")
    else:
        body = problem(str(response.data.get("detail", error)), code="error")
    response.data = body
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads nowhere: a page to people, a problem to programs."""
    if not request.path_info.startswith(API):
        return defaults.page_not_found(request, exception)
    body = problem("There is no such address; /api/v1/docs/ has them all.", code="not_found")
    return JsonResponse(body, status=status.HTTP_404_NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours in the same two ways; what happened is in the log."""
    if not request.path_info.startswith(API):
        return defaults.server_error(request)
    body = problem("Something went wrong here; send it again later.", code="error")
    return JsonResponse(body, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
