"""What a page of guidance is made of; a fact is a live block, never copied words."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from elections import center, queries
from elections.models import Election
from elections.topics import QUESTIONS
from guidance.choices import Door

PLAIN = ["bold", "italic", "ol", "ul", "link", "document-link"]


def election_choices() -> list[tuple[str, str]]:
    """List the elections that a block may speak of."""
    return [(row.slug, str(row)) for row in Election.objects.order_by("-first_day")]


def question_choices() -> list[tuple[str, str]]:
    """List the questions that an official fact answers."""
    return [(key, str(question)) for key, question in QUESTIONS.items()]


class StepsBlock(blocks.StructBlock):
    """What to do, one step after another."""

    steps = blocks.ListBlock(blocks.TextBlock(label=_("Step"), max_length=400), label=_("Steps"))

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "guidance/blocks/steps.html"


class WarningBlock(blocks.StructBlock):
    """What must not be missed."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), max_length=800)

    class Meta:
        label = _("Warning")
        icon = "warning"
        template = "guidance/blocks/warning.html"


class FactBlock(blocks.StructBlock):
    """An official statement as it stands when the page is read, with its source and place."""

    election = blocks.ChoiceBlock(choices=election_choices, label=_("Election"))
    key = blocks.ChoiceBlock(choices=question_choices, label=_("Question"))
    place = blocks.CharBlock(
        label=_("Official code of the municipality"), required=False, max_length=20
    )

    class Meta:
        label = _("Official fact")
        icon = "calendar-check"
        template = "guidance/blocks/fact.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Look up what is official now; nothing is said where nothing is known."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        sheet = queries.public_sheet(value.get("election") or "")
        if sheet is not None:
            place = (value.get("place") or "").strip().upper() or None
            known = place if place in sheet.places else None
            context["said"] = (
                center.said(sheet, value["key"], place=known, at=timezone.now())
                if known == place
                else None
            )
            context["election"] = sheet.election
        return context


class CalendarBlock(blocks.StructBlock):
    """The days of an election that matter, from its official facts."""

    election = blocks.ChoiceBlock(choices=election_choices, label=_("Election"))

    class Meta:
        label = _("Calendar of an election")
        icon = "calendar"
        template = "guidance/blocks/calendar.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Build the days as they are official now."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        sheet = queries.public_sheet(value.get("election") or "")
        if sheet is not None:
            context["center"] = center.build(sheet, place=None, at=timezone.now())
        return context


class PictureBlock(blocks.StructBlock):
    """A picture; what it shows is told in words to who does not see it."""

    image = ImageChooserBlock(label=_("Picture"))
    alternative = blocks.CharBlock(
        label=_("What the picture shows"),
        help_text=_("For people who do not see it. Needed."),
        max_length=300,
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "guidance/blocks/picture.html"


class DocumentBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(label=_("What it is"), max_length=160)

    class Meta:
        label = _("Document")
        icon = "doc-full"
        template = "guidance/blocks/document.html"


class ContactBlock(blocks.StructBlock):
    """Whom to call, and when."""

    who = blocks.CharBlock(label=_("Who"), max_length=120)
    what_for = blocks.CharBlock(label=_("What for"), max_length=300)
    when = blocks.CharBlock(label=_("When"), required=False, max_length=160)
    phone = blocks.RegexBlock(
        regex=r"^[+0-9][0-9 ()-]*$", label=_("Telephone"), required=False, max_length=30
    )
    url = blocks.URLBlock(label=_("Address on the web"), required=False)

    class Meta:
        label = _("Contact")
        icon = "mail"
        template = "guidance/blocks/contact.html"


class DoorBlock(blocks.StructBlock):
    """A button to one of our own forms and files."""

    door = blocks.ChoiceBlock(choices=Door.choices, label=_("Leads to"))
    label = blocks.CharBlock(label=_("Words on the button"), max_length=80)

    class Meta:
        label = _("Button")
        icon = "link"
        template = "guidance/blocks/door.html"


class SectionBlock(blocks.StructBlock):
    """One question in the margin with its answer beside it."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    content = blocks.StreamBlock(
        [
            (
                "text",
                blocks.RichTextBlock(
                    label=_("Text"), features=PLAIN, template="guidance/blocks/text.html"
                ),
            ),
            ("steps", StepsBlock()),
            ("warning", WarningBlock()),
            ("fact", FactBlock()),
            ("calendar", CalendarBlock()),
            ("picture", PictureBlock()),
            ("document", DocumentBlock()),
            ("contact", ContactBlock()),
            ("door", DoorBlock()),
        ],
        label=_("Content"),
    )

    class Meta:
        label = _("Section")
        icon = "title"
        template = "guidance/blocks/section.html"
