"""The partners' API: the whole way of a check, bound to the key's own organisation."""

import io
import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from PIL import Image

from factcheck.api import urls
from factcheck.models import Assignment, Claim, FactCheck, Membership, PartnerKey
from factcheck.services import checking, corrections, partners
from integrity.audit.models import AuditEvent
from integrity.people import services as people
from integrity.people.choices import Scope
from tests.factcheck import makers

pytestmark = pytest.mark.django_db
NAMES = sorted({pattern.name for pattern in urls.urlpatterns})
SECRET = "Alleen De Lens weet dat stembureau De Brug lekt."


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


class System:
    """A partner's own system, with its key."""

    def __init__(self, member):
        _row, self.key = partners.issue_partner_key(
            member=member, name="redactiesysteem", at=timezone.now()
        )
        self.client = Client(raise_request_exception=False)

    def call(self, method, path, body=None):
        return self.client.generic(
            method,
            f"/api/v1/partner/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"},
        )

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, member, **body):
        return self.call("POST", path, {"by": member.user.email, **body})


@pytest.fixture
def system(joost):
    return System(joost)


@pytest.fixture
def offer(claim, lens):
    return makers.make_assignment(claim, lens, at=timezone.now())


def words(**changes):
    return {
        "claim_text": makers.APP,
        "verdict": "false",
        "truth": "Stemmen kan alleen in een stembureau, op papier.",
        "assessment": "Onjuist: er is geen stem-app.",
        "facts": "De Kieswet kent alleen papier.",
        "article_url": "https://delens.example/checks/app",
        "evidence": [makers.SOURCE],
        **changes,
    }


def test_the_whole_way_of_a_check(system, offer, claim, joost, hanna):
    exhibit = makers.make_exhibit(claim)
    (listed,) = system.get("assignments").json()["results"]
    assert (listed["id"], listed["items"], listed["state"]) == (str(offer.public_id), 1, "offered")

    path = f"assignments/{offer.public_id}"
    taken = system.post(f"{path}/accept", joost).json()
    assert taken["state"] == "accepted"
    assert taken["exhibits"][0]["id"] == str(exhibit.public_id)
    draft = taken["draft"]
    saved = system.call(
        "PUT",
        f"drafts/{draft['id']}",
        {"by": joost.user.email, "revision": draft["revision"], **words()},
    ).json()
    assert saved["revision"] == 2
    assert saved["evidence"][0]["publisher"] == "Kiesraad"
    assert system.post(f"drafts/{draft['id']}/submit", joost).status_code == 200
    own = system.post(f"drafts/{draft['id']}/publish", joost, revision=2)
    assert (own.status_code, own.json()["code"]) == (409, "own")
    done = system.post(f"drafts/{draft['id']}/publish", hanna, revision=2).json()

    check = FactCheck.objects.get()
    assert (done["fact_check"], done["verdict"]) == (str(check.public_id), "false")
    assert (check.origin, check.first_checker, check.second_checker) == ("api", joost, hanna)
    assert system.get("assignments?state=closed").json()["results"][0]["state"] == "delivered"
    assert system.get("checks").json()["results"][0]["outcome"]
    assert system.get(f"checks/{check.public_id}").json()["facts"]
    correction = system.post(f"checks/{check.public_id}/correct", hanna).json()
    assert correction["corrects"] == str(check.public_id)


def test_giving_back_asking_and_handing_over(system, offer, joost, hanna):
    path = f"assignments/{offer.public_id}"

    asked = system.post(f"{path}/ask", joost, reason="Welke app is het?")
    assert asked.json()["state"] == "paused"
    assert system.post(f"{path}/decline", joost).status_code == 400
    offer.refresh_from_db()
    Assignment.objects.update(state="offered", paused_at=None)
    system.post(f"{path}/accept", joost)
    handed = system.post(f"{path}/hand-over", joost, to=hanna.user.email, note="Voor jou")
    assert handed.json()["assignee"] == hanna.user.email
    gone = system.post(f"{path}/recuse", hanna, reason="Wij adverteren daar.")
    assert (gone.json()["state"], gone.json()["exhibits"]) == ("recused", [])
    again = system.post(f"{path}/decline", hanna, reason="x")
    assert (again.status_code, again.json()["code"]) == (409, "closed")


