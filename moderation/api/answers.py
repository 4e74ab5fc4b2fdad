"""How answers read: serializers that write nothing, for the responses and their description."""

from rest_framework import serializers

from moderation.choices import Action, AssessmentState


class RowAnswer(serializers.Serializer):
    """What became of one row; a refused row says in which field, and what would be right."""

    row = serializers.IntegerField(help_text="The row's number in the call, from 0.")
    external_id = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(
        choices=["created", "updated", "unchanged", "deleted", "accepted", "error"]
    )
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField(allow_blank=True)


class BatchAnswer(serializers.Serializer):
    """Every row of a call, accepted or refused."""

    accepted = serializers.IntegerField(help_text="Rows that are now with us, new or known.")
    results = RowAnswer(many=True)
    errors = RowAnswer(many=True, help_text="The rows that were refused.")  # type: ignore[assignment]


class ProblemRow(serializers.Serializer):
    """What is wrong, where."""

    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class Problem(serializers.Serializer):
    """Why a call was refused."""

    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemRow(many=True)  # type: ignore[assignment]


class LabelAnswer(serializers.Serializer):
    """A label that viewers see."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(
        choices=["decision", "information"],
        help_text="`information`: a pointer to the Election Center, no decision or restriction.",
    )
    text = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    link = serializers.URLField()
    not_recommended = serializers.BooleanField(help_text="Not recommended while it stands.")
    share_prompt = serializers.DictField(
        child=serializers.CharField(), help_text="What to ask before somebody shares; by language."
    )
    added_at = serializers.DateTimeField()


class ActionAnswer(serializers.Serializer):
    """A decision that was carried out."""

    decision = serializers.UUIDField()
    action = serializers.ChoiceField(choices=Action.choices)
    version = serializers.IntegerField(help_text="The item's version that it is about.")
    policy = serializers.CharField(allow_null=True)
    overrides = serializers.UUIDField(allow_null=True)
    in_force = serializers.BooleanField()
    ends_at = serializers.DateTimeField(allow_null=True)
    territories = serializers.ListField(child=serializers.CharField())
    carried_out_at = serializers.DateTimeField()
    statement = serializers.DictField(
        allow_null=True, help_text="The statement of reasons (DSA art. 17), where one is owed."
    )


class MediaAnswer(serializers.Serializer):
    """One picture, film or sound of an item."""

    n = serializers.IntegerField()
    kind = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)


class KeptAnswer(MediaAnswer):
    """One medium, and whether it is new here."""

    status = serializers.ChoiceField(choices=["created", "unchanged"])


class StandingAnswer(serializers.Serializer):
    """Where an item stands."""

    external_id = serializers.CharField()
    version = serializers.IntegerField()
    election = serializers.CharField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    assessment = serializers.ChoiceField(choices=AssessmentState.choices, allow_null=True)
    under_review = serializers.BooleanField()
    action = serializers.ChoiceField(
        choices=Action.choices, allow_null=True, help_text="The action in force."
    )
    statement = serializers.DictField(
        allow_null=True, help_text="The statement of reasons of the action in force."
    )
    labels = LabelAnswer(many=True)
    actions = ActionAnswer(many=True, help_text="Newest first.")
    media = MediaAnswer(many=True)


class EventAnswer(serializers.Serializer):
    """One event, the same as in a webhook."""

    id = serializers.CharField()
    type = serializers.CharField()
    timestamp = serializers.DateTimeField()
    data = serializers.DictField()  # type: ignore[assignment]


class FeedAnswer(serializers.Serializer):
    """A page of the feed."""

    events = EventAnswer(many=True)
    next = serializers.CharField(help_text="Send it as `after` to go on from here.")
    more = serializers.BooleanField(help_text="Whether there is more at this moment.")
