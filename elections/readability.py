"""How hard a Dutch text is to read: the Flesch-Douma score, and its longest sentences.

206.84 - 0.93 × words a sentence - 77 × syllables a word (Douma, 1960). From 60 up is plain Dutch,
about what a reader at level B1 gets through; a person's eye stays the judge.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

# Vowels that are one sound together; what follows a trema begins a new one.
_SOUNDS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|ou|au|[aeiouyàáâãäåèéêëìíîïòóôõöùúûü]"
)
_TREMA = re.compile(r"(?<=[a-z])([äëïöü])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_END = re.compile(r"(?<=[.!?])\s+|(?<=:)\s+(?=[A-Z])")
_BLOCKS = {"p", "li", "dd"}
_OUTSIDE = {"nav", "script", "style", "svg", "table", "form"}
_ASIDE = {"src", "hint", "elsewhere"}


@dataclass(frozen=True, slots=True)
class Score:
    """How a text reads."""

    sentences: int
    words: int
    syllables: int
    longest: str

    @property
    def flesch_douma(self) -> float:
        """The score: higher is easier."""
        if not self.sentences:
            return 100.0
        return (
            206.84 - 0.93 * self.words / self.sentences - 77 * self.syllables / max(self.words, 1)
        )


def score(text: str) -> Score:
    """Score a plain text; each line ends a sentence."""
    found = [
        part for line in text.splitlines() for part in _END.split(line) if len(words(part)) >= 4
    ]
    every = [word for part in found for word in words(part)]
    return Score(
        sentences=len(found),
        words=len(every),
        syllables=sum(syllables(word) for word in every),
        longest=max(found, key=lambda part: len(words(part)), default=""),
    )


def words(text: str) -> list[str]:
    """Find the words; a number is read as one short word."""
    return _WORD.findall(_NUMBER.sub(" een ", text))


def syllables(word: str) -> int:
    """Count the sounds of a Dutch word."""
    return max(1, len(_SOUNDS.findall(_TREMA.sub(r" \1", word.lower()))))


def text_of(html: str) -> str:
    """Take the running text out of a page: its paragraphs and list items, one a line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    """Keeps what stands in `main`, outside navigation, tables and forms."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside = self._outside = 0
        self._skips: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        marks = set((given.get("class") or "").split())
        if tag == "main":
            self._inside += 1
        within = bool(self._skips) and tag == self._skips[-1]
        aside = tag in _OUTSIDE or bool(marks & _ASIDE) or given.get("lang", "nl") != "nl"
        if tag != "main" and self._inside and (aside or within):
            self._skips.append(tag)
        if tag in _BLOCKS and self._inside and not self._skips:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside -= 1
        if self._skips and tag == self._skips[-1]:
            self._skips.pop()
        if tag in _BLOCKS and self._inside and not self._skips:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._skips and self.lines:
            self.lines[-1] = " ".join(f"{self.lines[-1]}{data}".split()) + (
                " " if data[-1:].isspace() else ""
            )
