"""What partners' systems send: shapes and bounds; whether it may be done is asked in `rules`."""

from typing import Any

from rest_framework import serializers

from elections.models import Election, Jurisdiction
from factcheck.choices import (
    ClaimantKind,
    ClaimTopic,
    EvidenceKind,
    MediaCategory,
    MemberRole,
    Verdict,
)
from factcheck.services.checking import EVIDENCE_AT_MOST, CheckIn
from factcheck.services.claims import ClaimIn
from factcheck.services.importing import ROWS_AT_MOST

LANGUAGES = ["nl", "en", "fy"]


class PlaceField(serializers.CharField):
    """A place by its official code, such as GM0344."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the Jurisdiction; none for an empty code."""
        code = super().to_internal_value(data)
        if not code:
            return None
        found = Jurisdiction.objects.filter(code__iexact=code).first()
        if found is None:
            raise serializers.ValidationError("We know no place with this code.")
        return found


class ByIn(serializers.Serializer):
    """For which colleague the call speaks."""

    by = serializers.EmailField(max_length=254, help_text="Your colleague's address here.")


class ReasonIn(ByIn):
    """Why, in a person's words."""

    reason = serializers.CharField(max_length=2000)


class HandOverIn(ByIn):
    """To which colleague, and a word with it."""

    to = serializers.EmailField(max_length=254)
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class EvidenceIn(serializers.Serializer):
    """One source; its address is never fetched."""

    url = serializers.CharField(max_length=500)
    kind = serializers.ChoiceField(choices=EvidenceKind.values)
    publisher = serializers.CharField(max_length=200)
    accessed_on = serializers.DateField()
    archive_url = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True
    )
    excerpt = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class WordsIn(ByIn):
    """A draft as it stands now; what is left out is empty."""

    revision = serializers.IntegerField(min_value=1, help_text="The one that you read last.")
    claim_text = serializers.CharField(
        max_length=1000, required=False, default="", allow_blank=True
    )
    verdict = serializers.ChoiceField(
        choices=Verdict.values, required=False, default="", allow_blank=True
    )
    truth = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    assessment = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True
    )
    facts = serializers.CharField(max_length=20_000, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False, default="nl")
    article_url = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True
    )
    applies_in = PlaceField(max_length=20, required=False, default=None, allow_null=True)
    media_categories = serializers.ListField(
        child=serializers.ChoiceField(choices=MediaCategory.values),
        required=False,
        default=list,
        max_length=len(MediaCategory),
    )
    media_context = serializers.CharField(
        max_length=1000, required=False, default="", allow_blank=True
    )
    media_original_url = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True
    )
    correction = serializers.CharField(
        max_length=1000, required=False, default="", allow_blank=True
    )
    recheck_at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    evidence = serializers.ListField(
        child=EvidenceIn(), required=False, default=list, max_length=EVIDENCE_AT_MOST
    )

    def words(self) -> CheckIn:
        """Return what stands in the draft."""
        data = {k: v for k, v in self.validated_data.items() if k not in ("by", "revision")}
        data["evidence"] = [
            {**row, "accessed_on": row["accessed_on"].isoformat()} for row in data["evidence"]
        ]
        return CheckIn(**data)


class PublishIn(ByIn):
    """Which revision the second checker has read."""

    revision = serializers.IntegerField(min_value=1)


class ProposalIn(ByIn):
    """A claim that deserves a check."""

    text = serializers.CharField(max_length=1000)
    language = serializers.ChoiceField(choices=LANGUAGES)
    topic = serializers.ChoiceField(choices=ClaimTopic.values, default=ClaimTopic.OTHER)
    election = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Election.objects.all(),
        required=False,
        default=None,
        allow_null=True,
    )
    place = PlaceField(max_length=20, required=False, default=None, allow_null=True)
    claimant_kind = serializers.ChoiceField(
        choices=ClaimantKind.values, required=False, default=ClaimantKind.UNKNOWN
    )
    claimant = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    party = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=500)

    def claim(self) -> ClaimIn:
        """Return the claim as it was sent."""
        data = {k: v for k, v in self.validated_data.items() if k not in ("by", "reason")}
        return ClaimIn(**data)


class AnswerIn(ByIn):
    """What came of somebody's request to correct a check."""

    corrected = serializers.BooleanField()
    answer = serializers.CharField(max_length=1000)


class ReviewsIn(ByIn):
    """ClaimReview rows; each gets its own result."""

    rows = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=ROWS_AT_MOST
    )


class MemberIn(ByIn):
    """A new colleague."""

    email = serializers.EmailField(max_length=254)
    alias = serializers.CharField(max_length=60)
    role = serializers.ChoiceField(choices=MemberRole.values)


class RoleIn(ByIn):
    """Another role for a colleague."""

    role = serializers.ChoiceField(choices=MemberRole.values)


class ProfileIn(ByIn):
    """How much the organisation takes at once, and its words for verdicts."""

    capacity = serializers.IntegerField(min_value=0, max_value=500, required=False)
    words = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=60, allow_blank=True)),
        required=False,
        help_text='By verdict and language: {"false": {"nl": "Onjuist"}}.',
    )

    def validate_words(self, value: dict[str, dict[str, str]]) -> dict[tuple[str, str], str]:
        """Refuse verdicts and languages that are not on the scale."""
        if not set(value) <= set(Verdict.values):
            raise serializers.ValidationError("This verdict is not on the scale.")
        found = {(v, lang): text for v, each in value.items() for lang, text in each.items()}
        if not {lang for _v, lang in found} <= {"nl", "en"}:
            raise serializers.ValidationError("Write your words in nl or en.")
        return found


class WebhookIn(ByIn):
    """Where your system hears of what happens."""

    url = serializers.CharField(max_length=500)
