"""Cutting text into the word pieces that the encoder knows."""

import unicodedata
from functools import lru_cache
from pathlib import Path

LONGEST = 128
_WORD_AT_MOST = 60
CLS, SEP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


class WordPiece:
    """BERT's uncased word pieces: the longest known piece first."""

    def __init__(self, vocabulary: list[str]) -> None:
        self.ids = {piece: n for n, piece in enumerate(vocabulary)}

    @staticmethod
    def load(path: Path) -> "WordPiece":
        """Read a vocabulary of one piece a line."""
        return WordPiece(path.read_text(encoding="utf-8").splitlines())

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text, with the marks at its ends, cut to the longest length."""
        pieces = [self.ids[CLS]]
        for word in split_words(text):
            pieces += self._pieces(word)
            if len(pieces) >= LONGEST - 1:
                break
        return [*pieces[: LONGEST - 1], self.ids[SEP]]

    @lru_cache(maxsize=50_000)  # noqa: B019 - one tokenizer lives as long as the process
    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _WORD_AT_MOST:
            return (self.ids[UNKNOWN],)
        found, start = [], 0
        while start < len(word):
            end = len(word)
            while end > start:
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self.ids:
                    break
                end -= 1
            if end == start:
                return (self.ids[UNKNOWN],)
            found.append(self.ids[piece])
            start = end
        return tuple(found)


def split_words(text: str) -> list[str]:
    """Split into lower-case words without accents, each punctuation sign on its own."""
    plain = unicodedata.normalize("NFD", text.lower())
    words: list[str] = []
    current = ""
    for sign in plain:
        kind = unicodedata.category(sign)
        if kind == "Mn" or (kind.startswith("C") and not sign.isspace()):
            continue
        if sign.isspace():
            words, current = _flush(words, current), ""
        elif _is_punctuation(sign, kind) or _is_cjk(sign):
            words, current = [*_flush(words, current), sign], ""
        else:
            current += sign
    return _flush(words, current)


def _flush(words: list[str], current: str) -> list[str]:
    if current:
        words.append(current)
    return words


def _is_punctuation(sign: str, kind: str) -> bool:
    code = ord(sign)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or kind.startswith("P")


def _is_cjk(sign: str) -> bool:
    return 0x4E00 <= ord(sign) <= 0x9FFF or 0x3400 <= ord(sign) <= 0x4DBF
