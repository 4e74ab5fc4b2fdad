"""How the screening is steered: thresholds, informational labels, model versions, consent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from elections.models import Election
from moderation.choices import Field
from moderation.models.items import Item, ItemVersion
from moderation.models.jobs import Queue


class LabelEnd(models.TextChoices):
    """Why an informational label is there no more."""

    EDITED = "edited", _("The item was edited to something else")
    DELETED = "deleted", _("The item was deleted")
    REPLACED = "replaced", _("Another topic took its place")


class ModelState(models.TextChoices):
    """How far a version of the screening's model is."""

    READY = "ready", _("Ready to run along")
    SHADOW = "shadow", _("Runs along in the shadow")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


class Threshold(models.Model):
    """From which score on a contradiction asks for a person by itself. A new value is a new row.

    Without an election it holds wherever no election has its own. The cursor says how far the
    items that were found before have been looked at again under it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="thresholds")
    value = models.FloatField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    after_item = models.BigIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    followed_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [
            ("see_screening", "Can see how the screening is steered and how it does"),
            ("set_threshold", "Can set the thresholds of the screening"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0) & Q(value__lte=1), name="threshold_is_probability"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="threshold_says_why"),
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="threshold_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value:.2f}"


class LabelSwitch(models.Model):
    """Whether the informational label of a topic is shown in an election; the newest row counts.

    Absent means on. The cursor says how far the platform has been told of the change.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="label_switches")
    topic = models.CharField(max_length=20)
    is_on = models.BooleanField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    after_item = models.BigIntegerField(default=0)
    followed_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("switch_label", "Can switch informational labels on and off")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="label_switch_says_why"),
            models.UniqueConstraint(
                fields=["election", "topic"],
                condition=Q(superseded_at=None),
                name="label_switch_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {'on' if self.is_on else 'off'}"


class InformationLabel(models.Model):
    """A pointer to the Election Center on an item about an election. No decision, no restriction.

    `shown` is what the platform was last told: a switched-off topic keeps its row, unshown.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="information_labels")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    election = models.ForeignKey(Election, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=20)
    text = models.JSONField(default=dict)
    link = models.URLField(max_length=500)
    shown = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=LabelEnd.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at=None), name="information_label_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="")
                | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="information_label_end_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["election", "topic", "item"],
                condition=Q(ended_at=None),
                name="information_label_by_topic",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} on {self.item_id}"


class ScreeningModel(models.Model):
    """One version of the learned weights, known by the hash of its files.

    While none is live, texts are read with the weights that the house ships with.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.READY)
    authored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    authored_at = models.DateTimeField()
    shadow_since = models.DateTimeField(null=True)
    deployed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    deployed_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    # Texts that both the live version and this one let go while it ran in the shadow.
    both_silent = models.PositiveBigIntegerField(default=0)

    class Meta:
        permissions = [
            ("write_screening", "Can bring in versions of the screening's model"),
            ("deploy_screening", "Can switch versions of the screening's model on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[ModelState.LIVE, ModelState.SHADOW]),
                name="screening_one_live_one_shadow",
            ),
            models.CheckConstraint(
                condition=~Q(state=ModelState.LIVE) | Q(deployed_at__isnull=False),
                name="screening_live_was_deployed",
            ),
            models.CheckConstraint(
                condition=Q(authored_by=None)
                | Q(deployed_by=None)
                | ~Q(authored_by=F("deployed_by")),
                name="screening_author_does_not_deploy",
            ),
            models.CheckConstraint(
                condition=~Q(state=ModelState.SHADOW) | Q(shadow_since__isnull=False),
                name="screening_shadow_has_begun",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class ScreeningFile(models.Model):
    """One file of a version's weights; every worker keeps a copy that it checks by its hash."""

    model = models.ForeignKey(ScreeningModel, models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["model", "name"], name="screening_file_once")
        ]

    def __str__(self) -> str:
        return self.name


class ShadowFinding(models.Model):
    """What the shadow version found in one text, beside what the live version found there.

    It opens no job, writes no signal, and nobody outside sees it.
    """

    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    field = models.CharField(max_length=12, choices=Field.choices, default=Field.TEXT)
    model = models.ForeignKey(ScreeningModel, models.PROTECT, related_name="findings")
    live_version = models.CharField(max_length=80)
    live_verdict = models.CharField(max_length=20)
    live_score = models.FloatField()
    shadow_verdict = models.CharField(max_length=20)
    shadow_score = models.FloatField()
    shadow_topic = models.CharField(max_length=20, blank=True)
    shadow_claimed = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "item_version", "field"], name="shadow_finding_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["model", "live_verdict", "shadow_verdict"], name="shadow_finding_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.live_verdict} / {self.shadow_verdict}"


class DataConsent(models.Model):
    """Whether what people decided in an election and queue may leave the house as labelled data.

    Absent means no. Without a queue it holds for every queue that has no row of its own.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="data_consents")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+")
    may_evaluate = models.BooleanField(default=False)
    may_train = models.BooleanField(default=False)
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("export_labelled", "Can take labelled data out of the house")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="data_consent_says_why"),
            models.UniqueConstraint(
                fields=["election", "queue"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="data_consent_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election_id}: {self.may_evaluate} {self.may_train}"
