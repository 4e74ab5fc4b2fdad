"""Taking private data out of a text before a partner sees it, keeping track of a span."""

import re
from collections.abc import Iterable

# What identifies a poster or a bystander. Each is replaced by a word of the same kind.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), "[e-mail]"),
    (re.compile(r"(?<![\w@])@[\w.]{2,60}"), "[account]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}\s?[A-Z0-9]{0,3}\b"), "[iban]"),
    (
        re.compile(
            r"(?<![\w/.-])(?:\+|00)[1-9]\d{0,2}[\s-]?(?:\(0\))?(?:[\s-]?\d){7,11}(?!\w)"
            r"|(?<![\w/.-])0[1-9](?:[\s-]?\d){8}(?!\w)"
        ),
        "[phone]",
    ),
    (re.compile(r"\b(?:bsn|burgerservicenummer)\W{0,3}\d{8,9}\b", re.IGNORECASE), "[bsn]"),
)


def redact(
    text: str, *, private_words: Iterable[str] = (), span: tuple[int, int] | None = None
) -> tuple[str, tuple[int, int] | None]:
    """Return the text without private data, and where the span lies in it now.

    `private_words` are names to hide whatever they look like, such as the poster's handle.
    """
    hidden = _find(text, private_words)
    out: list[str] = []
    at = 0
    start, end = span if span else (0, 0)
    new_start, new_end = start, end
    for begin, stop, word in hidden:
        out += [text[at:begin], word]
        at = stop
        shift = len(word) - (stop - begin)
        if stop <= start:
            new_start += shift
        elif begin < start:
            new_start += begin - start
        if stop <= end:
            new_end += shift
        elif begin < end:
            new_end += begin + len(word) - end
    out.append(text[at:])
    return "".join(out), (new_start, max(new_start, new_end)) if span else None


def _find(text: str, private_words: Iterable[str]) -> list[tuple[int, int, str]]:
    found = [(m.start(), m.end(), word) for p, word in _PATTERNS for m in p.finditer(text)]
    for private in private_words:
        if len(private) >= 3:
            pattern = re.compile(rf"(?<!\w)@?{re.escape(private.lstrip('@'))}(?!\w)", re.IGNORECASE)
            found += [(m.start(), m.end(), "[account]") for m in pattern.finditer(text)]
    kept: list[tuple[int, int, str]] = []
    for begin, stop, word in sorted(found, key=lambda f: (f[0], -f[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, stop, word))
    return kept
