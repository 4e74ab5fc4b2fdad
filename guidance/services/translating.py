"""Sending a translation in for review: its words become a draft, and two others read it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, WorkflowState
from wagtail_localize.models import Translation

from guidance.models.pages import Reviewed
from integrity.people.models import User
from integrity.refusals import Refusal, require


def translation_of(page: Page) -> Translation | None:
    """Return the translation that a page is made from, sentence by sentence."""
    found = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    )
    return found.select_related("source", "target_locale").first()


@transaction.atomic
def send_translation(*, page: Reviewed, by: User) -> WorkflowState:
    """Write what has been translated as a draft of the page and begin its review."""
    require(why_not(page, by=by))
    translation = translation_of(page)
    assert translation is not None
    translation.save_target(user=by, publish=False)
    page = type(page).objects.get(pk=page.pk)
    return page.get_workflow().start(page, by)


def why_not(page: Reviewed, *, by: User) -> Refusal | None:
    """Refuse a page that is no translation, that is being read, or that is another's room."""
    if not page.permissions_for_user(by).can_edit():
        return Refusal(_("Your role does not allow this."), code="forbidden")
    if translation_of(page) is None:
        return Refusal(_("This page is not translated from another page."), code="no_translation")
    if page.workflow_in_progress:
        return Refusal(_("This page is being read already."), code="in_review")
    return None
