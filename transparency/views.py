"""What was and is done for an election, for anybody to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from elections import languages
from elections.asking import ask, page
from elections.caching import public
from elections.models import Election
from transparency import queries, record


@require_safe
@public()
def election_record(request: HttpRequest, election: str) -> HttpResponse:
    """Show the counted record of an election."""
    asked = ask(request, election)
    found = Election.objects.filter(slug=election).first()
    if found is None:
        raise Http404
    counted = queries.counted(found, at=asked.at)
    with (
        translation.override(languages.content_language(asked.language)),
        timezone.override(asked.sheet.zone()),
    ):
        parts, times = record.shown(counted), record.times(counted)
    more = {"parts": parts, "times": times, "counted_at": counted.at}
    return page(request, "transparency/record.html", asked, **more)
