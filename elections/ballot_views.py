"""The pages about what stands on the ballot and what was counted."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from elections import ballots, languages
from elections.asking import Asked, ask, page, to_place
from elections.caching import public
from elections.models import Contest


@require_safe
@public()
def candidates(request: HttpRequest, election: str) -> HttpResponse:
    """Show the lists that stand in a place, in their official order, without a favourite."""
    asked = ask(request, election)
    if len(asked.found) == 1:
        return to_place(request, asked.found[0])
    contest = _contest(request, asked)
    with translation.override(languages.content_language(asked.language)):
        lists = ballots.lists_of(contest) if contest else []
    more = {"contest": contest, "lists": lists, "contests": ballots.contests(election)}
    return page(request, "elections/candidates.html", asked, **more)


@require_safe
@public()
def results(request: HttpRequest, election: str) -> HttpResponse:
    """Show the votes as officially counted in a place, by list and by polling station."""
    asked = ask(request, election)
    if len(asked.found) == 1:
        return to_place(request, asked.found[0])
    contest = _contest(request, asked)
    with translation.override(languages.content_language(asked.language)):
        counts = ballots.counts_of(contest, place=asked.place) if contest else []
    more = {"contest": contest, "counts": counts, "contests": ballots.contests(election)}
    return page(request, "elections/results.html", asked, **more)


def _contest(request: HttpRequest, asked: Asked) -> Contest | None:
    """Find the ballot that an address asks for; one that does not exist is not found."""
    mark = request.GET.get("contest", "").replace("\0", "")[:40]
    found = ballots.contest_of(asked.sheet.election, place=asked.place, mark=mark)
    if mark and not asked.place and found is None:
        raise Http404
    return found
