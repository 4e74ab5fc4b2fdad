"""What the learned model, where its weights are shipped, thinks of a text."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from integrity.classifiers.voting_procedure import chosen, learned
from integrity.classifiers.voting_procedure.claims import model as claims
from integrity.classifiers.voting_procedure.encoder import model as encoder


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities from the learned model; `known` is False where there is no model."""

    known: bool = False
    gate: float = 0.0
    procedural: float = 0.0
    stance: Mapping[str, float] = field(default_factory=dict)
    topic: Mapping[str, float] = field(default_factory=dict)
    # What the encoder hears: whether it was asked, the likeliest statements, and its chances that
    # nothing is stated, by kind.
    heard: bool = False
    claims: tuple[Mapping[str, Any], ...] = ()
    nothing: Mapping[str, float] = field(default_factory=dict)

    def as_frame(self) -> dict[str, Any]:
        """Give the short JSON form that is stored with a statement."""
        if not self.known:
            return {}
        frame: dict[str, Any] = {
            "gate": round(self.gate, 3),
            "procedural": round(self.procedural, 3),
            "stance": {name: round(p, 3) for name, p in self.stance.items() if p >= 0.05},
            "topic": {name: round(p, 3) for name, p in self.topic.items() if p >= 0.05},
        }
        if self.heard:
            frame |= {"claims": [dict(each) for each in self.claims], "nothing": dict(self.nothing)}
        return frame

    def likely_topic(self) -> str:
        """Name the likeliest subject other than none."""
        topics = {name: p for name, p in self.topic.items() if name != "none"}
        return max(topics, key=topics.__getitem__) if topics else "none"

    def likely_stance(self) -> str:
        """Name the likeliest stance."""
        return max(self.stance, key=self.stance.__getitem__) if self.stance else "asserts"

    @classmethod
    def from_frame(cls, frame: Mapping[str, Any]) -> "Opinion":
        """Read the opinion that was stored with a statement."""
        stored = frame.get("opinion") or {}
        if not stored:
            return cls()
        return cls(
            True,
            stored["gate"],
            stored["procedural"],
            stored["stance"],
            stored["topic"],
            "claims" in stored,
            tuple(stored.get("claims", ())),
            stored.get("nothing", {}),
        )


NO_OPINION = Opinion()

logger = logging.getLogger(__name__)


def loaded_model() -> learned.Learned | None:
    """Give the weights in use; without usable weights screening goes by the rules alone."""
    return _usable(chosen.weights(chosen.HEADS, learned.WEIGHTS))


@lru_cache(maxsize=4)
def _usable(path: Path) -> learned.Learned | None:
    try:
        return learned.load_file(path)
    except learned.WeightsDamaged:
        logger.exception("the weights of the learned heads cannot be used; rules only")
        return None


def opinions(texts: Sequence[str]) -> list[Opinion]:
    """Ask the model about each text; without a model, every opinion is unknown."""
    model = loaded_model()
    if model is None or not texts:
        return [NO_OPINION] * len(texts)
    return [
        Opinion(True, o.gate, o.procedural, dict(o.stance), dict(o.topic))
        for o in model.predict(list(texts))
    ]


def model_version(rules: str) -> str:
    """Name the rules and the weights that an outcome comes from."""
    model = loaded_model()
    claim_model = encoder.load() or claims.load()
    parts = [rules, model and model.version, claim_model and claim_model.version]
    return "+".join(part for part in parts if part)
