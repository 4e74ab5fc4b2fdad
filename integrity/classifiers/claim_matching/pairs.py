# ruff: noqa: E501
"""Minimal pairs: a sentence and its twin with one slot changed, in Dutch and English, generated.

Made of this file alone; the measure of what must never be matched by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

_FRAMES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("date", "nl", (
        ("De gemeenteraadsverkiezingen zijn op {} maart 2026.", "18 19 17 25 8"),
        ("Je kunt stemmen op {} 18 maart.", "woensdag donderdag dinsdag zaterdag"),
        ("Op 18 {} kiezen we een nieuwe gemeenteraad in Utrecht.", "maart april mei februari"),
    )),
    ("date", "en", (
        ("The municipal elections are on {} March 2026.", "18 19 17 25 8"),
        ("You can vote on {} 18 March.", "Wednesday Thursday Tuesday Saturday"),
    )),
    ("hours", "nl", (
        ("De stembureaus in Nijmegen sluiten om {} uur.", "21.00 20.00 19.30 22.00"),
        ("Stembureau De Brug gaat om {} uur open op de verkiezingsdag.", "07.30 09.00 06.30"),
    )),
    ("hours", "en", (
        ("Polling stations in Nijmegen close at {}.", "9pm 8pm 21:30 10pm"),
    )),
    ("number", "nl", (
        ("Je identiteitsbewijs mag maximaal {} jaar verlopen zijn bij het stemmen.", "vijf tien twee 3"),
        ("Een kiezer mag hoogstens {} volmachten aannemen bij deze verkiezing.", "twee drie vier 1"),
        ("Op het stembiljet kleur je {} vakjes rood in deze gemeente.", "één twee drie"),
        ("Er verdwenen {} stembiljetten in Zaanstad na de verkiezingen.", "15.000 1.500 150 15"),
    )),
    ("number", "en", (
        ("Your identity document may be at most {} years expired when you vote.", "five ten two 3"),
        ("A voter may accept at most {} proxy votes in this election.", "two three four 1"),
    )),
    ("negation", "nl", (
        ("Een verlopen paspoort is {} geldig bij het stemmen in de gemeente.", "|niet"),
        ("Je hebt {} stempas nodig om te kunnen stemmen op 18 maart.", "een|geen"),
        ("Blanco stemmen worden {} bij de grootste partij opgeteld na de telling.", "|niet"),
        ("Statushouders mogen {} stemmen voor de gemeenteraad in maart.", "|niet"),
    )),
    ("negation", "en", (
        ("An expired passport is {} accepted when you vote in the municipality.", "|not"),
        ("You {} need a voting pass to vote on 18 March.", "|do not"),
        ("Refugees may {} vote for the municipal council in March.", "|not"),
    )),
    ("place", "nl", (
        ("In de gemeente {} kleur je twee vakjes op het stembiljet.", "Borne Utrecht Boekel Nijmegen"),
        ("Het stembureau aan de Kerkstraat in {} is vandaag dicht.", "Meppel Assen Tilburg"),
    )),
    ("place", "en", (
        ("Voters in {} colour two boxes on the ballot paper.", "Borne Utrecht Boekel Nijmegen"),
    )),
    ("method", "nl", (
        ("Je kunt bij deze verkiezingen gewoon stemmen per {}.", "app sms post volmacht"),
        ("Een {} is genoeg als identiteitsbewijs in het stembureau.", "paspoort rijbewijs kopie"),
        ("Je moet je stem invullen met een rood {} uit het stemhokje.", "potlood|pen"),
    )),
    ("method", "en", (
        ("In this election you can simply vote by {}.", "app text post proxy"),
        ("You must fill in your vote with a red {} from the booth.", "pencil pen"),
    )),
    ("opposite", "nl", (
        ("Het stembureau aan de Markt is de hele dag {} voor kiezers.", "open gesloten"),
        ("Een stembiljet met een handtekening is {} bij deze verkiezing.", "geldig ongeldig"),
        ("Een foto maken van je eigen stembiljet is {} in het stemhokje.", "toegestaan verboden"),
        ("Je stem telt alleen als je {} 12 uur hebt gestemd.", "voor na"),
    )),
    ("opposite", "en", (
        ("The polling station at the Market is {} for voters all day.", "open closed"),
        ("A ballot paper with a signature on it is {} in this election.", "valid invalid"),
        ("Taking a photo of your own ballot in the booth is {} here.", "allowed forbidden"),
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that differ in one slot and so may have opposite verdicts."""

    slot: str
    language: str
    one: str
    other: str


def minimal_pairs() -> Iterator[Pair]:
    """Make every pair of every frame."""
    for slot, language, frames in _FRAMES:
        for frame, values in frames:
            options = values.split("|") if "|" in values else values.split()
            made = [" ".join(frame.format(option).split()) for option in options]
            for one, other in combinations(made, 2):
                yield Pair(slot, language, one, other)


def repetitions() -> Iterator[tuple[str, str]]:
    """Make pairs that say the same and must pass: other case, signs, a hashtag."""
    for _slot, _language, frames in _FRAMES:
        for frame, values in frames:
            options = values.split("|") if "|" in values else values.split()
            text = " ".join(frame.format(options[0]).split())
            yield text, text.upper()
            yield text, f"{text.rstrip('.')}!!!"
            yield text, f"  {text.replace(' ', '  ')} "
