"""The audit log in Django's admin: to read, never to write."""

from typing import Any

from django.contrib import admin

from integrity.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """Lists events; adds, changes and deletes none."""

    list_display = ["at", "verb", "subject_type", "subject_id", "actor_type", "actor_id"]
    list_filter = ["verb", "subject_type"]
    search_fields = ["subject_id", "actor_id"]
    show_full_result_count = False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Let auditors read."""
        return request.user.has_perm("audit.read_audit")

    def has_module_permission(self, request: Any) -> bool:
        """Show the log to auditors only."""
        return request.user.has_perm("audit.read_audit")

    def has_add_permission(self, request: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse."""
        return False
