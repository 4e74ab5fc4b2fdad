"""Names of Dutch municipalities and towns in a text."""

from functools import cache
from importlib import resources

from integrity.classifiers.voting_procedure.tokens import Token


@cache
def _names() -> dict[str, list[tuple[str, ...]]]:
    """Read the names, by their first word; those that are everyday words are left out."""
    lines = (resources.files(__package__) / "places.txt").read_text(encoding="utf-8").splitlines()
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            for name in line.split(","):
                words = tuple(name.strip().lower().replace("-", " ").replace("'", "' ").split())
                if words:
                    by_first.setdefault(words[0], []).append(words)
    for names in by_first.values():
        names.sort(key=len, reverse=True)
    return by_first


def find_places(tokens: list[Token]) -> tuple[str, ...]:
    """Name the places in the order in which they stand."""
    names = _names()
    words = [
        piece
        for token in tokens
        for piece in token.text.replace("'", "' ").split("-")
        for piece in piece.split()
    ]
    found: list[str] = []
    for at, word in enumerate(words):
        for name in names.get(word, ()):
            if tuple(words[at : at + len(name)]) == name:
                found.append(" ".join(name).replace("' ", "'"))
                break
    return tuple(dict.fromkeys(found))
