"""The pipeline follows the facts it is given, cites them, and raises for no text."""

import json
import pickle
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections.evaluating import measure, row_from
from elections.fusing import Verdict
from elections.packs import read_election_packs
from elections.screening import Said, Text, recheck, screen

DATA = Path(__file__).parent.parent / "data"
SHEETS = {sheet.election: sheet for sheet in read_election_packs(DATA / "screening_facts.json")}
COUNCIL = SHEETS["nl-gr2026"]
POSTED = datetime.fromisoformat("2026-03-17T10:00:00+01:00")


def verdict_of(text: str, **parts: object) -> str:
    """Screen one text of the day before the council election."""
    facts = parts.pop("facts", COUNCIL)
    (outcome,) = screen([Text(text, **({"posted_at": POSTED} | parts))], facts)  # type: ignore
    return str(outcome.verdict)


def labelled(name: str) -> list[dict[str, str]]:
    """Read a file of labelled posts."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("name", "macro", "contradicts"),
    [("screening_posts.jsonl", 0.90, 0.92), ("screening_posts_2.jsonl", 0.75, 0.80)],
)
def test_the_labelled_posts_are_told_apart(name: str, macro: float, contradicts: float) -> None:
    figures = measure([row_from(raw, SHEETS) for raw in labelled(name)], SHEETS)

    assert figures.macro_f1 is not None and figures.macro_f1 >= macro
    assert figures.classes["contradicts"]["f1"] >= contradicts


def test_every_verdict_follows_when_the_whole_pack_is_swapped() -> None:
    swapped = replace(
        COUNCIL,
        voting_days=(date(2026, 3, 19),),
        facts=tuple(replace(f, value=SWAPPED.get(f.key, f.value)) for f in COUNCIL.facts),
    )

    for text in CANARIES:
        before, after = verdict_of(text), verdict_of(text, facts=swapped)

        assert {before, after} == {"contradicts", "consistent"}, text


SWAPPED = {
    "voting_day": "2026-03-19",
    "polls_close": "20:00",
    "voting_methods": ["in_person", "online", "proxy"],
    "id_required": False,
    "min_age": 16,
    "compulsory": True,
    "proxy_max": 3,
}
CANARIES = (
    "woensdag 18 maart mogen we weer stemmen",
    "on Thursday 19 March we vote for the new council",
    "de stembureaus sluiten om 20.00 uur",
    "polling stations close at 9pm tomorrow",
    "je kunt dit jaar online stemmen via de website",
    "je hebt geen identiteitsbewijs nodig om te stemmen",
    "je moet een identiteitsbewijs meenemen naar het stembureau",
    "jongeren van 16 jaar mogen ook stemmen",
    "stemmen is verplicht, wie niet stemt krijgt een boete",
    "je mag voor drie anderen stemmen met een volmacht",
)


def test_the_span_lies_in_the_text_as_it_was_posted() -> None:
    text = "🗳️ Luister: de s\u200bt3mbureaus sluiten morgen al om 1️⃣8️⃣:0️⃣0️⃣!"

    (outcome,) = screen([Text(text, POSTED)], COUNCIL)

    assert outcome.verdict is Verdict.CONTRADICTS
    assert outcome.span is not None
    assert text[slice(*outcome.span)].startswith("1️⃣8️⃣:0️⃣0")


def test_two_claims_in_one_text_each_have_their_own_verdict() -> None:
    text = "De stembureaus gaan open om 7.30 uur. Je kunt ook online stemmen via de website."

    (outcome,) = screen([Text(text, POSTED)], COUNCIL)

    verdicts = {each.statement.key: str(each.verdict()) for each in outcome.propositions}
    assert verdicts["polls_open"] == "consistent"
    assert verdicts["voting_methods"] == "contradicts"
    assert outcome.verdict is Verdict.CONTRADICTS


@pytest.mark.parametrize(
    "text",
    [
        "hoe laat gaan de stembureaus morgen open?",
        "In Frankrijk sluiten de stembureaus om 20.00 uur, zag ik op tv",
        "stem op mij in de finale, de stemlijnen sluiten om 20.00 uur",
        "that text about voting by SMS is a scam, don't click it",
        "waarom kunnen we nog steeds niet online stemmen",
        "wat een stemming in de kroeg gisteren",
        "onze kat heeft vanmorgen gestemd: tegen de nieuwe brokken",
        "Texas voters need photo ID at the polling station",
    ],
)
def test_questions_other_votes_and_debunks_contradict_nothing(text: str) -> None:
    assert verdict_of(text) != "contradicts"


@pytest.mark.parametrize(
    ("plain", "hidden"),
    [
        ("stemmen is donderdag", "st3mmen is d0nderdag"),
        ("stemmen is donderdag", "s.t.e.m.m.e.n is donderdag"),
        ("stemmen is donderdag", "stеmmen is dοnderdag"),
        ("stemmen is donderdag", "st\u200bemmen is don\u200dderdag"),
        ("stemmen is donderdag", "𝐬𝐭𝐞𝐦𝐦𝐞𝐧 is 𝐝𝐨𝐧𝐝𝐞𝐫𝐝𝐚𝐠"),
    ],
)
def test_hidden_words_are_read_like_plain_ones(plain: str, hidden: str) -> None:
    assert verdict_of(plain) == verdict_of(hidden) == "contradicts"


@pytest.mark.parametrize(
    "text",
    [
        "er zijn stembiljetten verdwenen bij het tellen",
        "my landlord said he'd check who I vote for and put the rent up",
    ],
)
def test_fraud_and_threats_go_to_people_without_a_verdict(text: str) -> None:
    assert verdict_of(text) == "unverifiable"


def test_stored_statements_are_judged_anew_without_their_text() -> None:
    (first,) = screen([Text("de stembureaus sluiten om 20.00 uur", POSTED)], COUNCIL)
    frames = json.loads(json.dumps([each.statement.frame() for each in first.propositions]))
    earlier = replace(
        COUNCIL,
        facts=tuple(
            replace(f, value="20:00") if f.key == "polls_close" else f for f in COUNCIL.facts
        ),
    )

    (same,) = recheck([Said(frames)], COUNCIL)
    (changed,) = recheck([Said(frames)], earlier)

    assert (same.verdict, same.span) == (first.verdict, first.span)
    assert first.verdict is Verdict.CONTRADICTS
    assert changed.verdict is Verdict.CONSISTENT


def test_a_text_that_passed_the_gate_always_leaves_a_statement_to_store() -> None:
    (outcome,) = screen([Text("net gestemd, lekker rustig bij het stembureau", POSTED)], COUNCIL)

    assert outcome.passed
    assert len(outcome.propositions) >= 1


def test_what_the_encoder_hears_stands_once_among_the_statements() -> None:
    text = "vanaf de bank even je keuze op de site van de gemeente aanklikken en je hebt gestemd"
    (outcome,) = screen([Text(text, POSTED, "nl")], COUNCIL)

    said = [(each.statement.key, each.statement.claim) for each in outcome.propositions]
    assert outcome.verdict is Verdict.CONTRADICTS
    assert outcome.fact_key == "voting_methods" and outcome.official
    assert len(said) == len(set(said))


def test_an_unknown_election_is_left_to_people() -> None:
    (outcome,) = screen([Text("stemmen is donderdag", POSTED, election="nl-ps2027")], SHEETS)

    assert outcome.verdict is Verdict.UNVERIFIABLE
    assert "verkiezing" in outcome.reasons["nl"]


def test_a_relative_day_without_a_posting_time_decides_nothing() -> None:
    assert verdict_of("morgen stemmen voor de gemeenteraad", posted_at=None) != "contradicts"


def test_fact_sheets_travel_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(COUNCIL)) == COUNCIL


HARD = (
    "", " ", "\x00", "😀" * 500, "stem" * 50_000, "stemmen " * 30_000, "1" * 100_000,
    "\u202e\u200b" * 2_000, "a\u0301" * 3_000, "om 25:99 uur stemmen 99-99-9999", "?" * 5_000,
    "«" * 999, "x" * 1_000_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_get_an_answer(text: str) -> None:
    (outcome,) = screen([Text(text, POSTED)], COUNCIL)

    assert outcome.verdict in set(Verdict)
    assert "failed" not in str(outcome.reasons) and "gelezen" not in str(outcome.reasons)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    "stemmen",
                    "morgen",
                    "20",
                    "uur",
                    "niet",
                    "geen",
                    "ID",
                    "volmacht",
                    "drie",
                    "online",
                    "19",
                    "maart",
                    "?",
                    '"',
                    "'",
                    "de",
                    "18e",
                    "kwart",
                    "voor",
                    "half",
                    "tot",
                    "-",
                ]
            ),
        ),
        max_size=14,
    ),
    st.one_of(st.none(), st.datetimes()),
)
def test_no_text_and_no_posting_time_makes_it_raise(
    words: list[str], posted: datetime | None
) -> None:
    text = " ".join(words)

    (outcome,) = screen([Text(text, posted)], COUNCIL)

    assert "gelezen" not in str(outcome.reasons)
    if outcome.span:
        assert 0 <= outcome.span[0] <= outcome.span[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            "Vorige week lieten we onze nieuwe filmpjes zien op televisie. Kijk ze terug, deel ze met je "
            "vrienden en zet het geluid lekker hard! Stem 18 maart op lijst 4",
            "consistent",
        ),
        (
            "De democratisch gekozen regering van Hongarije heeft er weinig mee te maken. "
            "Reken op 18 maart met ze af! Stem lijst 9",
            "consistent",
        ),
        ("In Hongarije wordt op 12 april gestemd, daar is het al campagne", "not_procedural"),
    ],
)
def test_a_day_to_vote_is_read_whatever_talk_is_around_it(text: str, verdict: str) -> None:
    assert verdict_of(text) == verdict
