"""The words of elections by concept, read from `lexicon/*.txt`, and finding them in a text."""

# Word tables read best a row a line, and a grammar is a list of early answers.

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

from integrity.classifiers.voting_procedure.tokens import Token

MIN_STEM = 3
LONGEST_STEM = 24
# No word of voting is longer; what is, is noise that would cost time.
LONGEST_WORD = 60
OTHER_LANGUAGES = ("de", "pl", "tr", "ar", "fy", "fr")
# Words by which evasion is worth undoing (see normalise.fold): all of these concepts' words.
RESTORED = (
    "VOTE", "ELECT", "ELDAY", "POLL", "BALLOT", "PASS", "PASSW", "ID", "PROXY", "ONLINE", "SMS",
    "APP", "PHONE", "POST", "EMAIL", "REGISTER", "POSTPONED", "CANCELLED", "COUNCIL", "CLOSEW",
    "OPENW", "NEED", "NEG", "ALLOW", "IMPER", "QUEUE", "DESK", "BOX", "COLOUR", "COST", "FINE",
    "EXPIRED", "RED", "REFUSE", "ONLY", "HEALTH", "SELFIE", "FRAUD", "BRING", "PEN",
)  # fmt: skip
TIME_WORDS = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "morgen",
    "overmorgen",
    "vandaag",
    "gisteren",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "today",
    "tonight",
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "january",
    "february",
    "march",
    "may",
    "june",
    "july",
    "august",
    "october",
]


class Hit(NamedTuple):
    """One concept found: the first and last token of the words that name it."""

    start: int
    end: int


@dataclass(slots=True)
class Lexicon:
    """The words, stems and phrases by which each concept is known."""

    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    insides: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    restorable: set[str] = field(default_factory=set)

    def add(self, entry: str, concept: str) -> None:
        """File one entry in the table for its form."""
        pieces = entry.split()
        if len(pieces) > 1:
            self.phrases[pieces[0]].append((tuple(pieces), concept))
        elif entry.startswith("*") and entry.endswith("*"):
            self.insides[entry.strip("*")].append(concept)
        elif entry.startswith("*"):
            self.endings[entry[1:]].append(concept)
        elif entry.endswith("*"):
            self.stems[entry[:-1]].append(concept)
        else:
            self.words[entry].append(concept)
        if concept in RESTORED and len(pieces) == 1:
            self.restorable.add(entry.strip("*"))

    def restores(self, word: str) -> bool:
        """Say whether a word that was hidden behind digits or dots is one of ours."""
        return word in self.restorable or any(
            word[:size] in self.restorable and word[:size] in self.stems
            for size in range(5, min(len(word), LONGEST_STEM) + 1)
        )


@cache
def lexicon(language: str = "") -> Lexicon:
    """Read the word lists once: Dutch and English together, or those of one other language."""
    found = Lexicon()
    folder = resources.files(__package__) / "lexicon"
    for name in (language,) if language else ("nl", "en"):
        concept = ""
        for line in (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                concept = line[1:].strip()
            elif line and not line.startswith("#"):
                for entry in line.split(","):
                    if entry.strip():
                        found.add(entry.strip().lower(), concept)
    found.restorable |= set(TIME_WORDS)
    return found


def _concepts_of(word: str, words: Lexicon) -> tuple[str, ...]:
    """Look a word up as it is, then without accents, inner marks and repeated letters."""
    found = _table(word, words)
    if found or len(word) < MIN_STEM:
        return found
    bare = "".join(
        c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn"
    ).replace("'", "")
    if bare != word and (found := _table(bare, words)):
        return found
    joined = bare.replace("-", "")
    if joined != bare and (found := _table(joined, words)):
        return found
    if "-" in bare:
        return tuple(name for piece in bare.split("-") for name in _table(piece, words))
    squeezed = _squeeze(bare)
    return _table(squeezed, words) if squeezed != bare else ()


def _squeeze(word: str) -> str:
    """Shorten letters repeated three times or more: `steeeem`."""
    out: list[str] = []
    for c in word:
        if not (out and out[-1] == c and len(out) >= 2 and out[-2] == c):
            out.append(c)
    return "".join(out)


def _table(word: str, words: Lexicon) -> tuple[str, ...]:
    """Find the concepts of a word by the whole of it, its beginning, its end or what it holds."""
    names = list(words.words.get(word, ()))
    size = len(word)
    for cut in range(MIN_STEM, min(size, LONGEST_STEM) + 1):
        if (found := words.stems.get(word[:cut])) is not None:
            names += found
    if size >= 6:
        for cut in range(1, size - 3):
            if (found := words.endings.get(word[cut:])) is not None:
                names += found
        for piece, found_inside in words.insides.items():
            if piece in word:
                names += found_inside
    return tuple(dict.fromkeys(names))


_KNOWN: dict[tuple[str, str], tuple[str, ...]] = {}
_KNOWN_LIMIT = 100_000


def concepts_of(word: str, language: str = "") -> tuple[str, ...]:
    """Name the concepts of one word, remembering words seen before."""
    if len(word) > LONGEST_WORD:
        return ()
    found = _KNOWN.get((language, word))
    if found is None:
        found = _concepts_of(word, lexicon(language))
        if len(_KNOWN) < _KNOWN_LIMIT and len(word) <= 30:
            _KNOWN[language, word] = found
    return found


# A phrase of the first takes the words of the second away: "outside the EU" is not the EU.
COVERS = {"NONEU": "EUCIT", "NOTFREE": "FREE"}


def tag(tokens: list[Token], language: str = "nl") -> dict[str, list[Hit]]:
    """Find every concept in the text, by single words and by phrases; hits may overlap."""
    hits: dict[str, list[Hit]] = defaultdict(list)
    _tag_with(tokens, "", hits)
    if language in OTHER_LANGUAGES:
        _tag_with(tokens, language, hits)
        for found in hits.values():
            found.sort()
    for phrase, covered in COVERS.items():
        if hits.get(phrase) and hits.get(covered):
            hits[covered] = [
                hit
                for hit in hits[covered]
                if not any(over.start <= hit.start and hit.end <= over.end for over in hits[phrase])
            ]
    return dict(hits)


def _tag_with(tokens: list[Token], language: str, hits: dict[str, list[Hit]]) -> None:
    """Add what the word lists of one language find."""
    phrases = lexicon(language).phrases
    for at, token in enumerate(tokens):
        for name in concepts_of(token.text, language):
            hits[name].append(Hit(at, at))
        for words, name in phrases.get(token.text, ()):
            end = _match(tokens, at, words)
            if end is not None:
                hits[name].append(Hit(at, end))


def _match(tokens: list[Token], at: int, words: tuple[str, ...]) -> int | None:
    """Return the last token of the phrase when it stands here."""
    for word in words[1:]:
        at += 1
        if at >= len(tokens):
            return None
        text = tokens[at].text
        if word.endswith("*"):
            if not text.startswith(word[:-1]):
                return None
        elif text != word:
            return None
    return at
