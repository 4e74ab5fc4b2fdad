"""May an official file be taken over for an election? None, or a Refusal naming what differs."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from elections.eml import Document
from elections.models import Election
from integrity.refusals import Refusal


def may_take_over(
    document: Document, *, election: Election, days: tuple[date, ...]
) -> Refusal | None:
    """Refuse a file about another day, another country or an area that does not vote here."""
    about = document.identity
    if about.day not in days:
        return Refusal(
            _("The file is about %(file)s (%(id)s); %(election)s votes on %(days)s.")
            % {
                "file": about.day.isoformat(),
                "id": about.id,
                "election": election.slug,
                "days": ", ".join(day.isoformat() for day in days),
            },
            code="day",
        )
    if election.country.code != "NL":
        return Refusal(
            _("The file is in the Dutch standard EML_NL; %(election)s is held in %(country)s.")
            % {"election": election.slug, "country": election.country.code},
            code="country",
        )
    if about.place and not election.places.filter(code=about.place).exists():
        return Refusal(
            _("The file is about %(name)s (%(code)s), which is not a place of %(election)s.")
            % {"name": about.domain_name, "code": about.place, "election": election.slug},
            code="domain",
        )
    return None
