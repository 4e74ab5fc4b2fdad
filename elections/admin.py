"""Reference data in the admin: to read with its history. Facts change by their services alone."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from elections.models import Election, FactChange, IncidentNotice, Jurisdiction, VotingFact


class ReadOnly(admin.ModelAdmin):
    """Shows rows; changes go through `elections.services`, which checks and tells."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Those who publish facts may read them here, as may everybody with the view right."""
        return request.user.has_perm("elections.publish_fact") or super().has_view_permission(
            request, obj
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The app is listed for those who may read it."""
        return self.has_view_permission(request)


@admin.register(Jurisdiction)
class JurisdictionAdmin(ReadOnly):
    """Countries and municipalities."""

    list_display = ("code", "name", "kind", "parent")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(Election)
class ElectionAdmin(ReadOnly):
    """Elections and their days."""

    list_display = ("slug", "first_day", "last_day", "time_zone")
    ordering = ("-first_day",)


@admin.register(VotingFact)
class VotingFactAdmin(ReadOnly):
    """Every version of every statement: what superseded it and when."""

    list_display = (
        "key",
        "election",
        "place",
        "value",
        "status",
        "version",
        "published_at",
        "superseded_at",
        "withdrawn_at",
    )
    list_filter = ("election", "status", "key")
    search_fields = ("key", "place__name", "place__code", "source_name")
    list_select_related = ("election", "place")
    ordering = ("election", "key", "place", "-version")


@admin.register(IncidentNotice)
class IncidentNoticeAdmin(ReadOnly):
    """Official changes on the day."""

    list_display = ("kind", "place", "polling_place", "starts_at", "ends_at", "withdrawn_at")
    list_filter = ("election", "kind")
    list_select_related = ("place",)
    ordering = ("-starts_at",)


@admin.register(FactChange)
class FactChangeAdmin(ReadOnly):
    """What the casework was told, and when it followed."""

    list_display = ("at", "election", "kind", "key", "place", "followed_at")
    list_filter = ("election", "kind")
    list_select_related = ("election", "place")
    ordering = ("-at",)
