"""Measuring the speed of the screening beside two baselines, each in a process of its own.

Processor time is what is compared, on one thread each: it hardly moves when the machine is busy.
"""

import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from elections.facts import FactSheet
from elections.screening import Text, screen

BATCH = 1_000
SHARE_ABOUT_VOTING = 0.03


@dataclass(frozen=True, slots=True)
class Mix:
    """The posts of the bench: ordinary talk, posts about the election, and both as they come."""

    talk: tuple[str, ...]
    about_voting: tuple[Text, ...]
    mixed: tuple[Text, ...]


def mix_of(talk: Sequence[str], about_voting: Sequence[Text], *, posts: int, seed: int) -> Mix:
    """Mix ordinary talk with 3 % posts about the election; both repeat where there are too few."""
    rng = random.Random(seed)  # noqa: S311  # a bench, not a secret
    many = round(posts * SHARE_ABOUT_VOTING)
    ordinary = rng.choices(list(talk), k=posts - many)
    about = rng.choices(list(about_voting), k=many)
    election = about_voting[0].election
    posted = about_voting[0].posted_at
    mixed = [Text(text, posted, election=election) for text in ordinary] + about
    rng.shuffle(mixed)
    return Mix(tuple(ordinary), tuple(about_voting), tuple(mixed))


def in_child(measure: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    """Run a measurement in a fresh process and give what it measured."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, args)


def _timed(work: Callable[[], object]) -> dict[str, float]:
    """Time some work by the processor and by the clock."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def measure_ours(mix: Mix, facts: dict[str, FactSheet], started: float) -> dict[str, Any]:
    """Measure cold start, gate, full path, the whole pipeline on the mix, and memory."""
    from integrity.classifiers.voting_procedure.gate import may_concern_voting

    screen(mix.about_voting[:1], facts)
    cold = time.time() - started
    memory = psutil.Process()
    texts = [text.text for text in mix.mixed]
    passed: list[bool] = []

    def gate() -> None:
        for at in range(0, len(texts), BATCH):
            passed.extend(g.passed for g in may_concern_voting(texts[at : at + BATCH]))

    def whole() -> None:
        for at in range(0, len(mix.mixed), BATCH):
            screen(mix.mixed[at : at + BATCH], facts)

    return {
        "cold_start_s": cold,
        "gate": _timed(gate),
        "whole": _timed(whole),
        "full": _timed(lambda: screen(mix.about_voting, facts)),
        "passed": sum(passed) / len(passed),
        "memory_mb": memory.memory_info().rss / 1e6,
    }


def measure_baseline(name: str, texts: Sequence[str]) -> dict[str, Any]:
    """Measure one of the baselines over every post; its loading and training do not count."""
    from integrity.classifiers.voting_procedure.training import baselines

    run = {"minilm": baselines.minilm, "tfidf": baselines.tfidf}[name]()
    run(texts[:8])
    return _timed(lambda: run(texts))


def bench(mix: Mix, facts: dict[str, FactSheet], *, minilm_posts: int) -> dict[str, Any]:
    """Measure everything and give posts a second of one core, and the ratios."""
    ours = in_child(measure_ours, mix, facts, time.time())
    texts = [text.text for text in mix.mixed]
    minilm_texts = texts[:minilm_posts]
    minilm = in_child(measure_baseline, "minilm", minilm_texts)
    tfidf = in_child(measure_baseline, "tfidf", texts)
    whole = len(texts) / ours["whole"]["cpu"]
    slow = len(minilm_texts) / minilm["cpu"]
    linear = len(texts) / tfidf["cpu"]
    return {
        "posts": len(texts),
        "posts_about_voting": len(mix.about_voting),
        "passed_gate": round(ours["passed"], 4),
        "per_core_second": {
            "gate": round(len(texts) / ours["gate"]["cpu"]),
            "full_path": round(len(mix.about_voting) / ours["full"]["cpu"], 1),
            "whole_pipeline": round(whole),
            "minilm_fp32": round(slow, 1),
            "tfidf_lr": round(linear),
        },
        "per_wall_second": {
            "gate": round(len(texts) / ours["gate"]["wall"]),
            "full_path": round(len(mix.about_voting) / ours["full"]["wall"], 1),
            "whole_pipeline": round(len(texts) / ours["whole"]["wall"]),
        },
        "times_minilm": round(whole / slow, 1),
        "times_tfidf": round(whole / linear, 2),
        "cold_start_s": round(ours["cold_start_s"], 2),
        "worker_memory_mb": round(ours["memory_mb"]),
    }
