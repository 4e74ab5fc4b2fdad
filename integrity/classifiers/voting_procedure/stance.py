"""What a writer does with a statement: asserts, debunks, quotes, asks, jokes or instructs."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501, PLR0911

from dataclasses import dataclass

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.patterns import Tagged

QUOTE_MARKS = {'"', "'", "‘", "’"}
LONG_QUOTE = 4
_QUESTION_STARTS = {
    "is", "zijn", "heb", "heeft", "hoe", "waar", "wanneer", "wie", "welke", "welk", "wat", "waarom",
    "kan", "mag", "moet", "klopt", "weet", "does", "do", "can", "are", "what", "when", "where",
    "who", "which", "how", "why", "should", "am", "will", "has", "anyone", "iemand", "vraag",
    "vraagje", "question", "zou", "could", "would", "of", "whats",
}  # fmt: skip
_ASKING = {"hoe", "waar", "wanneer", "wie", "waarom", "welke", "weet", "klopt", "how", "where", "when", "who",
           "why", "which", "does", "is", "can"}  # fmt: skip
_FIRST_PERSON = {"ik", "i", "me", "mij", "mijn", "my", "we", "wij"}
_TAGS = {"toch", "right", "hè", "he", "innit", "ja", "hoor"}
_THAT = {"dat", "that", "als", "alsof", "om", "claiming"}


@dataclass(frozen=True, slots=True)
class Stance:
    """The stance on one statement; `modality` other than `stated` means it is not claimed."""

    stance: str = "asserts"
    modality: str = "stated"
    rejected: str = ""


def stance_of(text: Tagged, hit: Hit) -> Stance:
    """Read the stance on the statement that these words make."""
    start, _end = text.sentence(hit.start)
    last = text.sentence(hit.end)[1]
    satire = _satire(text, start, last)
    if satire:
        return Stance("jokes", "joked")
    if _asked(text, hit, start, last):
        return Stance("asks", "asked")
    if _proposed(text, start, last):
        return Stance("asserts", "proposed")
    if text.within(start, last, "PAST") and not text.within(
        start, last, "ELDAY", "$PASS", "EXPIRED", "LIVE", "LOST"
    ):
        return Stance("asserts", "past")
    rejected = _rejected(text, hit, start, last)
    if rejected:
        return Stance("debunks", "rejected", rejected)
    if _quoted(text, hit):
        believed = text.has("BELIEF")
        return Stance("quotes", "stated" if believed else "quoted")
    if text.has("DEBUNK", "NAY"):
        return Stance("debunks")
    if text.has("JOKE") and text.tokens[text.hits["JOKE"][0].start].text.startswith(
        ("grap", "geint")
    ):
        return Stance("jokes")
    if text.within(start, min(start + 1, last), "IMPER"):
        return Stance("instructs")
    return Stance()


def _asked(text: Tagged, hit: Hit, start: int, end: int) -> bool:
    """Say whether the statement stands in a real question."""
    last = text.tokens[end].text
    first = text.tokens[start].text
    if text.within(start, end, "RHETORIC") and not last.startswith("?"):
        return False
    rhetorical = any(
        text.tokens[h.start].text in {"wist", "did", "didn", "guess", "raad"}
        for h in text.within(start, end, "RHETORIC")
    )
    if last.startswith("?"):
        words = {token.text for token in text.tokens[max(start, end - 7) : end]}
        if rhetorical or words & _TAGS:
            return False
        follows = end + 1 < len(text.tokens)
        hearsay = text.within(start, end, "HEAR") and follows
        if follows and (hit.end > end or _answered(text, start, end)):
            return False
        statement = hearsay and "?" * 2 in last
        return not statement
    if any(
        text.tokens[h.start].text in {"iemand", "anyone"} for h in text.within(start, end, "ASKW")
    ) and _final_question(text):
        return True
    if start < end and text.tokens[start + 1].text == "n't":
        return False
    asks = first in _QUESTION_STARTS and text.within(start, min(start + 3, end), "ASKW")
    starts_verb_first = first in {
        "is",
        "does",
        "do",
        "are",
        "can",
        "mag",
        "kan",
        "moet",
        "heb",
        "klopt",
        "hoe",
        "weet",
        "vraagje",
        "vraag",
        "wanneer",
        "when",
        "how",
    }
    me = {token.text for token in text.tokens[start : min(start + 5, end + 1)]} & _FIRST_PERSON
    if first in {"kan", "mag", "moet", "heb", "can", "do", "are"} and not me:
        return False
    open_end = last in {"...", "…", ".."}
    doubt = bool(text.within(start, end, "=twijfelen", "=twijfel", "=benieuwd", "=wondering"))
    return (
        bool(
            starts_verb_first
            and (asks or me)
            and (open_end or me or first in {"hoe", "how", "is", "does", "weet", "when", "wanneer"})
        )
        or doubt
    )


def _answered(text: Tagged, start: int, end: int) -> bool:
    """Say whether the question only sets a case, and the next sentence gives the rule."""
    if {token.text for token in text.tokens[start : end + 1]} & {"iemand", "anyone", "someone"}:
        return False
    if text.tokens[start].text in _ASKING:
        return False
    after, last = text.sentence(end + 1)
    return bool(
        text.within(
            after, last, "ALLOW", "ACCEPT", "REFUSE", "NEED", "ONLY", "IMPER", "UNTIL", "ANY", "NAY"
        )
    )


def _final_question(text: Tagged) -> bool:
    return any(token.text.startswith("?") for token in text.tokens)


def _proposed(text: Tagged, start: int, end: int) -> bool:
    """Say whether the sentence wishes or argues instead of stating a rule."""
    for hit in text.within(start, end, "PROPOSAL"):
        before = text.tokens[hit.start - 1].text if hit.start > start else ""
        word = text.tokens[hit.start].text
        if word in {"should", "ought"} and before in {"you", "u", "je", "they"}:
            continue
        if (
            word == "i"
            and text.tokens[hit.end].text == "think"
            and text.within(start, end, "DATEW", "UNTIL")
        ):
            continue
        return True
    return False


def _satire(text: Tagged, start: int, end: int) -> bool:
    """Say whether the one who votes is an animal or a fable: nobody could take it seriously."""
    for hit in text.within(start, min(end, start + 5), "ANIMAL"):
        if text.within(hit.end + 1, hit.end + 7, "VOTE", "BALLOT", "POLL") and not text.within(
            start, end, "LOST", "PROXY"
        ):
            return True
    return any(
        text.tokens[h.end].text in {"speld", "onion", "satire"} for h in text.hits.get("JOKE", ())
    )


def _rejected(text: Tagged, hit: Hit, start: int, end: int) -> str:
    """Say how the statement is rejected: `that` by a clause, `quoted`, or `near`; "" if not."""
    for cue in text.within(start, end, "DEBUNK"):
        if _corrected(text, end):
            return "that"
        after = {token.text for token in text.tokens[cue.end + 1 : cue.end + 4]}
        if hit.start > cue.end and after & _THAT:
            return "that"
        if hit.start > cue.start - 1 or hit.end < cue.start:
            return "near"
    if text.has("DEBUNK", "NAY") and _in_quotes(text, hit):
        return "quoted"
    if text.within(start, end, "NAY") and False:
        return "near"
    return ""


def _corrected(text: Tagged, end: int) -> bool:
    """Say whether a later sentence sets it right: "Nonsense, that is not needed at all"."""
    last = len(text.tokens) - 1
    return bool(
        text.within(end + 1, last, "NEG")
        and text.within(end + 1, last, "NEED", "ALLOW", "COMPULSORY")
    )


def _in_quotes(text: Tagged, hit: Hit) -> int:
    """Return how many words the quotation around these words has, 0 where there is none."""
    opened: int | None = None
    for at, token in enumerate(text.tokens):
        if token.text not in QUOTE_MARKS:
            continue
        if opened is None:
            opened = at
        else:
            inside = opened < hit.start < at or opened < hit.end < at
            if inside:
                return at - opened - 1
            opened = None
    return 0


def _quoted(text: Tagged, hit: Hit) -> bool:
    """Say whether somebody else's words are passed on: a long quotation and who said it."""
    size = _in_quotes(text, hit)
    if size < LONG_QUOTE:
        return False
    return any(not _in_quotes(text, speech) for speech in text.hits.get("SPEECH", ())) or text.has(
        "DEBUNK"
    )
