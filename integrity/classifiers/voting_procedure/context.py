"""How much a text has to do with voting, and with which vote: this election, another, a TV show."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

from dataclasses import dataclass

from integrity.classifiers.voting_procedure.patterns import Tagged

_STRONG = ("ELECT", "ELDAY", "POLL", "PASS", "KPASS", "BALLOT", "SUFFRAGE", "PROXY")
_MEDIUM = ("VOTE", "MUSTGO", "GRWORD", "TKWORD", "COMPULSORY")
_WEAK = ("PASSW", "BOX", "COUNCIL", "DESK", "ID", "QUEUE", "REGISTER", "SELFIE", "COUNT", "RESULT",
         "FAMILY", "CLOSEW", "REFWORD", "EXTRADAY", "NONEU", "EUCIT", "PEN", "SPARE",
         "SHEET", "NONVOTE", "COMPULSORY", "ONLINE", "INTIMID", "HEALTH", "PASSFORM", "BALLOTFORM", "FRAUD", "HELP", "EACHBOX", "REPLACE", "CONDITION", "CLOSEDW")  # fmt: skip
_VOTING_NOUNS = {
    "stem",
    "stemmen",
    "stemming",
    "stemt",
    "vote",
    "votes",
    "voting",
    "gestemd",
    "voted",
}


@dataclass(frozen=True, slots=True)
class Context:
    """`level` 0 to 3 says how sure it is that this is about an election; `ref` which other vote."""

    level: int
    ref: str = ""
    ref_reason: str = ""


def read_context(text: Tagged) -> Context:
    """Weigh the words of voting against the signs of another vote or another country."""
    level = 0
    if any(text.hits.get(name) for name in _STRONG):
        level = 3
    elif any(text.hits.get(name) for name in _MEDIUM):
        level = 2
    elif any(text.hits.get(name) for name in _WEAK):
        level = 1
    reference, reason = _reference(text, level)
    return Context(level, reference, reason)


def _reference(text: Tagged, level: int) -> tuple[str, str]:
    """Name the other vote or country that a text is about, "" where it is about none."""
    words = text.hits
    official = sum(len(words.get(name, ())) for name in ("POLL", "PASS", "KPASS"))
    show = words.get("OTHERVOTE", [])
    if (show and official == 0) or len(show) > 1 + official:
        return "show", text.tokens[show[0].start].text
    mood = words.get("MOOD", [])
    if mood and level <= 2 and official == 0:
        covered = {at for hit in mood for at in range(hit.start, hit.end + 1)}
        votes = [hit for hit in words.get("VOTE", ()) if hit.start not in covered]
        if not votes or not text.has("ELECT", "ELDAY", "BALLOT", "MUSTGO", "ALLOW"):
            return "mood", text.tokens[mood[0].start].text
    foreign = words.get("FOREIGN", [])
    home = text.has("PASS", "KPASS") or (bool(words.get("GRWORD")) and not _foreign_subject(text))
    foreign = [
        h
        for h in foreign
        if any(
            not _chosen_before(text, hit.start)
            for hit in text.within(*text.sentence(h.start), "$VOTING")
        )
    ]
    if (
        foreign
        and not text.has("ABROAD")
        and (not home or _foreign_subject(text))
        and not _is_origin(text)
    ):
        return "foreign", text.tokens[foreign[0].start].text
    other = words.get("OTHERELECT", [])
    if other and not text.has("GRWORD", "TKWORD", "REFWORD"):
        return "other_election", text.tokens[other[0].start].text
    return "", ""


_FROM = {"uit", "vanuit", "from", "naar", "to", "of", "origin"}
_THERE = {"in", "the", "voor", "van", "de", "french", "german", "back"}


def _foreign_subject(text: Tagged) -> bool:
    """Say whether a word of elections stands right beside the foreign name."""
    for hit in text.hits.get("FOREIGN", ()):
        if text.within(hit.start - 4, hit.end + 4, "ELECT", "ELDAY"):
            return True
    return False


def _chosen_before(text: Tagged, at: int) -> bool:
    """Say whether the word only tells how somebody got their seat: "democratisch gekozen"."""
    return (
        at > 0
        and text.tokens[at].text in {"gekozen", "verkozen", "elected"}
        and text.tokens[at - 1].text
        in {"democratisch", "democratically", "rechtstreeks", "directly"}
    )


def _is_origin(text: Tagged) -> bool:
    """Say whether the country only tells where somebody is from: "of je nu uit Polen komt"."""
    hits = text.hits.get("FOREIGN", ())
    return all(hit.start and text.tokens[hit.start - 1].text in _FROM for hit in hits)


def elections_named(text: Tagged) -> set[str]:
    """Name the kinds of election that the text itself speaks of."""
    kinds = {
        "gr": "GRWORD", "tk": "TKWORD", "ref": "REFWORD", "ps": "PSWORD", "ws": "WSWORD", "ep": "EPWORD",
    }  # fmt: skip
    return {
        kind
        for kind, name in kinds.items()
        if any(not _inside_house(text, hit.start) for hit in text.hits.get(name, ()))
    }


def _inside_house(text: Tagged, at: int) -> bool:
    """Say whether the body itself is meant and not its election: "in de Tweede Kamer"."""
    return any(token.text in {"in", "uit", "inside"} for token in text.tokens[max(0, at - 2) : at])
