"""The weights that texts are read with: kept as rows, copied to each machine, checked by hash."""

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from integrity.classifiers.voting_procedure import chosen
from integrity.classifiers.voting_procedure.chosen import weights_in
from moderation.models import ScreeningModel
from moderation.models.screening import ModelState

logger = logging.getLogger(__name__)


@contextmanager
def live_weights() -> Iterator[None]:
    """Read with the live version, or with what the house ships with where none is live."""
    model = ScreeningModel.objects.filter(state=ModelState.LIVE).first()
    with weights_in(folder_of(model) if model else None):
        yield


def folder_of(model: ScreeningModel) -> Path | None:
    """Return this machine's copy of a version; None, and a line in the log, where it is damaged.

    A version that cannot be used never stops the reading: the shipped weights read instead.
    """
    folder = Path(settings.VAR) / "weights" / model.sha256
    if (folder / "whole").exists():
        return folder
    rows = list(model.files.all())
    files = {row.name: bytes(row.data) for row in rows}
    if any(hashlib.sha256(files[row.name]).hexdigest() != row.sha256 for row in rows):
        logger.error("weights damaged in the database", extra={"version": model.version})
        return None
    folder.mkdir(parents=True, exist_ok=True)
    unpack(files, folder)
    _write(folder / "whole", b"")
    return folder


def unpack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files of weights with the checksums that their readers look for."""
    for name, data in files.items():
        _write(folder / name, data)
        if name == chosen.VOCABULARY:
            continue
        # The encoder's checksum is over both of its files.
        whole = data + files[chosen.VOCABULARY] if name == chosen.ENCODER else data
        line = f"{hashlib.sha256(whole).hexdigest()}  {name}\n"
        _write((folder / name).with_suffix(".sha256"), line.encode("ascii"))


def _write(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all: several workers may do this at once."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(data)
    os.replace(beside.name, path)
