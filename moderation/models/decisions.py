"""What was decided and what follows from it: policies, decisions, labels, statements of reasons."""

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from elections.models import in_language
from factcheck.models import FactCheck, VerdictPolicy
from moderation.choices import TIME_LIMITED, Action, Ground, HoldReason, UndoKind
from moderation.models.items import Actor, Item, ItemVersion
from moderation.models.jobs import Job


@pghistory.track()
class Policy(models.Model):
    """The rule a decision rests on. A new wording is a new version; old decisions keep theirs."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    code = models.CharField(max_length=12)
    title = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    topics = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    severity = models.PositiveSmallIntegerField(default=3)
    # What a removal under this policy counts against the account, and for how long.
    strike_weight = models.PositiveSmallIntegerField(default=0)
    strike_days = models.PositiveSmallIntegerField(default=90)
    ground = models.CharField(max_length=60, choices=Ground.choices, default=Ground.INCOMPATIBLE)
    dsa_category = models.CharField(max_length=80)
    dsa_keyword = models.CharField(max_length=80)
    in_force_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="policy_version_unique"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(retired_at=None), name="policy_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1) & Q(severity__lte=5),
                name="policy_severity_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.title)}"


@pghistory.track()
class LabelKind(models.Model):
    """A label that a moderator can choose, with what viewers read. It states, never judges."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return in_language(self.name) or self.slug


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions by what is still to happen to them."""

    def standing(self) -> "DecisionQuerySet":
        """Decisions that nobody has taken back."""
        return self.filter(undo=None)

    def held(self) -> "DecisionQuerySet":
        """Decisions that wait for a second person."""
        return self.standing().filter(
            needs_second_person=True, confirmation=None, carried_out_at=None
        )

    def ready(self) -> "DecisionQuerySet":
        """Decisions to be carried out once their undo time has passed."""
        return self.standing().filter(
            Q(needs_second_person=False) | Q(confirmation__isnull=False), carried_out_at=None
        )


class Decision(models.Model):
    """An answer on a job. Never edited: only undone in time, or overridden by another.

    A person's; or the policy's on what follows a fact-check, which labels or takes its own label
    away and can do nothing else.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(Item, models.PROTECT, related_name="decisions")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=Action.choices)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="decisions")
    reasoning = models.TextField(blank=True)
    private_notes = models.TextField(blank=True)
    # The signal on top when the person decided: what the letter to the poster cites.
    signal = models.ForeignKey("moderation.Signal", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    # Set where no person decided: the verdict that it follows, and by which version of the policy.
    fact_check = models.ForeignKey(FactCheck, models.PROTECT, null=True, related_name="decisions")
    verdict_policy = models.ForeignKey(VerdictPolicy, models.PROTECT, null=True, related_name="+")
    label_kind = models.ForeignKey(LabelKind, models.PROTECT, null=True, related_name="+")
    # When a time-limited restriction ends by itself; null means it stays.
    ends_at = models.DateTimeField(null=True)
    # Where it holds, as country codes; empty means everywhere the platform works.
    territories = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    # One id for decisions that one person took on near-identical items together.
    together = models.UUIDField(null=True)
    # The reports that it answers were manifestly unfounded (DSA art. 23(2)).
    unfounded = models.BooleanField(default=False)
    needs_second_person = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, choices=HoldReason.choices, blank=True)
    overrides = models.ForeignKey("self", models.PROTECT, null=True, related_name="overridden_by")
    carried_out_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(action=Action.NO_ACTION) | Q(policy__isnull=False) & ~Q(reasoning=""),
                name="decision_restricting_has_policy_and_reasoning",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at=None) | Q(carried_out_at__gte=F("decided_at")),
                name="decision_carried_out_after",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None)
                | Q(ends_at__gt=F("decided_at"), action__in=sorted(TIME_LIMITED)),
                name="decision_ends_after_and_may_end",
            ),
            models.CheckConstraint(
                condition=Q(needs_second_person=False, hold_reason="")
                | Q(needs_second_person=True) & ~Q(hold_reason=""),
                name="decision_held_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(action=Action.LABEL, label_kind__isnull=False)
                | ~Q(action=Action.LABEL) & Q(label_kind=None),
                name="decision_label_names_its_label",
            ),
            models.CheckConstraint(
                condition=Q(unfounded=False) | Q(action=Action.NO_ACTION),
                name="decision_unfounded_means_no_action",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False, fact_check=None, verdict_policy=None)
                | Q(decided_by=None, fact_check__isnull=False, verdict_policy__isnull=False),
                name="decision_by_person_or_verdict",
            ),
            # Promise: automation never removes; what takes more than a label is a person's.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False)
                | Q(action__in=[Action.LABEL, Action.NO_ACTION]),
                name="decision_of_nobody_only_labels",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decided_at"],
                condition=Q(carried_out_at=None),
                name="decision_to_carry_out",
            ),
            models.Index(
                fields=["ends_at"], condition=Q(ends_at__isnull=False), name="decision_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.public_id})"


class Undo(models.Model):
    """Taking a decision back before it is carried out."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="undo")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=UndoKind.choices, default=UndoKind.UNDONE)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=UndoKind.UNDONE) | ~Q(reason=""), name="undo_by_other_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"undo of {self.decision_id}"


class Confirmation(models.Model):
    """A second person's yes to a held decision."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"confirmation of {self.decision_id}"


class Ending(models.Model):
    """A time-limited restriction has run out."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="ending")
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.decision_id}"


class Strike(models.Model):
    """What counts against an account for a time. The sum is always counted, never kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="strikes")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="strike")
    weight = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="strike_weighs_something"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="strike_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weight} against {self.actor_id}"


