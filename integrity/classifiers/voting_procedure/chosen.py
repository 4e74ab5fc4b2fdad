"""Which weights are read: the shipped ones, or those of a version that somebody switched on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

# What a version may bring; what it does not bring is read from the shipped file.
HEADS = "heads.npz"
GIST = "gist.npz"
CLAIMS = "claims.npz"
ENCODER = "encoder.onnx"
VOCABULARY = "vocabulary.json"
WEIGHING = "weighing.json"
FILES = (HEADS, GIST, CLAIMS, ENCODER, VOCABULARY, WEIGHING)
# An encoder reads with its own vocabulary, and the second gate with the encoder's.
TOGETHER = frozenset({ENCODER, VOCABULARY, GIST})

_FOLDER: ContextVar[Path | None] = ContextVar("folder of weights", default=None)


@contextmanager
def weights_in(folder: Path | None) -> Iterator[None]:
    """Read with the weights in this folder for as long as this lasts, in this thread alone."""
    before = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(before)


def weights(name: str, shipped: Path) -> Path:
    """Return the file to read; its checksum stands beside it as `*.sha256`."""
    folder = _FOLDER.get()
    brought = folder / name if folder is not None else None
    return brought if brought is not None and brought.exists() else shipped
