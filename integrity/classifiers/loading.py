"""Loading a classifier once, when it is first asked for."""

from functools import cache
from importlib import import_module
from threading import Lock

from integrity.classifiers.base import TextClassifier
from integrity.classifiers.registry import LOADERS

_LOCK = Lock()


class UnknownClassifier(LookupError):
    """No classifier of this name is registered."""


def get_classifier(name: str) -> TextClassifier:
    """Return the classifier of this name; the first call loads it."""
    with _LOCK:
        return _load(name)


@cache
def _load(name: str) -> TextClassifier:
    if name not in LOADERS:
        raise UnknownClassifier(f"no classifier {name!r}; there are {', '.join(sorted(LOADERS))}")
    module, _, function = LOADERS[name].partition(":")
    classifier: TextClassifier = getattr(import_module(module), function)()
    return classifier
