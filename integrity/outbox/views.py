"""The delivery desk: what is owed to the platform, what became of it, and sending it again."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrity.audit import services as audit
from integrity.doors import settings_page
from integrity.outbox import endpoints as keeping
from integrity.outbox import presenting, queries, telling
from integrity.outbox.forms import DisableForm, EndpointForm, FilterForm, ReplayForm
from integrity.outbox.models import Delivery, WebhookEndpoint
from integrity.outbox.rules import Person, actor_of, may_manage

SEE = "outbox.see_deliveries"
MANAGE = "outbox.manage_deliveries"


@settings_page("GET", permission=SEE)
def delivery_desk(request: HttpRequest) -> HttpResponse:
    """Show deliveries by state, the newest first; what is owed unless asked otherwise."""
    wanted = FilterForm(request.GET).wanted()
    wanted["state"] = request.GET.get("state", "owed")
    page = queries.delivery_page(**wanted)
    kept = {name: str(value) for name, value in wanted.items() if name != "before"}
    context = {
        "rows": [presenting.delivery_row(delivery) for delivery in page.rows],
        "older": urlencode({**kept, "before": page.before}) if page.before else "",
        "tabs": presenting.tabs(wanted["state"], queries.state_counts()),
        "wanted": wanted,
        "oldest_owed_at": queries.oldest_owed_at(),
        "readers": queries.feed_readers(),
    }
    return render(request, "outbox/delivery_desk.html", context)


@settings_page("GET", permission=SEE)
def delivery(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Show one delivery: the message as it is signed, and every try. Reading it is recorded."""
    found = get_object_or_404(
        Delivery.objects.select_related("event__notification", "endpoint"), public_id=delivery
    )
    audit.record_read(
        subject_type="delivery", subject_id=found.public_id, by=actor_of(_by(request)),
        at=timezone.now(),
    )  # fmt: skip
    attempts = list(found.attempts.order_by("-pk"))
    context = {
        "row": presenting.delivery_row(found),
        "message": telling.pretty(found.event),
        "attempts": [
            (attempt, presenting.outcome_words(attempt.status_code, attempt.error))
            for attempt in attempts
        ],
        "refusal": may_manage(_by(request)),
    }
    return render(request, "outbox/delivery.html", context)


@settings_page("POST", permission=MANAGE)
def resend(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Owe a delivery again under the same message id."""
    found = get_object_or_404(Delivery, public_id=delivery)
    keeping.replay(delivery=found, by=_by(request), at=timezone.now())
    messages.success(request, _("It goes out again, under the same message id."))
    return redirect("delivery", found.public_id)


@settings_page("GET", permission=SEE)
def owed_messages(request: HttpRequest) -> HttpResponse:
    """Show the messages owed to people: to whom and whether they went, not what they say."""
    wanted = FilterForm(request.GET).wanted()
    page = queries.message_page(before=wanted.get("before"), subject=wanted.get("subject", ""))
    context = {
        "rows": [presenting.message_row(message) for message in page.rows],
        "older": urlencode({"before": page.before}) if page.before else "",
    }
    return render(request, "outbox/messages.html", context)


@settings_page("GET", permission=SEE)
def endpoints(request: HttpRequest) -> HttpResponse:
    """List the endpoints and how each is doing."""
    at = timezone.now()
    context = {
        "rows": [presenting.endpoint_row(found, at=at) for found in queries.endpoint_rows()],
        "refusal": may_manage(_by(request)),
    }
    return render(request, "outbox/endpoints.html", context)


@settings_page("GET", permission=SEE)
def endpoint(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Show one endpoint and what can be done with it."""
    return _endpoint_page(request, _endpoint(endpoint))


@settings_page("GET", "POST", permission=MANAGE, step_up=True)
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """Add an endpoint and show its secret, this one time."""
    form = EndpointForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "outbox/new_endpoint.html", {"form": form}, status=status)
    made, secret = keeping.register_endpoint(
        **form.cleaned_data, by=_by(request), at=timezone.now()
    )
    return render(request, "outbox/secret_shown.html", {"endpoint": made, "secret": secret})


@settings_page("POST", permission=MANAGE, step_up=True)
def rotate_secret(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Make a new secret and show it, this one time; the old one signs along for a day."""
    made, secret = keeping.rotate_secret(
        endpoint=_endpoint(endpoint), by=_by(request), at=timezone.now()
    )
    return render(request, "outbox/secret_shown.html", {"endpoint": made, "secret": secret})


@settings_page("POST", permission=MANAGE)
def try_endpoint(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Send a test event and lead to what becomes of it."""
    made = keeping.try_endpoint(endpoint=_endpoint(endpoint), by=_by(request), at=timezone.now())
    return redirect("delivery", made.public_id)


@settings_page("POST", permission=MANAGE)
def disable_endpoint(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Leave an endpoint alone; what is owed to it waits."""
    found, form = _endpoint(endpoint), DisableForm(request.POST)
    if not form.is_valid():
        return _endpoint_page(request, found, disable_form=form)
    keeping.disable_endpoint(
        endpoint=found, reason=form.cleaned_data["reason"], by=_by(request), at=timezone.now()
    )
    return redirect("webhook_endpoint", found.public_id)


@settings_page("POST", permission=MANAGE)
def enable_endpoint(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Send to an endpoint again."""
    found = _endpoint(endpoint)
    keeping.enable_endpoint(endpoint=found, by=_by(request), at=timezone.now())
    return redirect("webhook_endpoint", found.public_id)


@settings_page("POST", permission=MANAGE)
def replay_period(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    """Owe an endpoint everything of a period again."""
    found, form = _endpoint(endpoint), ReplayForm(request.POST)
    if not form.is_valid():
        return _endpoint_page(request, found, replay_form=form)
    n = keeping.replay_range(
        endpoint=found, **form.cleaned_data, by=_by(request), at=timezone.now()
    )
    messages.success(
        request,
        ngettext("%(n)s delivery is owed again.", "%(n)s deliveries are owed again.", n) % {"n": n},
    )
    return redirect("webhook_endpoint", found.public_id)


def _endpoint_page(
    request: HttpRequest,
    endpoint: WebhookEndpoint,
    *,
    disable_form: DisableForm | None = None,
    replay_form: ReplayForm | None = None,
) -> HttpResponse:
    context = {
        "row": presenting.endpoint_row(endpoint, at=timezone.now()),
        "endpoint": endpoint,
        "disable_form": disable_form or DisableForm(),
        "replay_form": replay_form or ReplayForm(),
        "refusal": may_manage(_by(request)),
    }
    status = 422 if disable_form or replay_form else 200
    return render(request, "outbox/endpoint.html", context, status=status)


def _endpoint(public_id: UUID) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint, public_id=public_id)


def _by(request: HttpRequest) -> Person:
    return cast(Person, request.user)
