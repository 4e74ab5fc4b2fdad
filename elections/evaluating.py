"""Measuring the screening on labelled posts: per class, per language, per pair."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from elections.facts import FactSheet
from elections.fusing import Verdict
from elections.screening import Outcome, Text, screen

VERDICTS = tuple(str(verdict) for verdict in Verdict)
# How other sets name our verdicts.
OTHER_NAMES = {"contradiction": "contradicts"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled post; `facts` only where it brings its own official days."""

    text: Text
    label: str
    pair: str = ""
    facts: FactSheet | None = None
    concerns_voting: bool | None = None


@dataclass(slots=True)
class Figures:
    """What was measured."""

    rows: int = 0
    macro_f1: float | None = None
    classes: dict[str, dict[str, float]] = field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    languages: dict[str, dict[str, Any]] = field(default_factory=dict)
    accuracy: float | None = None
    pair_accuracy: float | None = None
    pairs: int = 0
    false_contradictions: float | None = None
    calibration_error: float | None = None
    gate: dict[str, Any] = field(default_factory=dict)
    fast_lane: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the figures as they are written to a file."""
        return {name: getattr(self, name) for name in self.__slots__}


def row_from(raw: Mapping[str, Any], facts: Mapping[str, FactSheet]) -> Row:
    """Read one labelled row of any of the known shapes."""
    posted = raw.get("posted_at") or raw.get("posted")
    text = Text(
        text=str(raw.get("text", "")),
        posted_at=datetime.fromisoformat(posted) if posted else None,
        lang=str(raw.get("lang") or ""),
        place=raw.get("place"),
        election=str(raw.get("election") or ""),
        id=str(raw.get("id", "")),
    )
    label = str(raw.get("expected") or raw.get("label") or "")
    own = _own_facts(raw, facts)
    if own is not None:
        text = replace(text, election=own.election)
    concerns = raw.get("is_procedure_claim")
    return Row(text, OTHER_NAMES.get(label, label), str(raw.get("pair") or ""), own, concerns)


def _own_facts(raw: Mapping[str, Any], facts: Mapping[str, FactSheet]) -> FactSheet | None:
    """Build the sheet of a row that brings its official days: those and nothing else."""
    official = raw.get("official")
    if not isinstance(official, Mapping) or "dates" not in official:
        return None
    days = tuple(sorted(date.fromisoformat(day) for day in official["dates"]))
    name = str(official.get("election", ""))
    zone = next((sheet.time_zone for sheet in facts.values() if sheet.country == "NL"), "")
    return FactSheet("own", {"nl": name}, "NL", zone, days, ())


def measure(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> Figures:
    """Screen the rows and count."""
    return count(rows, _screen_all(rows, facts))


def count(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> Figures:
    """Count what came out of labelled rows, screened just now or stored before."""
    labelled = [(r, o) for r, o in zip(rows, outcomes, strict=True) if r.label in VERDICTS]
    figures = Figures(rows=len(rows))
    if labelled:
        _count_classes(labelled, figures)
    gated = [(r, o) for r, o in zip(rows, outcomes, strict=True) if r.concerns_voting is not None]
    if gated:
        figures.gate = _count_gate(gated)
    return figures


def _screen_all(rows: Sequence[Row], facts: Mapping[str, FactSheet]) -> list[Outcome]:
    """Screen in one batch, except rows with facts of their own."""
    shared = [row for row in rows if row.facts is None]
    found = iter(screen([row.text for row in shared], facts))
    return [next(found) if row.facts is None else screen([row.text], row.facts)[0] for row in rows]


def _count_classes(labelled: Sequence[tuple[Row, Outcome]], figures: Figures) -> None:
    """Fill in what can be said of rows with one of the four labels."""
    figures.confusion, figures.classes, figures.macro_f1 = _table(labelled)
    right = [row.label == str(outcome.verdict) for row, outcome in labelled]
    figures.accuracy = sum(right) / len(right)
    others = [str(o.verdict) == "contradicts" for r, o in labelled if r.label != "contradicts"]
    figures.false_contradictions = sum(others) / len(others) if others else 0.0
    pairs: dict[str, list[bool]] = defaultdict(list)
    languages: dict[str, list[tuple[Row, Outcome]]] = defaultdict(list)
    for (row, outcome), good in zip(labelled, right, strict=True):
        languages[row.text.lang or "?"].append((row, outcome))
        if row.pair:
            pairs[row.pair].append(good)
    figures.pairs = len(pairs)
    figures.pair_accuracy = sum(map(all, pairs.values())) / len(pairs) if pairs else None
    for language, part in sorted(languages.items()):
        _, classes, macro = _table(part)
        hits = sum(r.label == str(o.verdict) for r, o in part)
        figures.languages[language] = {
            "rows": len(part),
            "accuracy": hits / len(part),
            "macro_f1": macro,
            "contradicts_f1": classes["contradicts"]["f1"],
            "calibration_error": calibration_error(part),
        }
    figures.calibration_error = calibration_error(labelled)
    figures.fast_lane = fast_lane(labelled)


def _table(
    labelled: Sequence[tuple[Row, Outcome]],
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]], float]:
    """Count the confusions; a class that never occurs counts for no average."""
    seen = Counter((row.label, str(outcome.verdict)) for row, outcome in labelled)
    confusion = {a: {b: seen[a, b] for b in VERDICTS} for a in VERDICTS}
    classes = {}
    for verdict in VERDICTS:
        right = seen[verdict, verdict]
        said = sum(seen[label, verdict] for label in VERDICTS)
        meant = sum(confusion[verdict].values())
        precision = right / said if said else 0.0
        recall = right / meant if meant else 0.0
        f1 = 2 * right / (said + meant) if said + meant else 0.0
        classes[verdict] = {
            "precision": precision, "recall": recall, "f1": f1, "rows": float(meant),
        }  # fmt: skip
    present = [c["f1"] for c in classes.values() if c["rows"]]
    return confusion, classes, sum(present) / len(present) if present else 0.0


def calibration_error(labelled: Sequence[tuple[Row, Outcome]], bins: int = 10) -> float:
    """Measure how far the scores are from how often posts do contradict, in equal-width bins."""
    parts: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row, outcome in labelled:
        bin_of = min(int(outcome.score * bins), bins - 1)
        parts[bin_of].append((outcome.score, row.label == "contradicts"))
    total = sum(map(len, parts.values()))
    gaps = (abs(sum(s for s, _ in part) - sum(c for _, c in part)) for part in parts.values())
    return sum(gaps) / total if total else 0.0


def fast_lane(labelled: Sequence[tuple[Row, Outcome]]) -> dict[str, float]:
    """Measure precision and recall above the shipped threshold."""
    from elections.scoring import FAST_LANE

    above = [row.label == "contradicts" for row, o in labelled if o.score >= FAST_LANE]
    meant = sum(row.label == "contradicts" for row, _ in labelled)
    return {
        "threshold": FAST_LANE,
        "precision": sum(above) / len(above) if above else 0.0,
        "recall": sum(above) / meant if meant else 0.0,
    }


def _count_gate(gated: Sequence[tuple[Row, Outcome]]) -> dict[str, Any]:
    """Measure the gate per language where rows only say whether they concern voting."""
    figures: dict[str, Any] = {}
    languages = sorted({row.text.lang or "?" for row, _ in gated})
    for language in ["all", *languages]:
        part = [(r, o) for r, o in gated if language in {"all", r.text.lang or "?"}]
        meant = [o.passed for r, o in part if r.concerns_voting]
        other = [o.passed for r, o in part if not r.concerns_voting]
        figures[language] = {
            "rows": len(part),
            "recall": sum(meant) / len(meant) if meant else 0.0,
            "passed_of_others": sum(other) / len(other) if other else 0.0,
        }
    return figures


def as_report(figures: Figures) -> str:
    """Write the figures as a table for people."""
    lines = [f"rows {figures.rows}"]
    if figures.macro_f1 is not None:
        lines += [f"macro F1 {figures.macro_f1:.3f}   accuracy {figures.accuracy:.3f}"]
        lines += [f"{'':16}{'precision':>10}{'recall':>8}{'F1':>8}{'rows':>6}"]
        for name, c in figures.classes.items():
            lines.append(
                f"{name:16}{c['precision']:10.3f}{c['recall']:8.3f}{c['f1']:8.3f}{c['rows']:6.0f}"
            )
        lines.append("confusion (rows: label, columns: verdict)")
        lines.append(f"{'':16}" + "".join(f"{name[:13]:>15}" for name in VERDICTS))
        for name, counts in figures.confusion.items():
            lines.append(f"{name:16}" + "".join(f"{counts[v]:15d}" for v in VERDICTS))
        for language, c in figures.languages.items():
            lines.append(
                f"language {language}: rows {c['rows']}, accuracy {c['accuracy']:.3f}, "
                f"macro F1 {c['macro_f1']:.3f}, contradicts F1 {c['contradicts_f1']:.3f}, "
                f"calibration error {c['calibration_error']:.3f}"
            )
        if figures.pair_accuracy is not None:
            lines.append(f"pair accuracy {figures.pair_accuracy:.3f} ({figures.pairs} pairs)")
        lines.append(f"false contradictions {figures.false_contradictions:.3f}")
        lines.append(f"calibration error {figures.calibration_error:.3f}")
        lane = figures.fast_lane
        lines.append(
            f"fast lane (score >= {lane['threshold']}): precision {lane['precision']:.3f}, "
            f"recall {lane['recall']:.3f}"
        )
    for language, c in figures.gate.items():
        lines.append(
            f"gate {language}: rows {c['rows']}, recall {c['recall']:.3f}, "
            f"others passed {c['passed_of_others']:.3f}"
        )
    return "\n".join(lines)
