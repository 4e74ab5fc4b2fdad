"""A classifier for tests: it answers what it was told to."""

from collections.abc import Mapping, Sequence

from integrity.classifiers.base import Finding


class FakeClassifier:
    """Finds, in each text, the label of the first known phrase that it holds."""

    name = "fake"

    def __init__(self, labels: Mapping[str, str], *, otherwise: str = "other") -> None:
        """Take the label for each phrase."""
        self._labels = labels
        self._otherwise = otherwise

    def find(self, texts: Sequence[str]) -> list[Finding]:
        """Give one finding for each text."""
        return [self._find(text) for text in texts]

    def _find(self, text: str) -> Finding:
        label = next((v for phrase, v in self._labels.items() if phrase in text), None)
        return Finding(label or self._otherwise, 1.0 if label else 0.0, {}, "fake-1")
