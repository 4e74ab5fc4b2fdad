"""The editors' screen for official files: hand in, see what would change, confirm."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from elections.models import Election
from elections.ods_files import MOST_BYTES
from guidance import queries, rules
from guidance.choices import FileKind
from guidance.models import OfficialFile
from guidance.models.files import UNDER_WAY
from guidance.services import taking_over
from guidance.services.taking_over import FileIn
from integrity.doors import settings_page
from integrity.people.models import User

PUBLISH = "elections.publish_fact"


class FileForm(forms.Form):
    """A file, what it is, and who published it."""

    election = forms.ModelChoiceField(
        label=lazy("Election"),
        queryset=Election.objects.order_by("-first_day"),
        to_field_name="slug",
    )
    kind = forms.ChoiceField(label=lazy("What is it?"), choices=FileKind.choices)
    file = forms.FileField(label=lazy("File"))
    source_name = forms.CharField(
        label=lazy("Who published it"),
        help_text=lazy("This stands under each row that comes from it."),
        max_length=160,
    )
    add_places = forms.BooleanField(
        label=lazy("Take over municipalities that the election does not have yet"), required=False
    )

    def clean_file(self) -> tuple[str, bytes]:
        """Read no more of it than may be."""
        file = self.cleaned_data["file"]
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise forms.ValidationError(_("The file is empty, or larger than 30 MB."))
        return file.name, content

    def said(self) -> FileIn:
        """Return what was handed in."""
        data = self.cleaned_data
        name, content = data["file"]
        return FileIn(
            FileKind(data["kind"]), name, content, data["source_name"], data["add_places"]
        )


@settings_page("GET", permission=PUBLISH)
def official_files(request: HttpRequest) -> HttpResponse:
    """List the files that were handed in, the newest first."""
    context = {"files": queries.official_files()}
    return render(request, "guidance/desk/files.html", context)


@settings_page("GET", "POST", permission=PUBLISH)
def hand_in_file(request: HttpRequest) -> HttpResponse:
    """Hand in a file; it is compared in the background."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = taking_over.hand_in(
            election=form.cleaned_data["election"],
            said=form.said(),
            by=_by(request),
            at=timezone.now(),
        )
        return redirect("official_file", file.public_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "guidance/desk/new_file.html", {"form": form}, status=status)


@settings_page("GET", permission=PUBLISH)
def official_file(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Show how far a file is and what it would change; the page asks again while work goes on."""
    file, by = _file(reference), _by(request)
    context = {
        "file": file,
        "report": file.report,
        "lists": [
            (title, file.report.get("counts", {}).get(name, 0), file.report.get(name, []))
            for name, title in (
                ("new", _("New")),
                ("changed", _("Changed")),
                ("withdrawn", _("No longer there")),
            )
        ],
        "under_way": file.state in UNDER_WAY,
        "may_take_over": rules.may_take_over(file, by=by),
        "may_lay_aside": rules.may_lay_aside(file, by=by),
    }
    template = "guidance/desk/file.html"
    return render(request, template + "#state" if request.htmx else template, context)  # type: ignore[attr-defined]


@settings_page("POST", permission=PUBLISH)
def confirm_file(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Have a file taken over that somebody else handed in."""
    taking_over.confirm_file(file=_file(reference), by=_by(request), at=timezone.now())
    messages.success(request, _("Confirmed: it is being taken over."))
    return redirect("official_file", reference)


@settings_page("POST", permission=PUBLISH)
def lay_file_aside(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Do nothing with a file."""
    taking_over.lay_aside(file=_file(reference), by=_by(request), at=timezone.now())
    messages.success(request, _("Laid aside: nothing changes."))
    return redirect("official_files")


def _file(reference: UUID) -> OfficialFile:
    file = queries.official_file(reference)
    if file is None:
        raise Http404
    return file


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)
