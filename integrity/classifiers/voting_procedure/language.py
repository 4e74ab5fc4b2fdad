"""Guessing the language of a short text: Dutch, English, one of a few others, or unknown."""

import re
from functools import cache
from importlib import resources

LANGUAGES = ("nl", "en", "de", "pl", "tr", "ar", "fy", "fr")
OTHER = "other"

_WORD = re.compile(r"[^\W\d_]+")
_READ = 400
# Letters that hardly occur outside one of these languages.
_TELLING = {
    "pl": "ąćęłńśźż", "tr": "ğışİ", "de": "äß", "fr": "èêçàœ", "fy": "ûâ",
}  # fmt: skip


@cache
def _frequent() -> dict[str, dict[str, float]]:
    """Read the short frequent words of each language, weighing down the shared ones."""
    lines = (resources.files(__package__) / "frequent_words.txt").read_text(encoding="utf-8")
    by_word: dict[str, list[str]] = {}
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            language, _, words = line.partition(":")
            for word in words.split():
                by_word.setdefault(word, []).append(language)
    return {
        word: {language: 1 / len(owners) ** 1.5 for language in owners}
        for word, owners in by_word.items()
    }


def guess_language(text: str) -> str:
    """Guess the language from frequent words and telling letters; `other` when neither speaks."""
    text = text[:_READ]
    if sum("\u0600" <= c <= "\u06ff" for c in text) > len(text) // 4:
        return "ar"
    points = dict.fromkeys(LANGUAGES, 0.0)
    frequent = _frequent()
    words = _WORD.findall(text)
    for word in words:
        for language, weight in frequent.get(word, {}).items():
            points[language] += weight
    for language, letters in _TELLING.items():
        points[language] += 0.8 * sum(c in letters for c in text)
    best = max(LANGUAGES, key=points.__getitem__)
    if points[best] < 0.3:
        foreign = sum(not c.isascii() for c in text) * 4 > len(text)
        return OTHER if foreign else "nl" if _looks_dutch(words) else OTHER
    return best


def _looks_dutch(words: list[str]) -> bool:
    """Say whether the spelling is Dutch where no frequent word is."""
    return any(re.search(r"ij|aa|oe|uu|sch|ee[knrst]$|tje|heid|ing$", word) for word in words)
