"""May this person do that with what parties asked? None means yes."""

from django.utils.translation import gettext_lazy as _

from guidance.choices import FileState, HelpState, RequestState
from guidance.models import AccountRequest, HelpRequest, OfficialFile
from integrity.people.models import User
from integrity.people.rules import may
from integrity.refusals import Refusal


def may_take(call: HelpRequest, *, by: User) -> Refusal | None:
    """Say who may take a call for help: anybody with the right, while nobody has answered."""
    if refusal := may(by, "guidance.answer_help"):
        return refusal
    if call.state == HelpState.ANSWERED:
        return Refusal(_("This has been answered already."), code="answered")
    if call.taken_by_id == by.pk:
        return Refusal(_("You are working on it already."), code="taken")
    return None


def may_answer(call: HelpRequest, *, by: User) -> Refusal | None:
    """Say who may answer: the person who took it."""
    if refusal := may(by, "guidance.answer_help"):
        return refusal
    if call.state == HelpState.ANSWERED:
        return Refusal(_("This has been answered already."), code="answered")
    if call.taken_by_id != by.pk:
        return Refusal(_("Take it first."), code="not_taken")
    return None


def may_check(request: AccountRequest, *, by: User) -> Refusal | None:
    """Say who may answer a request for an official account."""
    if refusal := may(by, "guidance.check_account"):
        return refusal
    if request.state != RequestState.ASKED:
        return Refusal(_("This request has been answered already."), code="answered")
    return None


def may_take_back(request: AccountRequest, *, by: User) -> Refusal | None:
    """Say who may end an official account before its time."""
    if refusal := may(by, "guidance.check_account"):
        return refusal
    if request.state != RequestState.APPROVED:
        return Refusal(_("This account is not official."), code="not_official")
    return None


def may_hand_in(by: User) -> Refusal | None:
    """Say who may hand in an official file."""
    return may(by, "elections.publish_fact")


def may_take_over(file: OfficialFile, *, by: User) -> Refusal | None:
    """Say who may have a file taken over: somebody else than who handed it in."""
    if refusal := may_hand_in(by):
        return refusal
    if file.state != FileState.COMPARED:
        return Refusal(_("There is nothing to confirm now."), code="state")
    if file.handed_in_by_id == by.pk:
        return Refusal(
            _("You handed this in yourself; a second person must confirm it."), code="own"
        )
    return None


def may_lay_aside(file: OfficialFile, *, by: User) -> Refusal | None:
    """Say who may lay a file aside: anybody with the right, before it is taken over."""
    if refusal := may_hand_in(by):
        return refusal
    if file.state not in (FileState.COMPARED, FileState.COMPARING):
        return Refusal(_("There is nothing to lay aside now."), code="state")
    return None
