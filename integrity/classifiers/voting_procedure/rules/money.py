"""Amounts of money in a text."""

from integrity.classifiers.voting_procedure.concepts import Hit
from integrity.classifiers.voting_procedure.numbers import number_at
from integrity.classifiers.voting_procedure.tokens import Token

_UNITS = {"euro", "euro's", "euros", "eur", "€", "cent", "quid", "eurootje", "tientje"}


def money_hits(tokens: list[Token]) -> list[Hit]:
    """Find amounts: €2,95, 75 euro, een tientje."""
    found = []
    for at, token in enumerate(tokens):
        if token.text not in _UNITS:
            continue
        if at + 1 < len(tokens) and token.text == "€" and tokens[at + 1].text[0].isdigit():
            found.append(Hit(at, at + 1))
        elif at and (number_at(tokens, at - 1) is not None or tokens[at - 1].text[0].isdigit()):
            found.append(Hit(at - 1, at))
        elif token.text in {"tientje", "eurootje"}:
            found.append(Hit(at, at))
    return found
