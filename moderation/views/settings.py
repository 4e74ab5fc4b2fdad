"""The pages of what the desk is furnished with: queues, saved replies, hosts of media."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from integrity.people.rules import may
from integrity.refusals import Refused
from moderation.access import DeskRequest, desk_view
from moderation.models import MediaHost, Queue, SavedReply
from moderation.presenting import furniture
from moderation.services import furnishing
from moderation.settings_forms import PLACEHOLDERS, HostForm, NewQueueForm, QueueForm, ReplyForm

SEE = "moderation.see_routing"


@desk_view("GET", permission=SEE)
def settings(request: DeskRequest) -> HttpResponse:
    """Lead to everything that can be set."""
    return render(request, "moderation/settings.html", {"cards": furniture.cards(request.user)})


# --- Queues -----------------------------------------------


@desk_view("GET", permission=SEE)
def queues(request: DeskRequest) -> HttpResponse:
    """Show every queue with its terms, who sees it and what it hides."""
    context = {
        "rows": [furniture.queue_row(q) for q in Queue.objects.order_by("position", "slug")],
        "may_edit": may(request.user, "moderation.change_queue"),
    }
    return render(request, "moderation/queue_settings.html", context)


@desk_view("GET", "POST", permission="moderation.change_queue")
def edit_queue(request: DeskRequest, slug: str) -> HttpResponse:
    """Change a queue."""
    queue = get_object_or_404(Queue, slug=slug)
    form = QueueForm(request.POST or None, initial=QueueForm.of(queue))
    context = {"form": form, "queue": queue}
    if not form.is_valid():
        return _form(request, "queue_form", context, form)
    try:
        furnishing.change_queue(queue=queue, said=form.said(), by=request.user)
    except Refused as refused:
        return _form(request, "queue_form", context, form, refused=refused)
    messages.success(request, _("Kept."))
    return redirect("queue_settings")


@desk_view("GET", "POST", permission="moderation.add_queue")
def new_queue(request: DeskRequest) -> HttpResponse:
    """Add a queue."""
    form = NewQueueForm(request.POST or None)
    if not form.is_valid():
        return _form(request, "queue_form", {"form": form}, form)
    try:
        furnishing.open_queue(slug=form.cleaned_data["slug"], said=form.said(), by=request.user)
    except Refused as refused:
        return _form(request, "queue_form", {"form": form}, form, refused=refused)
    messages.success(request, _("Added. Routing rules can name it from now on."))
    return redirect("queue_settings")


# --- Saved replies -----------------------------------------------


@desk_view("GET", permission=SEE)
def replies(request: DeskRequest) -> HttpResponse:
    """Show every saved reply in both languages."""
    context = {
        "replies": SavedReply.objects.order_by("position", "slug"),
        "may_edit": may(request.user, "moderation.change_savedreply"),
    }
    return render(request, "moderation/reply_settings.html", context)


@desk_view("GET", "POST", permission="moderation.change_savedreply")
def edit_reply(request: DeskRequest, slug: str) -> HttpResponse:
    """Change a saved reply."""
    reply = get_object_or_404(SavedReply, slug=slug)
    form = ReplyForm(request.POST or None, initial=ReplyForm.of(reply))
    context = {"form": form, "reply": reply, "placeholders": PLACEHOLDERS}
    if not form.is_valid():
        return _form(request, "reply_form", context, form)
    furnishing.write_reply(reply=reply, said=form.said(), by=request.user)
    messages.success(request, _("Kept."))
    return redirect("reply_settings")


@desk_view("GET", "POST", permission="moderation.add_savedreply")
def new_reply(request: DeskRequest) -> HttpResponse:
    """Add a saved reply."""
    form = ReplyForm(request.POST or None)
    if not form.is_valid():
        return _form(request, "reply_form", {"form": form, "placeholders": PLACEHOLDERS}, form)
    furnishing.write_reply(reply=None, said=form.said(), by=request.user)
    messages.success(request, _("Added."))
    return redirect("reply_settings")


@desk_view("POST", permission="moderation.delete_savedreply")
def remove_reply(request: DeskRequest, slug: str) -> HttpResponse:
    """Take a saved reply off the desk."""
    furnishing.remove_reply(reply=get_object_or_404(SavedReply, slug=slug), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("reply_settings")


# --- Hosts of media -----------------------------------------------


@desk_view("GET", "POST", permission="moderation.change_mediahost")
def hosts(request: DeskRequest) -> HttpResponse:
    """Show the hosts from which items may name media, and add one."""
    form = HostForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "hosts": MediaHost.objects.order_by("host")}
        return _form(request, "host_settings", context, form)
    furnishing.register_host(**form.cleaned_data, by=request.user)
    messages.success(request, _("Added."))
    return redirect("host_settings")


@desk_view("POST", permission="moderation.delete_mediahost")
def forget_host(request: DeskRequest, host: str) -> HttpResponse:
    """Let items no longer name media on a host."""
    furnishing.forget_host(host=get_object_or_404(MediaHost, host=host), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("host_settings")


def _form(
    request: DeskRequest,
    page: str,
    context: dict,
    form: QueueForm | ReplyForm | HostForm,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    status = 409 if refused else 422 if form.is_bound else 200
    context["refusal"] = refused.refusal if refused else None
    return render(request, f"moderation/{page}.html", context, status=status)
