"""Out to spreadsheets, agendas and morning mail; in from ClaimReview with MediaReview."""

import csv
import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from factcheck import deadlines, exporting
from factcheck.models import FactCheck, Membership
from factcheck.reading import rows_of
from factcheck.services import assigning, corrections, digests, importing, partners
from integrity.outbox.models import Notification
from tests.factcheck import makers
from tests.factcheck.makers import NOW
from tests.factcheck.test_portal import at_the_portal

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("https://evil.example";"klik") zegt de lijsttrekker'
# Seven in the morning has passed in Amsterdam.
MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "Op de foto verbrandt een vrijwilliger stembiljetten.",
    "url": "https://delens.example/checks/foto",
    "datePublished": "2026-03-01",
    "reviewRating": {"alternateName": "Gemanipuleerd"},
}
MEDIA = {
    "@type": "MediaReview",
    "url": "https://delens.example/checks/foto",
    "mediaAuthenticityCategory": ["TransformedContent", "DecontextualizedContent"],
    "originalMediaContextDescription": "Een vuurkorf in 2019.",
    "originalMediaLink": "https://delens.example/foto-2019",
}


def table_of(client, what, kind):
    answer = client.get(reverse(f"partner_export_{what}_{kind}"))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def test_assignments_and_checks_are_a_table(lens, joost, hanna, assignment):
    makers.publish(assignment, joost, hanna)
    makers.make_assignment(makers.make_claim(EVIL), lens)
    client = at_the_portal(joost)

    rows = list(
        csv.reader(
            io.StringIO(table_of(client, "assignments", "csv").decode("utf-8-sig")), delimiter=";"
        )
    )
    assert {row[0] for row in rows[1:]} == {makers.APP, f"'{EVIL}"}
    sheet = load_workbook(io.BytesIO(table_of(client, "checks", "xlsx"))).active
    values = list(sheet.iter_rows(values_only=True))
    assert values[1][0] == makers.APP
    assert isinstance(values[1][4], datetime)
    assert "kiesraad.nl" in values[1][7]


def test_a_partner_exports_its_own_work_only(assignment, ilse):
    assert makers.APP.encode() not in table_of(at_the_portal(ilse), "assignments", "csv")
    assert len(exporting.checks(ilse.partner)[1]) == 0


def test_deadlines_are_a_calendar_behind_a_secret_address(lens, joost, hanna, ilse):
    at = timezone.now()
    claim = makers.make_claim(
        "Stem op 19 maart, in café 'De Kroon'; neem, mits geldig, je pas mee."
    )
    open_one = makers.make_assignment(claim, lens, at=at)
    asked = makers.make_assignment(makers.make_claim("Zijn er al uitslagen?"), lens, at=at)
    assigning.ask_back(assignment=asked, question="Welke?", member=joost, at=at)
    address = urlsplit(deadlines.address(joost)).path

    answer = Client().get(address)

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"UID:{open_one.public_id}@waarborg" in text
    assert f"DTSTART:{open_one.due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text
    assert "'De Kroon'\\;" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert address in at_the_portal(joost).get(reverse("partner_organisation")).content.decode()
    other = Client().get(urlsplit(deadlines.address(ilse)).path).content.decode()
    assert "BEGIN:VEVENT" not in other


@pytest.mark.parametrize("token", ["x", "x:y", "eyJ:1:2"])
def test_a_false_address_has_no_calendar(token):
    assert Client().get(reverse("partner_calendar", args=[token])).status_code == 404


def test_the_calendar_ends_with_the_membership(joost, hanna):
    address = urlsplit(deadlines.address(hanna)).path
    partners.end_membership(colleague=hanna, member=joost, at=timezone.now())

    assert Client().get(address).status_code == 404


def test_a_feed_with_media_reviews_comes_in_with_them(joost):
    body = {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW, MEDIA]}]}
    rows, problem = rows_of(body)
    assert (len(rows), problem) == (1, "")

    (result,) = importing.import_reviews(rows=rows, member=joost, at=NOW)

    assert result.status == "created", result.problems
    check = FactCheck.objects.get()
    assert check.media_categories == ["TransformedContent", "DecontextualizedContent"]
    assert check.media_context == "Een vuurkorf in 2019."
    assert check.media_original_url == "https://delens.example/foto-2019"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([MEDIA], "@type"),
        ([REVIEW, {**MEDIA, "mediaAuthenticityCategory": "Fake"}], "associatedMediaReview"),
        (
            [REVIEW, {**MEDIA, "mediaAuthenticityCategory": ["OriginalMediaContent",
                                                             "StagedContent"]}],
            "associatedMediaReview",
        ),
        ([REVIEW, {**MEDIA, "originalMediaLink": "javascript:1"}], "associatedMediaReview.url"),
    ],
)  # fmt: skip
def test_a_media_review_that_is_wrong_is_said_row_by_row(rows, field, joost):
    found, _problem = rows_of(rows)

    (result,) = importing.import_reviews(rows=found, member=joost, at=NOW)

    assert result.status == "error"
    assert field in {problem.field for problem in result.problems}
    assert not FactCheck.objects.exists()


# --- The daily message ---------------------------------------------------------------------


def test_each_morning_a_member_reads_what_is_due_and_what_came_of_it(lens, joost, hanna, claim):
    check = makers.publish(makers.make_assignment(claim, lens), joost, hanna)
    makers.make_assignment(makers.make_claim("Er verdwenen 15 stembussen."), lens)
    corrections.request_correction(check=check, text="Nee.", requester="x@y.example", at=NOW)
    Notification.objects.all().delete()

    assert digests.send_digests(at=MORNING) == 2
    assert digests.send_digests(at=MORNING + timedelta(hours=3)) == 0

    message = Notification.objects.filter(recipient_id=str(joost.user.public_id)).get()
    assert message.subject == "Factchecks vandaag: 1 open, 0 te laat"
    for words in ("Er verdwenen 15 stembussen.", makers.APP, "/partner/", "niet klopt"):
        assert words in message.body
    assert "x@y.example" not in message.body


def test_nobody_is_woken_and_nobody_hears_nothing(lens, joost, assignment):
    Notification.objects.all().delete()

    assert digests.send_digests(at=MORNING.replace(hour=4)) == 0
    assert Notification.objects.count() == 0


def test_with_nothing_to_say_there_is_no_message(joost):
    assert digests.send_digests(at=MORNING) == 0
    assert Membership.objects.get(pk=joost.pk).digested_on == MORNING.date()


def test_who_switched_it_off_gets_none(lens, joost, assignment):
    client = at_the_portal(joost)
    client.post(reverse("partner_set_digest"), {})
    Notification.objects.all().delete()

    assert digests.send_digests(at=MORNING) == 0
    client.post(reverse("partner_set_digest"), {"wanted": "on"})
    assert digests.send_digests(at=MORNING) == 1
