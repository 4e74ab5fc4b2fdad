"""The portal's pages: from offer to verdict, with and without JavaScript."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from factcheck.choices import AssignmentState
from factcheck.models import Assignment, Claim, FactCheck
from factcheck.services import assigning, checking
from integrity.audit.models import AuditEvent
from tests.factcheck import makers
from tests.signing_in import make_second_factor

pytestmark = pytest.mark.django_db


def at_the_portal(member_or_user) -> Client:
    """A client signed in as a member, or as anybody else."""
    user = getattr(member_or_user, "user", member_or_user)
    make_second_factor(user)
    client = Client()
    client.force_login(user)
    return client


def url(name, thing):
    return reverse(f"partner_{name}", args=[thing.public_id])


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def offer(claim, lens, now):
    return makers.make_assignment(claim, lens, at=now)


def desk_form(revision: int, **changes) -> dict[str, object]:
    return {
        "revision": revision,
        "claim_text": makers.APP,
        "verdict": "false",
        "truth": "Stemmen kan alleen in een stembureau, op papier.",
        "assessment": "Onjuist: er is geen stem-app.",
        "facts": "De Kieswet kent alleen papier.",
        "language": "nl",
        "article_url": "https://delens.example/checks/app",
        "evidence-TOTAL_FORMS": 2,
        "evidence-INITIAL_FORMS": 0,
        "evidence-0-url": "https://www.kiesraad.nl/",
        "evidence-0-kind": "official",
        "evidence-0-publisher": "Kiesraad",
        "evidence-0-accessed_on": "2026-03-10",
        "evidence-1-url": "",
        "evidence-1-kind": "official",
        **changes,
    }


def test_two_checkers_bring_a_claim_to_its_verdict_without_javascript(offer, joost, hanna):
    first, second = at_the_portal(joost), at_the_portal(hanna)
    assert makers.APP in first.get(reverse("partner_inbox")).content.decode()

    assert first.post(url("accept", offer)).status_code == 302
    page = first.get(url("assignment", offer)).content.decode()
    assert 'name="revision" value="1"' in page
    draft = offer.claim.drafts.get()
    handed = first.post(url("submit_draft", draft), desk_form(1), follow=True)
    assert handed.status_code == 200
    own = first.post(url("publish", draft), {"revision": 2})
    assert own.status_code == 409
    assert FactCheck.objects.count() == 0

    published = second.post(url("publish", draft), {"revision": 2}, follow=True)

    check = FactCheck.objects.get()
    assert published.redirect_chain[-1][0] == url("check", check)
    assert (check.first_checker, check.second_checker) == (joost, hanna)
    offer.refresh_from_db()
    assert offer.state == AssignmentState.DELIVERED


def test_the_form_saves_itself_and_shows_what_viewers_will_see(offer, joost):
    client = at_the_portal(joost)
    client.post(url("accept", offer))
    draft = offer.claim.drafts.get()

    saved = client.post(
        url("save_draft", draft), desk_form(1), headers={"HX-Request": "true"}
    ).content.decode()

    assert '<div id="saved"' in saved
    assert 'name="revision" value="2"' in saved
    assert "Stemmen kan alleen in een stembureau" in saved
    assert "Onjuist" in saved
    assert "<html" not in saved
    draft.refresh_from_db()
    assert draft.evidence[0]["publisher"] == "Kiesraad"


def test_an_old_form_is_refused_and_keeps_its_words(offer, joost, hanna):
    client = at_the_portal(joost)
    client.post(url("accept", offer))
    draft = offer.claim.drafts.get()
    checking.save_draft(
        draft=draft, words=makers.WORDS, revision=1, member=hanna, at=timezone.now()
    )

    part = client.post(url("save_draft", draft), desk_form(1), headers={"HX-Request": "true"})
    page = client.post(url("save_draft", draft), desk_form(1, facts="Mijn eigen woorden."))

    assert (part.status_code, page.status_code) == (409, 409)
    assert "Hanna" in part.content.decode()
    assert "Mijn eigen woorden." in page.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "bullshit"},
        {"applies_in": "Verwegistan"},
        {"recheck_at": "morgen"},
        {"media_categories": "Nepfoto"},
        {"evidence-0-accessed_on": "gisteren"},
        {"evidence-TOTAL_FORMS": "veel"},
        {"truth": "x" * 301},
        {"language": "klingon"},
    ],
)
def test_a_wrong_form_comes_back_with_what_is_wrong(offer, joost, change):
    client = at_the_portal(joost)
    client.post(url("accept", offer))
    draft = offer.claim.drafts.get()

    answer = client.post(url("save_draft", draft), desk_form(1, **change))

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.revision == 1


def test_giving_back_needs_words_and_ends_the_sharing(offer, claim, joost):
    exhibit = makers.make_exhibit(claim, text="Je kunt stemmen met een app zegt @kiesgek_77")
    client = at_the_portal(joost)
    assert client.post(url("decline", offer), {"reason": " "}).status_code == 422
    page = client.get(url("assignment", offer)).content.decode()
    assert "[account]" in page
    assert "kiesgek_77" not in page

    assert client.post(url("recuse", offer), {"reason": "Eigen artikel"}).status_code == 302

    assert "Je kunt stemmen" not in client.get(url("assignment", offer)).content.decode()
    assert client.get(url("exhibit_media", exhibit)).status_code == 404


def test_asking_back_and_handing_over_from_the_page(offer, joost, hanna):
    client = at_the_portal(joost)
    client.post(url("accept", offer))
    client.post(url("hand_over", offer), {"to": hanna.public_id, "note": "Tot morgen"})
    offer.refresh_from_db()
    assert offer.assignee == hanna

    client.post(url("ask_back", offer), {"reason": "Welke gemeente?"})
    offer.refresh_from_db()
    assert offer.state == AssignmentState.PAUSED


def test_a_picture_is_shown_to_its_partner_only_and_each_look_is_noted(offer, claim, joost, ilse):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    exhibit = makers.make_exhibit(claim, picture=content.getvalue())

    shown = at_the_portal(joost).get(url("exhibit_media", exhibit))

    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    assert at_the_portal(ilse).get(url("exhibit_media", exhibit)).status_code == 404
    assert (
        AuditEvent.objects.filter(verb="exhibit.read", actor_id=str(joost.user.public_id)).count()
        == 1
    )


def test_hostile_words_are_shown_as_words(lens, joost, now):
    claim = makers.make_claim("<script>alert(1)</script> Stem met een app")
    offer = makers.make_assignment(claim, lens, at=now)
    makers.make_exhibit(claim, text='"><img src=x onerror=alert(1)> stem met een app')

    page = at_the_portal(joost).get(url("assignment", offer)).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


def test_a_correction_goes_through_the_same_desk(offer, joost, hanna):
    first, second = at_the_portal(joost), at_the_portal(hanna)
    check = makers.publish(offer, joost, hanna, at=timezone.now())
    started = second.post(url("correct", check))
    draft = offer.claim.drafts.get()
    assert started["Location"] == url("draft", draft)
    refused = second.post(url("submit_draft", draft), desk_form(1, verdict="partly_false"))
    assert refused.status_code == 409

    fixed = desk_form(2, verdict="partly_false", correction="De app bestaat, maar telt niet.")
    second.post(url("submit_draft", draft), fixed)
    first.post(url("publish", draft), {"revision": 3})

    page = first.get(url("check", FactCheck.objects.get(version=2))).content.decode()
    assert "De app bestaat, maar telt niet." in page


def test_a_partner_proposes_a_claim(joost):
    client = at_the_portal(joost)
    given = {
        "text": "In Utrecht mag je twee vakjes kleuren.", "language": "nl", "topic": "procedure",
        "claimant_kind": "unknown", "reason": "Rondgestuurd",
    }  # fmt: skip
    assert client.post(reverse("partner_propose"), {**given, "text": ""}).status_code == 422
    assert client.post(reverse("partner_propose"), given).status_code == 302

    assert Claim.objects.get().proposed_by == joost.partner


def test_an_administrator_manages_people_words_and_keys(joost, hanna, lens):
    client = at_the_portal(joost)
    page = client.get(reverse("partner_organisation"))
    assert page.status_code == 200
    added = {"email": "sara@lens.example", "alias": "Sara", "role": "checker"}
    assert client.post(reverse("partner_add_member"), added).status_code == 302
    assert client.post(url("change_role", hanna), {"role": "admin"}).status_code == 302
    client.post(reverse("partner_change_profile"), {"capacity": 3})
    client.post(reverse("partner_set_words"), {"false:nl": "Klopt niet"})
    key_page = client.post(reverse("partner_issue_key"), {"name": "redactie"}).content.decode()

    lens.refresh_from_db()
    assert lens.capacity == 3
    assert lens.rating_words.get().words == "Klopt niet"
    assert re.search(r"wb_[\w-]{40,}", key_page)
    assert "wb_" not in re.sub(
        r"wb_[\w-]{0,6}…", "", client.get(reverse("partner_organisation")).content.decode()
    )
    key = lens.keys.get().key
    assert client.post(reverse("partner_revoke_key", args=[key.public_id])).status_code == 302


def test_a_checker_is_refused_what_administrators_do(hanna, joost):
    client = at_the_portal(hanna)
    added = {"email": "sara@lens.example", "alias": "Sara", "role": "checker"}

    assert client.post(reverse("partner_add_member"), added).status_code == 409
    assert client.post(url("end_member", joost)).status_code == 409
    assert client.post(reverse("partner_issue_key"), {"name": "x"}).status_code == 409


def test_the_portal_is_closed_to_the_platforms_own_people(moderator, policy_lead, partner_member):
    for user in (moderator, policy_lead, partner_member):
        assert at_the_portal(user).get(reverse("partner_inbox")).status_code == 403
    assert Client().get(reverse("partner_inbox")).status_code == 302


def test_late_paused_and_closed_assignments_stand_under_their_headings(lens, joost, now):
    late = makers.make_assignment(
        makers.make_claim("De uitslag staat al vast."), lens, at=now - timezone.timedelta(days=2)
    )
    asked = makers.make_assignment(makers.make_claim("Potloden zijn leeg."), lens, at=now)
    assigning.ask_back(assignment=asked, question="Waar?", member=joost, at=now)
    gone = makers.make_assignment(makers.make_claim("Blanco telt mee."), lens, at=now)
    assigning.decline_assignment(assignment=gone, reason="Druk", member=joost, at=now)

    page = at_the_portal(joost).get(reverse("partner_inbox"), headers={"Accept-Language": "en"})

    groups = {g.title: [r.assignment.pk for r in g.rows] for g in page.context["groups"]}
    assert list(groups.values()) == [[late.pk], [asked.pk], [gone.pk]]
    assert Assignment.objects.count() == 3
