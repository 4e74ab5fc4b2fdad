"""What the running guide says about settings is what the house reads, and what it does with them."""

import re
from pathlib import Path

from integrity import encryption, env

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDE = (REPOSITORY / "docs" / "running.md").read_text()
READ = re.compile(
    r"""(?:os\.environ\.get|os\.environ|_flag|_number|_folder|_words|_networks)[(\[]\s*"([A-Z_]+)\""""
)


def read_names() -> set[str]:
    """Every name that the one reader asks for."""
    source = Path(env.__file__).read_text()
    # OIDC's two are asked for in a loop as well, which changes nothing.
    return set(READ.findall(source))


def table_names() -> set[str]:
    """Every name in the first column of the guide's table."""
    section = GUIDE.partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_the_table_has_every_setting_and_no_other():
    assert table_names() == read_names()


def test_what_an_earlier_key_sealed_is_still_opened(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the-key-of-last-year", []
    sealed = encryption.encrypt("JBSWY3DPEHPK3PXP")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-key", ["the-key-of-last-year"]

    assert encryption.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    assert encryption.encrypt("x") != encryption.encrypt("x")


def test_no_sweep_outlives_the_ones_that_overtake_it(settings):
    for name, sweep in settings.CELERY_BEAT_SCHEDULE.items():
        if isinstance(sweep["schedule"], float | int):
            assert sweep["schedule"] < sweep["options"]["expires"], name
