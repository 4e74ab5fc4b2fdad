"""May this be done to the screening? One question each; None means yes, a Refusal says why not."""

import math
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal
from moderation.models import ScreeningModel
from moderation.models.screening import ModelState


def says_why(reason: str) -> Refusal | None:
    """Refuse what needs a reason and has none."""
    if not reason.strip() or "\x00" in reason:
        return Refusal(_("Write why, in a few words."), code="reason")
    return None


def may_set_threshold(value: float, *, by: User) -> Refusal | None:
    """Refuse a threshold by others than election leads, or one that is no probability."""
    if refusal := may(by, "moderation.set_threshold"):
        return refusal
    if not math.isfinite(value) or not 0 <= value <= 1:
        return Refusal(_("A threshold lies between 0 and 1."), code="value")
    return None


def may_switch_label(topic: str, *, known: Collection[str], by: User) -> Refusal | None:
    """Refuse to switch labels by others than election leads, or a topic that does not exist."""
    if refusal := may(by, "moderation.switch_label"):
        return refusal
    if topic not in known:
        return Refusal(_("There is no such topic."), code="topic")
    return None


def may_bring_in(by: User) -> Refusal | None:
    """Refuse new weights from those who do not write the screening."""
    return may(by, "moderation.write_screening")


def may_shadow_model(model: ScreeningModel, *, by: User) -> Refusal | None:
    """Refuse to let a version read along by those who neither write nor deploy the screening."""
    if may_bring_in(by) and (refusal := may(by, "moderation.deploy_screening")):
        return refusal
    if model.state in (ModelState.SHADOW, ModelState.LIVE):
        return _already(model)
    return None


def may_deploy_model(model: ScreeningModel, *, by: User) -> Refusal | None:
    """Refuse to switch on what one brought in oneself, or what never read along in the shadow.

    What was live before needs no second look: that is going back.
    """
    if refusal := may(by, "moderation.deploy_screening"):
        return refusal
    if model.authored_by_id == by.pk:
        return Refusal(
            _("You brought this version in yourself; somebody else switches it on."), code="own"
        )
    if model.state == ModelState.LIVE:
        return _already(model)
    if model.state != ModelState.SHADOW and model.deployed_at is None:
        return Refusal(
            _("Let this version run along in the shadow first: then it is clear what it changes."),
            code="not_shadowed",
        )
    return None


def may_retire_model(model: ScreeningModel, *, by: User) -> Refusal | None:
    """Refuse to put a version aside by those who do not deploy."""
    if refusal := may(by, "moderation.deploy_screening"):
        return refusal
    return _already(model) if model.state == ModelState.RETIRED else None


def _already(model: ScreeningModel) -> Refusal:
    state = model.get_state_display().lower()
    return Refusal(_("This version is already: %(state)s.") % {"state": state}, code="state")


def may_set_consent(by: User) -> Refusal | None:
    """Refuse to say what may leave the house by those who do not take labelled data out."""
    return may(by, "moderation.export_labelled")


def may_export(purpose: str, *, known: Collection[str], by: User) -> Refusal | None:
    """Refuse labelled data to those who do not take it out, or for a purpose nobody consents to."""
    if refusal := may(by, "moderation.export_labelled"):
        return refusal
    if purpose not in known:
        return Refusal(_("There is no such purpose."), code="purpose")
    return None
