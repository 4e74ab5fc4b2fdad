"""The informational labels of an election as rows: what viewers read, where it leads, how many."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elections.labelling import LABEL_TOPICS
from elections.models import Election, in_language
from elections.topics import TOPICS
from moderation.models import LabelSwitch
from moderation.presenting import words
from moderation.queries import screening as queries
from moderation.services.informing import ALL, link_to, texts

_TITLES: dict[str, str | Promise] = {
    ALL: _("Every topic"),
    "election": _("The election as a whole"),
    **{topic.slug: topic.title for topic in TOPICS},
}


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One topic's label, or all of them together."""

    topic: str
    title: str | Promise
    text: str
    link: str
    count: int
    is_on: bool
    switch: LabelSwitch | None

    @property
    def is_all(self) -> bool:
        """Say whether this is the switch of all topics."""
        return self.topic == ALL


def label_rows(election: Election) -> list[LabelRow]:
    """List all topics together first, then each."""
    switches, counts = queries.label_switches(election), queries.label_counts(election)
    return [
        LabelRow(
            topic=topic,
            title=_TITLES[topic],
            text=in_language(texts()[topic]) if topic != ALL else "",
            link=link_to(election, topic, language=words.reader()) if topic != ALL else "",
            count=counts.get(topic, 0) if topic != ALL else sum(counts.values()),
            is_on=switches[topic].is_on if topic in switches else True,
            switch=switches.get(topic),
        )
        for topic in (ALL, *LABEL_TOPICS)
    ]
