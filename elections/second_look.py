"""A second look at contradictions that are not plain, where a model of inference is set up.

It can only take a verdict away and leave the text to people; it never makes one.
"""

import logging
from collections.abc import Sequence

from integrity import env
from integrity.classifiers.voting_procedure.entailment import NoSuchModel, load

# From this chance on the model's no counts.
DENIED_FROM = 0.8
REASONS = {
    "nl": "Twee lezers zijn het oneens over wat deze tekst zegt; een mens moet kijken.",
    "en": "Two readers disagree on what this text says; a person must look.",
}

logger = logging.getLogger(__name__)


def denials(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Give the chance that each text says the opposite of its statement; 0 without a model."""
    name = env.load().entailment_model
    if not name or not pairs:
        return [0.0] * len(pairs)
    try:
        return [heard.denies for heard in load(name).ask(pairs)]
    except NoSuchModel:
        logger.exception("the model for a second look cannot be loaded; the first reading stands")
        return [0.0] * len(pairs)
