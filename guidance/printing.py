"""The one page to print: what each page of guidance says in short, as a PDF.

It has a title, a language and a structure that a screen reader follows: headings and lines.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF, ViewerPreferences
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from guidance.models import GuidanceIndex, GuidancePage

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "Source Sans"
MARGIN = 18.0
SIZES = (11.5, 10.5, 9.5, 8.5, 7.5)  # the largest with which it fits on one page
logging.getLogger("fontTools").setLevel(logging.WARNING)  # tells each letter otherwise
INK, QUIET, ACCENT = (29, 29, 27), (90, 90, 85), (10, 92, 99)


class _Sheet(FPDF):
    """One A4 page whose parts are named for screen readers."""

    def __init__(self, *, title: str, language: str) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_lang(language)
        self.set_creator("Waarborg")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        for style, name in (("", "regular"), ("B", "bold")):
            self.add_font(FAMILY, style, FONTS / f"source-sans-3-{name}.ttf")
            self.add_font(f"{FAMILY} Ext", style, FONTS / f"source-sans-3-ext-{name}.ttf")
        self.set_fallback_fonts([f"{FAMILY} Ext"])
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.add_page()

    def close_fonts(self) -> None:
        """Let go of the font files, which the library keeps open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @contextmanager
    def part(self, kind: str) -> Iterator[None]:
        """Mark what is written inside as a heading or a line."""
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        page = self.page
        yield
        if self.page == page:
            self._out("EMC")

    def say(
        self,
        text: str,
        *,
        kind: str,
        size: float,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        after: float = 0.0,
        indent: float = 0.0,
    ) -> None:
        """Write one heading or line across the page."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_x(self.l_margin + indent)
        with self.part(kind):
            self.multi_cell(0, size * 0.48, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)


def one_pager(front: GuidanceIndex, pages: Sequence[GuidancePage]) -> bytes:
    """Write it in the largest letters with which it fits on one page."""
    body = b""
    for size in SIZES:
        sheet = _write(front, pages, size=size)
        fits = sheet.pages_count == 1
        body = bytes(sheet.output())
        sheet.close_fonts()
        if fits:
            break
    return body


def _write(front: GuidanceIndex, pages: Sequence[GuidancePage], *, size: float) -> _Sheet:
    language = front.locale.language_code
    sheet = _Sheet(title=front.title, language=language)
    sheet.say(front.title, kind="H1", size=size * 2, bold=True, after=1.5)
    for page in pages:
        if not page.short():
            continue
        sheet.say(page.title, kind="H2", size=size * 1.3, bold=True, colour=ACCENT, after=0.6)
        for line in page.short():
            sheet.say(f"•  {line}", kind="P", size=size, indent=2, after=0.4)
        sheet.ln(size * 0.22)
    address = settings.BASE_URL.rstrip("/") + reverse("guidance")
    asking = "" if language == "nl" else f"?lang={language}"
    sheet.say(f"{_('More, and help with priority:')} {address}{asking}", kind="P", size=size,
              bold=True, after=1)  # fmt: skip
    changed = max(
        (page.last_published_at for page in pages if page.last_published_at), default=None
    )
    if changed is not None:
        told = _("Last changed on %(day)s.") % {"day": date_format(changed, "j F Y")}
        sheet.say(told, kind="P", size=size * 0.85, colour=QUIET)
    return sheet
