"""Numbers in words and digits, in Dutch and English."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

import re

from integrity.classifiers.voting_procedure.tokens import Token

_NL = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
    "twintig",
]
_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS_NL = {"twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60,
            "zeventig": 70, "tachtig": 80, "negentig": 90}  # fmt: skip
_TENS_EN = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
            "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip

WORDS: dict[str, int] = {word: n for n, word in enumerate(_NL)}
WORDS |= {word: n for n, word in enumerate(_EN)}
WORDS |= _TENS_NL | _TENS_EN
WORDS |= {"één": 1, "'n": 1, "a": 1, "an": 1, "honderd": 100, "hundred": 100, "half": 0}
WORDS |= {
    f"{unit}{'ën' if unit[-1] == 'e' else 'en'}{tens}": value + n
    for tens, value in _TENS_NL.items()
    for n, unit in enumerate(_NL[:10])
    if n
}
WORDS |= {
    f"{tens}-{unit}": value + n
    for tens, value in _TENS_EN.items()
    for n, unit in enumerate(_EN[:10])
    if n
}
WORDS |= {"couple": 2, "paar": 2, "both": 2, "beide": 2, "allebei": 2, "triple": 3, "dozen": 12}
# German, Polish, Turkish, Frisian: those that hours and proxies need.
WORDS |= {"zwei": 2, "drei": 3, "fünf": 5, "neun": 9, "zwanzig": 20, "dwa": 2, "trzy": 3, "dwie": 2,
          "iki": 2, "üç": 3, "dokuz": 9, "njoggen": 9, "twa": 2, "trije": 3, "tsien": 10}  # fmt: skip
# "a" and "een" count only where a unit follows; "half" is read by the hour grammar.
WEAK = {"een", "one", "a", "an", "'n", "half", "paar", "couple", "both", "beide", "allebei"}

_ORDINAL_ENDINGS = re.compile(r"^(e|de|ste|st|nd|rd|th)$")
_ORDINALS_EN = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_ORDINALS_NL = {"eerste": 1, "derde": 3, "achtste": 8} | {
    f"{word}{'de' if n < 20 and n not in (8,) else 'ste'}": n
    for word, n in WORDS.items()
    if 2 <= n <= 31 and n not in (3, 8) and word in WORDS and word.isalpha()
}
ORDINALS: dict[str, int] = _ORDINALS_NL | _ORDINALS_EN
ORDINALS |= {
    f"{tens}-{word}": value + n
    for tens, value in (("twenty", 20), ("thirty", 30))
    for word, n in list(_ORDINALS_EN.items())[:9]
}


def number_at(tokens: list[Token], at: int, *, weak: bool = True) -> int | None:
    """Read the whole number at this token; `weak` lets "een" and "a" count as one."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text.isdigit() and len(text) <= 6:
        return int(text)
    if text in WEAK and not weak:
        return None
    return WORDS.get(text)


def ordinal_at(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """Read `18e`, `18th`, `achttiende`: the number and the token after it."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text in ORDINALS:
        return ORDINALS[text], at + 1
    if text in _TENS_EN and at + 1 < len(tokens) and tokens[at + 1].text in _ORDINALS_EN:
        return _TENS_EN[text] + _ORDINALS_EN[tokens[at + 1].text], at + 2
    follows = at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].end
    if (
        text.isdigit()
        and len(text) <= 2
        and follows
        and _ORDINAL_ENDINGS.match(tokens[at + 1].text)
    ):
        return int(text), at + 2
    return None
