"""The review of a page: whoever wrote or let it through before does not let it through again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState, WorkflowState

NEEDED = 2


def let_through_by_two(revision: Revision) -> bool:
    """Say whether two different people, neither of whom wrote it, let this revision through."""
    states = TaskState.objects.filter(
        workflow_state__status=WorkflowState.STATUS_APPROVED,
        revision=revision,
        status=TaskState.STATUS_APPROVED,
    ).select_related("workflow_state")
    hands = writers(revision.content_object) | {s.workflow_state.requested_by_id for s in states}
    return len({s.finished_by_id for s in states} - hands - {None}) >= NEEDED


def writers(page: Page) -> set[int]:
    """Name who wrote what readers do not see yet, and who sent it in."""
    drafts = page.revisions.exclude(pk=page.live_revision_id)
    if page.live_revision_id:
        drafts = drafts.filter(pk__gt=page.live_revision_id)
    found = set(drafts.exclude(user=None).values_list("user", flat=True))
    state = page.current_workflow_state
    if state is not None and state.requested_by_id:
        found.add(state.requested_by_id)
    return found


class OtherPersonTask(AbstractGroupApprovalTask):
    """A step of the review for somebody who has had no hand in the page yet."""

    class Meta:
        verbose_name = _("Another person reads it")
        verbose_name_plural = _("Another person reads it")

    def has_had_a_hand(self, page: Page, user: Any) -> bool:
        """Say whether this person wrote the page, sent it in or took an earlier step."""
        state = page.current_workflow_state
        steps = state.task_states.exclude(task=self) if state else TaskState.objects.none()
        earlier = steps.filter(status=TaskState.STATUS_APPROVED, finished_by=user)
        return user.pk in writers(page) or earlier.exists()

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        """Let the readers of this step open the page."""
        return self._may(user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """While it is read, its writer waits; a reader who changes it becomes a writer."""
        return not self._may(user)

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer the answers to who may give them; the writer may only ask for it back."""
        if not self._may(user) or self.has_had_a_hand(obj, user):
            return []
        return [
            ("reject", _("Ask for changes"), True),
            ("approve", _("Let it through"), False),
            ("approve", _("Let it through, with a remark"), True),
        ]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **more: Any) -> None:
        """Take an answer, whichever way it comes, from who may give it alone."""
        page = task_state.workflow_state.content_object
        if not self._may(user) or self.has_had_a_hand(page, user):
            raise PermissionDenied(str(_("Somebody else must read this page.")))
        super().on_action(task_state, user, action_name, **more)

    def get_task_states_user_can_moderate(self, user: Any, **more: Any) -> Any:
        """List what this person may answer now."""
        if not self._may(user):
            return TaskState.objects.none()
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        open_to = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if not self.has_had_a_hand(state.workflow_state.content_object, user)
        ]
        return self.task_states.filter(pk__in=open_to)

    @classmethod
    def get_description(cls) -> str:
        """Say what this step asks."""
        return str(_("Somebody of these roles who neither wrote the page nor read it before"))

    def _may(self, user: Any) -> bool:
        return bool(user.is_active and (user.is_superuser or self._user_in_groups(user)))
