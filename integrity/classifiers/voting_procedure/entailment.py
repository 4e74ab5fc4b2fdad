"""A second reader: whether a text says a statement, asked of any model of inference.

It is named by its hub name or a local folder, is slow and is optional: the house runs without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

LONGEST = 256
BATCH = 16
# What models call the classes, in the order in which they are looked for.
ENTAILED = ("entail",)
DENIED = ("contradict",)


class NoSuchModel(RuntimeError):
    """The named model cannot be loaded; the message says why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The chances that a text says a statement, and that it says the opposite."""

    says: float
    denies: float


class Entailment:
    """A loaded model with its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """Find which of its outputs mean yes and no."""
        labels = {int(n): str(name).lower() for n, name in model.config.id2label.items()}
        self._says = _one(labels, ENTAILED)
        self._denies = _one(labels, DENIED)
        self._model = model
        self._tokenizer = tokenizer

    def ask(self, pairs: Sequence[tuple[str, str]]) -> list[Heard]:
        """Ask of each text and statement whether the one says the other."""
        import torch

        heard: list[Heard] = []
        for at in range(0, len(pairs), BATCH):
            part = pairs[at : at + BATCH]
            numbers = self._tokenizer(
                [text for text, _ in part],
                [statement for _, statement in part],
                padding=True,
                truncation="only_first",
                max_length=LONGEST,
                return_tensors="pt",
            )
            with torch.inference_mode():
                chances = self._model(**numbers).logits.softmax(dim=-1).tolist()
            heard += [Heard(row[self._says], row[self._denies]) for row in chances]
        return heard


def _one(labels: dict[int, str], wanted: Sequence[str]) -> int:
    """Find the output whose label begins as wanted."""
    for n, name in labels.items():
        if name.startswith(tuple(wanted)):
            return n
    raise NoSuchModel(
        f"the model tells apart {', '.join(labels.values())}; one of them must begin with "
        f"{' or '.join(wanted)}"
    )


@cache
def load(name: str) -> Entailment:
    """Load a model by its hub name or local folder, once."""
    try:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForSequenceClassification.from_pretrained(name).eval()
    except ImportError as error:
        raise NoSuchModel("torch and transformers are not installed here") from error
    except (OSError, ValueError) as error:
        raise NoSuchModel(f"{name}: {error}") from error
    return Entailment(model, tokenizer)
