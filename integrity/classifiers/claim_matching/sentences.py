"""The sentences of a post that may be a claim, with where they stand. Pure, bounded."""

import re

# A post is a claim as a whole while it is this short; of a longer one so many sentences are tried.
WHOLE_AT_MOST = 240
SENTENCES_AT_MOST = 6
WORDS_AT_LEAST = 3
_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def sentences(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the text as a whole when it is short, else its sentences, the longest ones."""
    whole = _trimmed(text, 0, len(text))
    if whole is None:
        return []
    if len(text) <= WHOLE_AT_MOST:
        return [whole]
    found, start = [], 0
    for end in [*(m.start() for m in _END.finditer(text)), len(text)]:
        piece = _trimmed(text, start, min(end, start + 2 * WHOLE_AT_MOST))
        if piece is not None:
            found.append(piece)
        start = end
        if len(found) >= 200:
            break
    longest = sorted(found, key=lambda s: -len(s[0]))[:SENTENCES_AT_MOST]
    return sorted(longest, key=lambda s: s[1])


def _trimmed(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    piece = text[start:end]
    kept = piece.strip()
    if len(kept.split()) < WORDS_AT_LEAST:
        return None
    start += len(piece) - len(piece.lstrip())
    return kept, (start, start + len(kept))