def test_each_reading_of_a_copy_is_in_the_audit_log(system, offer, claim, lens):
    exhibit = makers.make_exhibit(claim, picture=picture())

    system.get(f"assignments/{offer.public_id}")
    media = system.get(f"exhibits/{exhibit.public_id}/media")

    assert media["Content-Type"] == "image/jpeg"
    assert b"".join(media.streaming_content)[:2] == b"\xff\xd8"
    rows = AuditEvent.objects.filter(verb="exhibit.read", subject_id=str(exhibit.public_id))
    key = str(PartnerKey.objects.get().key.public_id)
    assert [row.data for row in rows] == [{"partner": str(lens.public_id), "key": key}] * 2


def test_proposals_requests_reviews_and_the_organisation(system, joost, hanna, lens, offer):
    proposed = system.post(
        "claims", hanna, text="In Borne is de telling over.", language="nl", topic="result",
        reason="Gaat rond.",
    )  # fmt: skip
    assert proposed.json()["state"] == "proposed"
    assert Claim.objects.get(text="In Borne is de telling over.").proposed_by == lens
    assert len(system.get("claims").json()["results"]) == 1

    check = makers.publish(offer, joost, hanna, at=timezone.now())
    row = corrections.request_correction(
        check=check, text="Het klopt niet.", requester="", at=timezone.now()
    )
    assert system.get("requests").json()["results"][0]["id"] == str(row.public_id)
    answered = system.post(
        f"requests/{row.public_id}", joost, corrected=False, answer="Het klopt wel."
    )
    assert answered.json()["state"] == "refused"

    rows = [
        {
            "@type": "ClaimReview",
            "claimReviewed": "Je mag met een kopie van je paspoort stemmen.",
            "url": "https://delens.example/checks/kopie",
            "datePublished": "2026-03-01",
            "reviewRating": {"alternateName": "Onjuist"},
        },
        {"@type": "ClaimReview"},
    ]
    taken = system.post("reviews", joost, rows=rows).json()["results"]
    assert [one["status"] for one in taken] == ["created", "error"]
    assert {p["field"] for p in taken[1]["problems"]} >= {"claimReviewed", "url"}
    assert system.post("reviews", joost, rows=rows[1:]).status_code == 422

    about = system.get("organisation").json()
    assert (about["name"], len(about["members"])) == ("Redactie De Lens", 2)
    changed = system.call(
        "PUT",
        "organisation",
        {"by": joost.user.email, "capacity": 4, "words": {"false": {"nl": "Niet waar"}}},
    )
    assert changed.json()["capacity"] == 4
    assert changed.json()["words"] == {"false:nl": "Niet waar"}
    by_a_checker = system.call("PUT", "organisation", {"by": hanna.user.email, "capacity": 9})
    assert (by_a_checker.status_code, by_a_checker.json()["code"]) == (409, "not_admin")
    added = system.post(
        "organisation/members", joost, email="noa@lens.example", alias="Noa", role="checker"
    ).json()
    path = f"organisation/members/{added['id']}"
    up = system.call("PUT", path, {"by": joost.user.email, "role": "admin"})
    assert up.json()["role"] == "admin"
    assert system.call("DELETE", path, {"by": joost.user.email}).status_code == 200
    assert Membership.objects.get(public_id=added["id"]).ended_at


@pytest.fixture
def work(lens, joost, hanna):
    """Something of De Lens behind every sort of address."""
    now = timezone.now()
    claim = makers.make_claim(SECRET)
    exhibit = makers.make_exhibit(claim, text=SECRET)
    published = makers.publish(
        makers.make_assignment(claim, lens, at=now), joost, hanna, at=now,
        words=replace(makers.WORDS, claim_text=SECRET, truth=SECRET),
    )  # fmt: skip
    request = corrections.request_correction(check=published, text=SECRET, requester="", at=now)
    draft = checking.open_correction(check=published, member=joost, at=now)
    other = makers.make_assignment(makers.make_claim(f"{SECRET} Ook in Borne."), lens, at=now)
    return [row.public_id for row in (exhibit, published, request, draft, other, hanna)]