class Label(models.Model):
    """A lasting mark on an item that viewers see, with where it leads."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="labels")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="labels")
    text = models.JSONField(default=dict)
    link = models.URLField(max_length=500)
    # While it stands, the item is not recommended, and viewers are asked this before they share.
    not_recommended = models.BooleanField(default=False)
    share_prompt = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at=None), name="label_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.text)


class StatementOfReasons(models.Model):
    """DSA art. 17: what was done to an item, why, on which ground, and how to object."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="statement")
    decision_visibility = models.CharField(max_length=60, blank=True)
    # What else it does to who sees the item, beside `decision_visibility`.
    visibility_too = models.CharField(max_length=60, blank=True)
    decision_account = models.CharField(max_length=60, blank=True)
    decision_ground = models.CharField(max_length=60, choices=Ground.choices)
    ground_text = models.CharField(max_length=500)
    explanation = models.TextField(max_length=2000)
    facts = models.TextField(max_length=5000)
    category = models.CharField(max_length=80)
    category_keyword = models.CharField(max_length=80)
    content_type = models.CharField(max_length=40)
    content_language = models.CharField(max_length=2, blank=True)
    content_date = models.DateField()
    source_type = models.CharField(max_length=40)
    automated_detection = models.BooleanField()
    automated_decision = models.CharField(max_length=60)
    # The day the restriction ends by itself, where it does.
    ends_on = models.DateField(null=True)
    territorial_scope = ArrayField(models.CharField(max_length=2), default=list)
    application_date = models.DateField()
    redress = models.TextField()
    language = models.CharField(max_length=5)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "statements of reasons"
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision_visibility="") | ~Q(decision_account=""),
                name="statement_names_a_restriction",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def as_json(self) -> dict[str, Any]:
        """Return what the platform and the poster receive."""
        return {
            "id": str(self.public_id),
            "decision_visibility": [
                each for each in (self.decision_visibility, self.visibility_too) if each
            ],
            "decision_account": self.decision_account or None,
            "decision_ground": self.decision_ground,
            "ground": self.ground_text,
            "explanation": self.explanation,
            "facts": self.facts,
            "category": self.category,
            "category_specification": [self.category_keyword],
            "content_type": [self.content_type],
            "content_language": self.content_language or None,
            "content_date": self.content_date.isoformat(),
            "source_type": self.source_type,
            "automated_detection": "Yes" if self.automated_detection else "No",
            "automated_decision": self.automated_decision,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "territorial_scope": self.territorial_scope,
            "application_date": self.application_date.isoformat(),
            "redress": self.redress,
            "language": self.language,
            "issued_at": self.issued_at.isoformat(),
        }
