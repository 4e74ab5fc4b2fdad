"""In which language an answer is written: the reader's for people, English for machines."""

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

API = "/api/"


class ReadersLanguageMiddleware(LocaleMiddleware):
    """Follows the reader; an engineer who reads the API's errors gets them all in one language."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of this request."""
        if not request.path_info.startswith(API):
            super().process_request(request)
            return
        translation.activate("en")
        request.LANGUAGE_CODE = "en"