def test_no_call_reaches_another_partners_work(work, ilse, joost):
    stranger = System(ilse)
    tried = 0
    body = {
        "by": ilse.user.email, "reason": "x", "revision": 1, "to": joost.user.email,
        "role": "admin", "corrected": False, "answer": "x", **words(),
    }  # fmt: skip
    for name in NAMES:
        parameters = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        for public_id in work if parameters else [None]:
            address = reverse(name, args=[public_id] if public_id else [])
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = stranger.call(method, address.removeprefix("/api/v1/partner/"), body)
                tried += 1
                assert answer.status_code < 500, (name, method)
                text = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert SECRET.encode() not in text, (name, method)
                if parameters:
                    assert answer.status_code in {400, 404, 405}, (name, method, text)
    assert tried > 200


def test_a_colleague_elsewhere_cannot_be_spoken_for(system, offer, ilse):
    answer = system.post(f"assignments/{offer.public_id}/accept", ilse)

    assert answer.status_code == 400
    offer.refresh_from_db()
    assert offer.state == "offered"


def test_keys_without_scope_partner_or_contract_are_turned_away(system, lens, offer):
    _key, loose = people.issue_key(
        name="x", scopes=[Scope.CHECKS_PARTNER], by=None, at=timezone.now()
    )
    _key, items = people.issue_key(name="y", scopes=[Scope.ITEMS_WRITE], by=None, at=timezone.now())
    for key in (loose, items):
        system.key, own = key, system.key
        assert system.get("assignments").status_code == 403
        system.key = own
    assert Client().get("/api/v1/partner/assignments").status_code == 401
    lens.contract_until = timezone.now().date().replace(year=2024)
    lens.contract_from = lens.contract_until
    lens.save()

    assert system.get("assignments").status_code == 403


def test_a_stopped_key_opens_nothing(system, joost):
    partners.revoke_partner_key(key=PartnerKey.objects.get().key, member=joost, at=timezone.now())

    assert system.get("assignments").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {}, {"by": 3}, [], {"by": "niemand@lens.example"}, {"by": "x" * 400}, {"by": None},
        {"by": "joost@lens.example", "revision": "x"},
        {"by": "joost@lens.example", "revision": 1, "evidence": [{}] * 60},
        {"by": "joost@lens.example", "revision": 1, "evidence": [{"url": "javascript:1"}]},
        {"by": "joost@lens.example", "revision": 1, "applies_in": "GM9999", "verdict": "x"},
        {"by": "joost@lens.example", "revision": 1, "facts": "x" * 20_001},
        {"by": "joost@lens.example", "revision": 1, "truth": "\x00"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_problem(body, system, offer, joost):
    draft = makers.make_draft(offer, joost, at=timezone.now())

    answer = system.call("PUT", f"drafts/{draft.public_id}", body)

    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "code", "errors"}


def test_lists_are_given_page_by_page(system, lens, monkeypatch):
    monkeypatch.setattr("factcheck.api.door.PAGE", 2)
    for n in range(5):
        makers.make_assignment(
            makers.make_claim(f"Er verdwenen {n} stembussen."), lens, at=timezone.now()
        )
    seen, after = [], ""
    for _ in range(3):
        page = system.get(f"assignments?after={after}").json()
        seen += [row["id"] for row in page["results"]]
        after = page["next"]

    assert (len(set(seen)), after) == (5, None)
    assert system.get("assignments?after=x").status_code == 400
    assert system.get("assignments?state=x").status_code == 400


def test_every_call_is_described(client):
    document = client.get(reverse("api_schema"), headers={"Accept": "application/json"}).json()
    ours = {path: verbs for path, verbs in document["paths"].items() if "/partner/" in path}

    assert len(ours) == len(urls.urlpatterns)
    for verbs in ours.values():
        for call in verbs.values():
            assert call["summary"]
            assert call["description"]
            assert call["tags"] == ["Fact-check partners"]
