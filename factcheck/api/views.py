"""The partners' calls: find what is theirs, one service call, answer. The portal's own services."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck import queries
from factcheck.api import answers, reading
from factcheck.api.door import PartnerView
from factcheck.choices import Origin
from factcheck.models import Draft, FactCheck
from factcheck.reading import with_media
from factcheck.services import (
    assigning,
    checking,
    claims,
    corrections,
    importing,
    partners,
    webhooks,
)
from integrity.outbox import queries as outbox
from integrity.outbox import services as outbox_services
from integrity.outbox import telling

EXHIBITS = 100
EVENTS = 100
YEAR = timedelta(days=365)
TAG = "Fact-check partners"
REFUSED = OpenApiResponse(description="Refused: the problem says why, in words and as a code.")
AFTER = OpenApiParameter("after", str, description="The `next` of the page before.")


def described(
    operation: str | None,
    summary: str,
    *,
    request: Any = None,
    answer: Any = OpenApiTypes.OBJECT,
    parameters: list[OpenApiParameter] | None = None,
) -> Callable[..., Any]:
    """Describe a call; one under several addresses is named by each of them."""
    refusals = {} if request is None else {409: REFUSED}
    return extend_schema(
        operation_id=operation, summary=summary, request=request, tags=[TAG],
        parameters=parameters, responses={200: answer, **refusals},
    )  # fmt: skip


def _read(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer


class AssignmentsView(PartnerView):
    """The organisation's assignments."""

    @described(
        "listAssignments", "List your assignments", answer=answers.PageAnswer,
        parameters=[OpenApiParameter("state", str, enum=["open", "closed", "all"]), AFTER],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Return a page of them, the newest page first, each by deadline."""
        found = queries.inbox_of_partner(self.partner)
        state = request.query_params.get("state", "open")
        if state not in ("open", "closed", "all"):
            raise exceptions.ValidationError({"state": "Send open, closed or all."})
        if state == "open":
            found = found.open()
        elif state == "closed":
            found = found.exclude(closed_at=None)
        rows, following = self.page(found)
        at = timezone.now()
        shown = [answers.assignment(row, at=at) for row in sorted(rows, key=lambda r: r.due_at)]
        return Response({"results": shown, "next": following})


class OneAssignment(PartnerView):
    """What stands under one assignment of the organisation."""

    def assignment(self, public_id: UUID) -> Any:
        """Find an assignment of theirs."""
        found = queries.inbox_of_partner(self.partner).filter(public_id=public_id).first()
        if found is None:
            raise exceptions.NotFound("You have no such assignment.")
        return found

    def shown(self, public_id: UUID) -> Response:
        """Answer with the whole assignment; each copy that is shown counts as read."""
        found, at = self.assignment(public_id), timezone.now()
        exhibits = list(queries.exhibits_for(found)[:EXHIBITS])
        claims.record_reading(exhibits=exhibits, partner=self.partner, key=self.key_id, at=at)
        draft = queries.drafts_of(self.partner).filter(claim=found.claim).first()
        return Response(answers.whole_assignment(found, exhibits=exhibits, draft=draft, at=at))


class AssignmentView(OneAssignment):
    """One assignment."""

    @described("getAssignment", "Read an assignment with its exhibits and draft")
    def get(self, request: Request, public_id: UUID) -> Response:
        """Return it with exhibits, events, draft, and claims like it that were checked."""
        return self.shown(public_id)


class AcceptView(OneAssignment):
    """Taking it on."""

    @described("acceptAssignment", "Take an assignment on", request=reading.ByIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Accept; a draft lies ready."""
        data = _read(reading.ByIn(data=request.data)).validated_data
        assigning.accept_assignment(
            assignment=self.assignment(public_id), member=self.member(data["by"]),
            at=timezone.now(),
        )  # fmt: skip
        return self.shown(public_id)


class GiveBackView(OneAssignment):
    """Declining, recusing and asking back, each with words."""

    @described(None, "Decline, recuse or ask back", request=reading.ReasonIn)
    def post(self, request: Request, public_id: UUID, how: str) -> Response:
        """Say why; the platform reads it."""
        data = _read(reading.ReasonIn(data=request.data)).validated_data
        found, member, at = self.assignment(public_id), self.member(data["by"]), timezone.now()
        words = data["reason"]
        if how == "decline":
            assigning.decline_assignment(assignment=found, reason=words, member=member, at=at)
        elif how == "recuse":
            assigning.recuse(assignment=found, reason=words, member=member, at=at)
        else:
            assigning.ask_back(assignment=found, question=words, member=member, at=at)
        return self.shown(public_id)


class HandOverView(OneAssignment):
    """To a colleague."""

    @described("handOverAssignment", "Give it to a colleague", request=reading.HandOverIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Hand an accepted assignment over."""
        data = _read(reading.HandOverIn(data=request.data)).validated_data
        assigning.hand_over(
            assignment=self.assignment(public_id), to=self.member(data["to"]),
            note=data["note"], member=self.member(data["by"]), at=timezone.now(),
        )  # fmt: skip
        return self.shown(public_id)


class MediaView(PartnerView):
    """The redrawn picture of a shared copy."""

    @described("getExhibitMedia", "Read a shared picture", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, public_id: UUID) -> HttpResponseBase:
        """Send the picture; reading it is noted."""
        found = queries.exhibit_of_partner(self.partner, public_id)
        if found is None or not found.media or not default_storage.exists(found.media):
            raise exceptions.NotFound("Nothing of that name is shared with you.")
        claims.record_reading(
            exhibits=[found], partner=self.partner, key=self.key_id,
            at=timezone.now(),
        )  # fmt: skip
        response = FileResponse(default_storage.open(found.media), content_type=found.media_type)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class OneDraft(PartnerView):
    """What stands under one draft of the organisation."""

    def draft(self, public_id: UUID) -> Draft:
        """Find a draft of theirs."""
        found = queries.drafts_of(self.partner).filter(public_id=public_id).first()
        if found is None:
            raise exceptions.NotFound("You have no such draft.")
        return found


class DraftView(OneDraft):
    """A draft."""

    @described("getDraft", "Read a draft")
    def get(self, request: Request, public_id: UUID) -> Response:
        """Return it as it stands."""
        return Response(answers.draft_of(self.draft(public_id)))

    @described("putDraft", "Save a draft", request=reading.WordsIn)
    def put(self, request: Request, public_id: UUID) -> Response:
        """Keep these words; refused when a colleague saved since."""
        form = _read(reading.WordsIn(data=request.data))
        data = form.validated_data
        checking.save_draft(
            draft=self.draft(public_id), words=form.words(), revision=data["revision"],
            member=self.member(data["by"]), at=timezone.now(),
        )  # fmt: skip
        return Response(answers.draft_of(self.draft(public_id)))


class SubmitView(OneDraft):
    """Handing a draft to a second checker."""

    @described("submitDraft", "Hand a draft to a second checker", request=reading.ByIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Hand it in."""
        data = _read(reading.ByIn(data=request.data)).validated_data
        checking.submit_draft(
            draft=self.draft(public_id), member=self.member(data["by"]), at=timezone.now()
        )
        return Response(answers.draft_of(self.draft(public_id)))


class PublishView(OneDraft):
    """Publication by a second checker."""

    @described("publishDraft", "Publish as the second checker", request=reading.PublishIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Publish: from then on nobody changes it."""
        data = _read(reading.PublishIn(data=request.data)).validated_data
        check = checking.publish_verdict(
            draft=self.draft(public_id), revision=data["revision"],
            member=self.member(data["by"]), at=timezone.now(), origin=Origin.API,
        )  # fmt: skip
        return Response(answers.check(check))


class ChecksView(PartnerView):
    """What the organisation published."""

    @described(
        "listChecks",
        "List your checks",
        answer=answers.PageAnswer,
        parameters=[AFTER],
    )
    def get(self, request: Request) -> Response:
        """Return the newest version of each, the latest first, with what became of it."""
        rows, following = self.page(queries.checks_of(self.partner).prefetch_related("evidence"))
        return Response({"results": [answers.check(row) for row in rows], "next": following})


class OneCheck(PartnerView):
    """What stands under one check of the organisation."""

    def check(self, public_id: UUID) -> FactCheck:
        """Find a check of theirs, whatever its version."""
        found = FactCheck.objects.filter(partner=self.partner, public_id=public_id)
        row = found.select_related("claim", "partner", "applies_in", "corrects").first()
        if row is None:
            raise exceptions.NotFound("You have no such check.")
        return row


class CheckView(OneCheck):
    """A published check."""

    @described("getCheck", "Read one of your checks")
    def get(self, request: Request, public_id: UUID) -> Response:
        """Return it with what became of it."""
        return Response(answers.check(self.check(public_id)))


class CorrectView(OneCheck):
    """Starting a correction."""

    @described("correctCheck", "Start a correction", request=reading.ByIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Open a draft with the words that stand; the old version stands until it is published."""
        data = _read(reading.ByIn(data=request.data)).validated_data
        draft = checking.open_correction(
            check=self.check(public_id), member=self.member(data["by"]), at=timezone.now()
        )
        return Response(answers.draft_of(draft))


class ClaimsView(PartnerView):
    """Claims that the organisation proposed."""

    @described(
        "listProposals",
        "List the claims that you proposed",
        answer=answers.PageAnswer,
        parameters=[AFTER],
    )
    def get(self, request: Request) -> Response:
        """Return them, the latest first, with what the platform said."""
        found = self.partner.proposed_claims.select_related("claimant", "election", "place")
        rows, following = self.page(found)
        shown = [
            {**answers.claim(row), "proposal": row.proposal, "dismissal": row.dismissal}
            for row in rows
        ]
        return Response({"results": shown, "next": following})

    @described("proposeClaim", "Propose a claim", request=reading.ProposalIn)
    def post(self, request: Request) -> Response:
        """Put a claim forward; the platform's people weigh it."""
        form = _read(reading.ProposalIn(data=request.data))
        data = form.validated_data
        row = claims.propose_claim(
            claim=form.claim(), reason=data["reason"], member=self.member(data["by"]),
            at=timezone.now(),
        )  # fmt: skip
        return Response(answers.claim(row))


class RequestsView(PartnerView):
    """People who say that a check is wrong."""

    @described(
        "listCorrectionRequests",
        "List open requests",
        answer=answers.PageAnswer,
        parameters=[AFTER],
    )
    def get(self, request: Request) -> Response:
        """Return what the organisation still has to answer."""
        rows, following = self.page(queries.requests_to(self.partner))
        return Response({"results": [answers.request_of(row) for row in rows], "next": following})


class RequestView(PartnerView):
    """One such request."""

    @described("answerCorrectionRequest", "Answer in public", request=reading.AnswerIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Say what came of it."""
        data = _read(reading.AnswerIn(data=request.data)).validated_data
        found = queries.requests_to(self.partner).filter(public_id=public_id).first()
        if found is None:
            raise exceptions.NotFound("You have no such request.")
        row = corrections.answer_request(
            request=found, corrected=data["corrected"], answer=data["answer"],
            member=self.member(data["by"]), at=timezone.now(),
        )  # fmt: skip
        return Response(answers.request_of(row))


class ReviewsView(PartnerView):
    """Checks that were published elsewhere."""

    @described("importReviews", "Import ClaimReview rows", request=reading.ReviewsIn)
    def post(self, request: Request) -> Response:
        """Take rows in one by one; a bad one stops no good one."""
        data = _read(reading.ReviewsIn(data=request.data)).validated_data
        results = importing.import_reviews(
            rows=with_media(data["rows"]), member=self.member(data["by"]), at=timezone.now()
        )
        good = any(row.status != "error" for row in results)
        return Response(
            {"results": [answers.result(row) for row in results]}, status=200 if good else 422
        )


class OrganisationView(PartnerView):
    """The organisation itself."""

    @described("getOrganisation", "Read your contract, people, load and balance")
    def get(self, request: Request) -> Response:
        """Return what the organisation's page shows."""
        return Response(answers.organisation(self.partner, since=timezone.now() - YEAR))

    @described("putOrganisation", "Change capacity and words", request=reading.ProfileIn)
    def put(self, request: Request) -> Response:
        """Change how much is taken at once, and the words for verdicts."""
        data = _read(reading.ProfileIn(data=request.data)).validated_data
        member, at = self.member(data["by"]), timezone.now()
        if "capacity" in data:
            partners.change_profile(
                partner=self.partner, capacity=data["capacity"], member=member, at=at
            )
        if "words" in data:
            partners.set_rating_words(
                partner=self.partner, words=data["words"], member=member, at=at
            )
        self.partner.refresh_from_db()
        return self.get(request)


class MembersView(PartnerView):
    """The organisation's people."""

    @described("addMember", "Add a colleague", request=reading.MemberIn)
    def post(self, request: Request) -> Response:
        """Add somebody; they set a password through the sign-in page."""
        data = dict(_read(reading.MemberIn(data=request.data)).validated_data)
        row = partners.add_member(member=self.member(data.pop("by")), at=timezone.now(), **data)
        return Response(answers.member(row))


class MemberView(PartnerView):
    """One of them."""

    @described("changeRole", "Give a colleague another role", request=reading.RoleIn)
    def put(self, request: Request, public_id: UUID) -> Response:
        """Make somebody an administrator or a checker."""
        data = _read(reading.RoleIn(data=request.data)).validated_data
        row = partners.change_role(
            colleague=self._colleague(public_id), role=data["role"],
            member=self.member(data["by"]), at=timezone.now(),
        )  # fmt: skip
        return Response(answers.member(row))

    @described("endMembership", "Let a colleague go", request=reading.ByIn)
    def delete(self, request: Request, public_id: UUID) -> Response:
        """End a membership at once."""
        data = _read(reading.ByIn(data=request.data)).validated_data
        row = partners.end_membership(
            colleague=self._colleague(public_id), member=self.member(data["by"]),
            at=timezone.now(),
        )  # fmt: skip
        return Response(answers.member(row))

    def _colleague(self, public_id: UUID) -> Any:
        found = queries.colleagues_of(self.partner).filter(public_id=public_id).first()
        if found is None:
            raise exceptions.NotFound("You have no such colleague.")
        return found


class WebhooksView(PartnerView):
    """Where the organisation's own system hears of its events."""

    @described("listWebhooks", "List your webhooks", answer=answers.PageAnswer)
    def get(self, request: Request) -> Response:
        """Return those that are not stopped."""
        found = queries.webhooks_of(self.partner)
        return Response({"results": [answers.webhook(row) for row in found], "next": None})

    @described("addWebhook", "Add a webhook", request=reading.WebhookIn)
    def post(self, request: Request) -> Response:
        """Register an address; the answer has the signing secret, this one time."""
        data = _read(reading.WebhookIn(data=request.data)).validated_data
        made, secret = webhooks.add_webhook(
            url=data["url"], member=self.member(data["by"]), at=timezone.now()
        )
        return Response(answers.webhook(made, secret=secret))


class WebhookView(PartnerView):
    """One of them."""

    @described("testWebhook", "Send a test event", request=reading.ByIn)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Owe a test event to this address."""
        data, found = _read(reading.ByIn(data=request.data)).validated_data, self._own(public_id)
        webhooks.try_webhook(endpoint=found, member=self.member(data["by"]), at=timezone.now())
        return Response(answers.webhook(found))

    @described("renewWebhookSecret", "Make a new secret", request=reading.ByIn)
    def put(self, request: Request, public_id: UUID) -> Response:
        """Return a new signing secret, this one time; the old one signs along for a day."""
        data, found = _read(reading.ByIn(data=request.data)).validated_data, self._own(public_id)
        secret = webhooks.renew_secret(
            endpoint=found, member=self.member(data["by"]), at=timezone.now()
        )
        return Response(answers.webhook(found, secret=secret))

    @described("stopWebhook", "Stop a webhook", request=reading.ByIn)
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Send nothing to it any more."""
        data, found = _read(reading.ByIn(data=request.data)).validated_data, self._own(public_id)
        webhooks.stop_webhook(endpoint=found, member=self.member(data["by"]), at=timezone.now())
        return Response(answers.webhook(found))

    def _own(self, public_id: UUID) -> Any:
        found = queries.webhooks_of(self.partner).filter(public_id=public_id).first()
        if found is None:
            raise exceptions.NotFound("You have no such webhook.")
        return found


class FeedView(PartnerView):
    """The same events, to be asked for."""

    @described(
        "getPartnerFeed", "Follow what happens to your assignments",
        answer=answers.PartnerFeedAnswer, parameters=[AFTER],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Return events in one order for ever, the same messages as the webhooks."""
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise exceptions.ValidationError({"after": "Send the `next` of the page before."})
        outbox_services.place_events()
        found = outbox.events_after(
            int(after), limit=EVENTS + 1, audience=str(self.partner.public_id)
        )
        shown = found[:EVENTS]
        return Response(
            {
                "events": [telling.message(event) for event in shown],
                "next": str(shown[-1].position if shown else after),
                "more": len(found) > EVENTS,
            }
        )
