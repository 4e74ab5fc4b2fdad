"""What each person sets for themselves."""

from django.db import transaction

from integrity.people.models import User
from integrity.refusals import require
from moderation import rules
from moderation.models import MediaDefaults


@transaction.atomic
def set_media_defaults(*, by: User, blur: bool, grey: bool, mute: bool) -> MediaDefaults:
    """Set how pictures, film and sound begin for this person: nothing ever plays by itself."""
    require(rules.may_see_desk(by))
    defaults, _created = MediaDefaults.objects.update_or_create(
        person=by, defaults={"blur": blur, "grey": grey, "mute": mute}
    )
    return defaults
