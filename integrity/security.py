"""The content security policy, and the one listed place where it is relaxed."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CMS_PREFIX = "/cms/"


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the strict policy everywhere, and Wagtail's own under /cms/ (see settings)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Attach the policy that fits the path; inside an editor's preview the outer one holds."""
        if getattr(request, "is_dummy", False):
            return response
        if request.path.startswith(CMS_PREFIX):
            response._csp_replace = settings.CMS_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return super().process_response(request, response)
