"""The desk's pages: fetch, bind a form, call one service, show or go on."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.choices import Harm
from integrity.audit import services as audit
from integrity.look import LETTERS_COOKIE, SCHEME_COOKIE
from integrity.people.services import actor_of
from integrity.refusals import Refused
from moderation import rules, translating
from moderation.access import DeskRequest, desk_view
from moderation.choices import Action, Field
from moderation.forms import (
    AskForm,
    AssignForm,
    DecisionForm,
    DraftForm,
    FilterForm,
    HandOverForm,
    LookForm,
    MoveForm,
    SendBackForm,
    SkipForm,
)
from moderation.models import Actor, Decision, Job, Queue
from moderation.presenting import misuse, words
from moderation.presenting.rows import queue_rows
from moderation.presenting.sheets import hold_words, job_sheet
from moderation.queries import desk, job_page, similar
from moderation.queries import misuse as misuse_queries
from moderation.services import appearing, deciding, previewing, reviewing

TAKE = "moderation.take_job"
DECIDE = "moderation.decide_job"


# --- Queues -----------------------------------------------


@desk_view("GET")
def home(request: DeskRequest) -> HttpResponse:
    """Lead to the first queue where something waits."""
    found = desk.queue_summaries(request.user, at=timezone.now())
    first = next((q for q in found if q.waiting), found[0] if found else None)
    if first is None:
        return render(request, "moderation/no_queues.html")
    return redirect("queue", first.queue.slug)


@desk_view("GET")
def queue(request: DeskRequest, slug: str) -> HttpResponse:
    """Show what waits in a queue, in the order in which it will be taken."""
    at = timezone.now()
    queue = _queue(request, slug)
    form = FilterForm(request.GET)
    page = desk.waiting_page(
        queue, at=at, after=request.GET.get("after", ""), wanted=form.wanted(at=at)
    )
    first = "after" not in request.GET
    summaries = desk.queue_summaries(request.user, at=at)
    context = {
        "queue": queue,
        "summary": next(s for s in summaries if s.queue.pk == queue.pk),
        "summaries": summaries,
        "rows": queue_rows(page.rows, by=request.user, at=at),
        "in_hand": queue_rows(desk.in_hand(queue, at=at), by=request.user, at=at) if first else [],
        "after": page.after,
        "is_first_page": first,
        "filter": form,
        "topics": [(topic, words.topic_words(topic)) for topic in words.TOPICS],
        "query": _without(request, "after"),
        "at": at,
    }
    return render(request, "moderation/queue.html", context)


def _queue(request: DeskRequest, slug: str) -> Queue:
    found = next((q for q in desk.visible_queues(request.user) if q.slug == slug), None)
    if found is None:
        raise Http404
    return found


@desk_view("GET")
def find(request: DeskRequest) -> HttpResponse:
    """Find jobs by the platform's own id of their item or account."""
    at = timezone.now()
    found = desk.find_jobs(request.user, request.GET.get("q", "")[:128], at=at)
    context = {"rows": queue_rows(found, by=request.user, at=at), "at": at}
    return render(request, "moderation/find.html", context)


