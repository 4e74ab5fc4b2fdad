"""Reproduce the shipped weights: python -m integrity.classifiers.voting_procedure.training."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from integrity.classifiers.voting_procedure.learned import WEIGHTS
from integrity.classifiers.voting_procedure.training.train import Plan, train, write


def main() -> None:
    """Train by the recipe and write the weights, their checksum and the held-out figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=WEIGHTS.parent, help="folder to write to")
    parser.add_argument("--posts", type=int, default=Plan.posts, help="posts to train on")
    parser.add_argument("--fold-posts", type=int, default=Plan.fold_posts)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    chosen = parser.parse_args()
    began = time.monotonic()
    plan = replace(Plan(), posts=chosen.posts, fold_posts=chosen.fold_posts, seed=chosen.seed)
    data, card = train(plan)
    digest = write(data, folder=chosen.into)
    json.dump(card, sys.stdout, indent=1)
    sys.stdout.write(
        f"\n{len(data) / 1e6:.1f} MB, SHA-256 {digest}, {time.monotonic() - began:.0f} s\n"
    )


if __name__ == "__main__":
    main()
