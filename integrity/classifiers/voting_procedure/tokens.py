"""Cutting a folded text into words, numbers and signs, and into sentences."""

import re
from dataclasses import dataclass

MAX_TOKENS = 4_000

_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*"  # 21  21:00  7.30  2,95
    r"|[^\W\d_]+(?:['.-][^\W\d_]+)*"  # id-kaart  sms'en  i.d
    r"|€|[?!.…\n]+|[^\s\w]"
)
_NOT = re.compile(r"([a-z]+?)n't$")
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
_END = re.compile(r"[?!.…\n]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign with its place in the folded text and its sentence."""

    text: str
    start: int
    end: int
    sentence: int


def tokenize(text: str) -> list[Token]:
    """Cut the text; `don't` becomes two words, a full stop or a new line ends a sentence."""
    tokens: list[Token] = []
    sentence = 0
    for match in _TOKEN.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        if "." in word and word[0].isalpha() and not _is_abbreviation(word):
            # "stembureau.Kom" without a space: two words and the end of a sentence between them.
            at = start
            for piece in word.split("."):
                tokens += _words(piece, at, sentence)
                at += len(piece) + 1
                sentence += 1
            sentence -= 1
        elif _END.match(word):
            tokens.append(Token(word, start, end, sentence))
            sentence += 1
        else:
            tokens += _words(word, start, sentence)
        if len(tokens) >= MAX_TOKENS:
            break
    return tokens


def _is_abbreviation(word: str) -> bool:
    """Say whether the points belong to the word: `i.d`, `e.g`."""
    return all(len(piece) <= 2 for piece in word.split("."))


def _words(word: str, start: int, sentence: int) -> list[Token]:
    """Cut an English not from its verb."""
    negated = _NOT.match(word)
    if not negated:
        return [Token(word, start, start + len(word), sentence)]
    verb = negated.group(1)
    cut = start + len(verb)
    return [
        Token(_WHOLE.get(verb, verb), start, cut, sentence),
        Token("n't", cut, start + len(word), sentence),
    ]