def _without(request: DeskRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


@desk_view("POST", permission=TAKE)
def take_next(request: DeskRequest, slug: str) -> HttpResponse:
    """Take the first job of a queue and show it."""
    return _on_to_next(request, _queue(request, slug))


def _on_to_next(request: DeskRequest, queue: Queue) -> HttpResponse:
    job = reviewing.take_next(queue=queue, by=request.user, at=timezone.now())
    if job is None:
        messages.info(request, _("Nothing waits in this queue now."))
        return redirect("queue", queue.slug)
    return redirect("job", job.public_id)


# --- One job -----------------------------------------------


def _job(request: DeskRequest, public_id: UUID) -> Job:
    job = job_page.find_job(request.user, public_id)
    if job is None:
        raise Http404
    return job


def _show_job(request: DeskRequest, job: Job, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a job's page; `form`, `move_form` … are refused forms, whose content survives."""
    at = timezone.now()
    page = job_page.job_page(job, user=request.user, at=at)
    form = context.get("form")
    sheet = job_sheet(page, by=request.user, at=at, filled=form.data.dict() if form else None)
    context |= {
        "sheet": sheet,
        "similar": similar.near_identical(page.item, page.version),
        "job": job,
        "waiting": desk.waiting_count(job.queue),
        "counted": desk.COUNTED,
        "skip_reasons": list(enumerate(words.skip_reasons(), start=1)),
        "colleagues": job_page.colleagues_for(job, user=request.user)
        if sheet.is_mine or sheet.may_assign is None
        else [],
        "permalink": request.build_absolute_uri(reverse("job", args=[job.public_id])),
        "harms": Harm.choices,
        "at": at,
    }
    return render(request, "moderation/job.html", context, status=status)


@desk_view("GET")
def job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show one job with everything that is needed to judge it; reading it is recorded."""
    found = _job(request, public_id)
    audit.record_read(
        subject_type="job",
        subject_id=found.public_id,
        by=actor_of(request.user),
        at=timezone.now(),
    )
    return _show_job(request, found)


@desk_view("GET")
def job_reports(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show all reports on a job's item, page by page."""
    found = _job(request, public_id)
    page = job_page.reports_page(found.item, after=_uuid(request.GET.get("after", "")), size=51)
    context = {
        "job": found,
        "reports": page[:50],
        "after": page[49].public_id if len(page) > 50 else "",
        "counts": job_page.report_counts(found.item),
    }
    return render(request, "moderation/job_reports.html", context)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@desk_view("POST", permission=TAKE)
def take_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Take this job."""
    job = _job(request, public_id)
    try:
        reviewing.take_job(job=job, by=request.user, at=timezone.now())
    except Refused as refused:
        return _show_job(request, _job(request, public_id), status=409, refusal=refused.refusal)
    return redirect("job", public_id)


@desk_view("POST", permission=TAKE)
def release_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Put a job back and return to its queue."""
    job = _job(request, public_id)
    reviewing.release_job(job=job, by=request.user, at=timezone.now())
    messages.success(request, _("Put back: somebody else can take it."))
    return redirect("queue", job.queue.slug)


@desk_view("POST")
def still_here(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Note who has the page open, keep their lease, and say who is looking too."""
    at = timezone.now()
    job = _job(request, public_id)
    reviewing.note_presence(job=job, by=request.user, at=at)
    return _gauges(request, public_id)


def _gauges(request: DeskRequest, public_id: UUID) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("job", public_id)
    at = timezone.now()
    job = _job(request, public_id)
    context = {
        "job": job,
        "looking": job_page.looking_along(job, user=request.user, at=at),
        "is_mine": rules.may_release(job, by=request.user) is None,
        "was_mine": request.POST.get("mine") == "yes",
        "due": words.due(job.due_at, at=at),
    }
    return render(request, "components/gauges.html", context)


@desk_view("POST", permission=TAKE)
def extend_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Keep a job longer."""
    reviewing.extend_lease(job=_job(request, public_id), by=request.user, at=timezone.now())
    return _gauges(request, public_id)


@desk_view("POST", permission=TAKE)
def skip_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Leave a job to others and go on with the next."""
    job = _job(request, public_id)
    form = SkipForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, skip_form=form)
    reviewing.skip_job(
        job=job, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Skipped: it is left to others."))
    return _on_to_next(request, job.queue)


@desk_view("POST", permission=TAKE)
def hand_over_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Give a job to a colleague by name and go on with the next."""
    job = _job(request, public_id)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, hand_over_form=form)
    reviewing.hand_over(job=job, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Handed to %(name)s.") % {"name": form.cleaned_data["to"]})
    return _on_to_next(request, job.queue)


@desk_view("POST", permission="moderation.confirm_decision")
def assign_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Let a waiting job wait for one person, or for anybody again."""
    job = _job(request, public_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, assign_form=form)
    to = form.cleaned_data["to"]
    reviewing.assign_job(job=job, to=to, by=request.user, at=timezone.now())
    messages.success(
        request,
        _("It waits for %(name)s now.") % {"name": to} if to else _("It waits for anybody now."),
    )
    return redirect("job", public_id)


@desk_view("POST", permission="factcheck.assign_claim")
def ask_partner(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Ask a fact-check partner about a sentence of the item; the job stays where it is."""
    job, at = _job(request, public_id), timezone.now()
    form = AskForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, ask_form=form)
    asked = form.asked(job_page.job_page(job, user=request.user, at=at))
    try:
        assignment = appearing.ask_about(item=job.item, asked=asked, by=request.user, at=at)
    except Refused as refused:
        return _show_job(request, job, status=409, ask_form=form, ask_refusal=refused.refusal)
    messages.success(request, _("%(name)s was asked.") % {"name": assignment.partner})
    return redirect("job", public_id)


@desk_view("POST")
def translate_item(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show the item's words in the reader's language, by the service that is set."""
    job, at = _job(request, public_id), timezone.now()
    version = job.item.versions.get(version=job.item.version)
    texts = {str(Field(name).label): text for name, text in version.texts().items()}
    try:
        found = translating.translate(
            texts, source=version.language or job.item.language, target=words.reader()
        )
    except Refused as refused:
        return _show_job(request, job, status=409, translate_refusal=refused.refusal)
    audit.record(
        verb="item.translated", subject_type="item", subject_id=job.item.public_id,
        by=actor_of(request.user), at=at, data={"to": words.reader()},
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        context = {"job": job, "translated": list(found.items())}
        return render(request, "moderation/job.html#translation", context)
    return _show_job(request, job, translated=list(found.items()))


@desk_view("POST", permission=TAKE)
def move_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Send a job to another queue and go on with the next."""
    job = _job(request, public_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, move_form=form)
    queue = job.queue
    reviewing.move_job(
        job=job,
        to=form.cleaned_data["to"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Moved to %(queue)s.") % {"queue": form.cleaned_data["to"]})
    return _on_to_next(request, queue)


def _terminates(request: HttpRequest) -> bool:
    """Say whether this would close an account for good: that asks who somebody is once more."""
    if request.POST.get("action") == Action.TERMINATE:
        return True
    held = resolve(request.path).kwargs["public_id"]
    return Decision.objects.filter(public_id=held, action=Action.TERMINATE).exists()


@desk_view("POST", permission=DECIDE, step_up=_terminates)
def decide_job(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Record the decision and go on with the next job; what was typed survives a refusal."""
    job = _job(request, public_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show_job(request, job, status=422, form=form)
    try:
        _decide(request, job, form)
    except Refused as refused:
        job = _job(request, public_id)
        return _show_job(request, job, status=409, form=form, refusal=refused.refusal)
    return _on_to_next(request, job.queue)


def _decide(request: DeskRequest, job: Job, form: DecisionForm) -> None:
    at, seen = timezone.now(), form.others()
    version = job.item.versions.get(version=job.item.version)
    alike = similar.near_identical(job.item, version) if seen else []
    others = [v.item for v in alike if str(v.item.public_id) in seen]
    answer = form.answer()
    if answer is None or not others:
        deciding.record_decision(job=job, by=request.user, at=at, **form.decision())
        return
    result = deciding.decide_together(
        job=job,
        answer=answer,
        others=others,
        by=request.user,
        at=at,
        seen_version=form.cleaned_data["seen_version"],
    )
    counts = {"n": len(result.decisions), "out": len(result.left_out)}
    messages.success(request, _("%(n)d decided together, %(out)d left to others.") % counts)


@desk_view("POST", permission=DECIDE)
def preview_decision(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Keep the draft, and show what the poster would read and the platform would receive."""
    at = timezone.now()
    job = _job(request, public_id)
    form = DraftForm(request.POST)
    if rules.may_release(job, by=request.user) is None:
        reviewing.save_draft(job=job, by=request.user, at=at, **form.draft())
    wanted = form.previewed()
    preview = wanted and previewing.preview_decision(job=job, by=request.user, at=at, **wanted)
    context = {
        "preview": preview,
        "payload": json.dumps(preview.payload, indent=2, ensure_ascii=False) if preview else "",
        "hold": hold_words(preview.hold) if preview else "",
        "live": True,
        "saved_at": at,
    }
    return render(request, "moderation/job.html#letter", context)


# --- Decisions -----------------------------------------------


def _decision(request: DeskRequest, public_id: UUID) -> Decision:
    decision = job_page.find_decision(request.user, public_id)
    if decision is None:
        raise Http404
    return decision


@desk_view("POST", permission=DECIDE)
def undo_decision(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Take one's own decision back and have its job again."""
    decision = _decision(request, public_id)
    at = timezone.now()
    job = deciding.undo_decision(decision=decision, by=request.user, at=at)
    if decision.together is not None:
        deciding.undo_together(together=decision.together, by=request.user, at=at)
    messages.success(request, _("Taken back. The job is yours again."))
    return redirect("job", job.public_id)


@desk_view("GET")
def held(request: DeskRequest) -> HttpResponse:
    """List the decisions that wait for a second person, page by page."""
    found = desk.held_decisions(request.user, after=request.GET.get("after", ""), size=51)
    rows = [
        (
            decision,
            hold_words(decision.hold_reason),
            rules.may_confirm(decision, by=request.user),
        )
        for decision in found[:50]
    ]
    context = {
        "rows": rows,
        "count": desk.held_count(request.user),
        "after": str(found[49].pk) if len(found) > 50 else "",
    }
    return render(request, "moderation/held.html", context)


@desk_view("POST", permission="moderation.confirm_decision", step_up=_terminates)
def confirm_decision(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say yes to a colleague's held decision."""
    decision = _decision(request, public_id)
    deciding.confirm_decision(decision=decision, by=request.user, at=timezone.now())
    messages.success(request, _("Confirmed and carried out."))
    return redirect("held")


@desk_view("POST", permission="moderation.confirm_decision")
def send_back_decision(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Say no to a colleague's held decision, with the reason."""
    decision = _decision(request, public_id)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        job = _job(request, decision.job.public_id)
        return _show_job(request, job, status=422, send_back_form=form)
    deciding.send_back(
        decision=decision, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Sent back: the job waits again, with your reason."))
    return redirect("held")


@desk_view("POST", permission="moderation.confirm_decision")
def disagree_with_decision(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Disagree with a colleague's held decision: somebody senior to both decides."""
    decision = _decision(request, public_id)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        job = _job(request, decision.job.public_id)
        return _show_job(request, job, status=422, send_back_form=form)
    deciding.disagree(
        decision=decision, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("Somebody senior decides now, with both reasons."))
    return redirect("held")


@desk_view("GET", permission=TAKE)
def my_jobs(request: DeskRequest) -> HttpResponse:
    """Show what one has in hand, laid before a colleague, and decided lately."""
    at = timezone.now()
    context = {
        "jobs": queue_rows(desk.my_jobs(request.user, at=at), by=request.user, at=at),
        "held": [
            d for d in desk.held_decisions(request.user) if d.decided_by_id == request.user.pk
        ],
        "decided": desk.recent_decisions(request.user, size=50),
        "moved": desk.moved_by(request.user, size=20),
        "skipped": desk.skipped_by(request.user, size=20),
        "at": at,
    }
    return render(request, "moderation/my_jobs.html", context)


# --- Around a job -----------------------------------------------


@desk_view("GET")
def actor(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Show an account's strikes, where it stands, and what was decided about its items."""
    at = timezone.now()
    actor = get_object_or_404(Actor, public_id=public_id)
    audit.record_read(
        subject_type="actor", subject_id=actor.public_id, by=actor_of(request.user), at=at
    )
    queues = desk.visible_queues(request.user)
    history = job_page.actor_history(actor, queues=queues, at=at)
    timeline, after = job_page.actor_timeline(
        actor, queues=queues, after=request.GET.get("after", "")
    )
    reached = misuse_queries.actors_at_limits([actor.pk], at=at).get(actor.pk, [])
    context = {
        "actor": actor,
        "history": history,
        "strikes": [(s, rules.may_lift(s, by=request.user, at=at)) for s in history.strikes],
        "reached": misuse.reached_rows(reached),
        "timeline": timeline,
        "after": after,
        "at": at,
    }
    return render(request, "moderation/actor.html", context)


@desk_view("GET")
def keys(request: DeskRequest) -> HttpResponse:
    """Explain every key."""
    return render(request, "moderation/keys.html")


@require_POST
def set_look(request: DeskRequest) -> HttpResponse:
    """Remember light or dark, and whether single letters act, on this device."""
    form = LookForm(request.POST)
    form.is_valid()
    target = form.cleaned_data.get("next") or reverse("home")
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("home")
    response = redirect(target)
    for cookie, field in ((SCHEME_COOKIE, "scheme"), (LETTERS_COOKIE, "letters")):
        if value := form.cleaned_data.get(field):
            response.set_cookie(
                cookie,
                value,
                max_age=31_536_000,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
    return response
