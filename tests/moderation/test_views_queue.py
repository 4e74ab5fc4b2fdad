"""A queue's page: order, pages, filters, and its other states."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.models import Job, Queue
from moderation.queries import desk
from moderation.services import reviewing
from tests.factories import make_election, make_item, make_job
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db
QUEUE = "/desk/queues/voting-procedure/"


@pytest.fixture
def election(db):
    return make_election()


def test_a_row_can_be_judged_without_opening_it(election, moderator):
    make_job(make_item(election=election.slug))

    page = client_of(moderator).get(QUEUE).content.decode()

    assert "donderdag 19 maart" in page
    assert "woensdag 18 maart 2026" in page


def test_taken_jobs_stay_in_the_list_with_who_has_them(election, moderator, colleague):
    job = make_job(make_item(election=election.slug))
    reviewing.take_job(job=job, by=colleague, at=timezone.now())

    page = client_of(moderator).get(QUEUE).content.decode()

    assert "Bram" in page
    assert reverse("take_job", args=[job.public_id]) not in page


def test_an_empty_queue_says_so(moderator):
    response = client_of(moderator).get(QUEUE)

    assert response.status_code == 200
    assert "state-wide" in response.content.decode()


def test_the_pages_of_a_long_queue_show_every_job_once(election, moderator, monkeypatch):
    monkeypatch.setattr(
        desk.waiting_page, "__kwdefaults__", desk.waiting_page.__kwdefaults__ | {"size": 2}
    )
    jobs = [make_job(make_item(election=election.slug)) for _ in range(5)]
    client, address, seen = client_of(moderator), QUEUE, []

    while address and len(seen) <= len(jobs):
        context = client.get(address).context
        seen += [row.job.pk for row in context["rows"]]
        address = f"{QUEUE}?after={quote(context['after'])}" if context["after"] else ""

    assert sorted(seen) == sorted(job.pk for job in jobs)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "query",
    [
        "due=late",
        "due=hour",
        "topic=date",
        "found=report",
        "found=machine",
        "language=en",
        "due=%00",
        "topic=%27%3B--",
        "after=nonsense",
        "after=u|x|y|z",
        "language=xx",
    ],
)
def test_every_filter_answers_even_nonsense(query, election, moderator):
    make_job(make_item(election=election.slug))

    assert client_of(moderator).get(f"{QUEUE}?{query}").status_code == 200


def test_a_filter_narrows_the_list(election, moderator):
    make_job(make_item(election=election.slug))
    client = client_of(moderator)

    assert len(client.get(f"{QUEUE}?topic=date").context["rows"]) == 1
    assert len(client.get(f"{QUEUE}?topic=proxy").context["rows"]) == 0
    assert len(client.get(f"{QUEUE}?due=late").context["rows"]) == 0


def test_take_next_opens_the_first_job(election, moderator):
    job = make_job(make_item(election=election.slug))

    response = client_of(moderator).post(reverse("take_next", args=["voting-procedure"]))

    job.refresh_from_db()
    assert response["Location"] == reverse("job", args=[job.public_id])
    assert job.taken_by == moderator


def test_take_next_of_an_empty_queue_returns_to_it(moderator):
    response = client_of(moderator).post(
        reverse("take_next", args=["voting-procedure"]), follow=True
    )

    assert response.redirect_chain[-1][0] == QUEUE


def test_the_desk_opens_at_the_first_queue_with_work(election, moderator):
    job = make_job(make_item(election=election.slug))
    Job.objects.filter(pk=job.pk).update(queue=Queue.objects.get(slug="reports"))

    assert client_of(moderator).get("/desk/")["Location"] == reverse("queue", args=["reports"])


def test_the_queue_asks_the_same_number_of_questions_however_long_it_is(
    election, moderator, django_assert_num_queries
):
    client = client_of(moderator)
    make_job(make_item(election=election.slug))
    client.get(QUEUE)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    for _ in range(6):
        make_job(make_item(election=election.slug))

    with django_assert_num_queries(len(few)):
        client.get(QUEUE)


def test_the_screen_remembers_light_or_dark_and_goes_back_only_within_the_house(client):
    response = client.post(reverse("set_look"), {"scheme": "dark", "next": "https://evil.example/"})
    page = client.get("/accounts/login/").content.decode()

    assert response["Location"] == "/desk/"
    assert 'data-scheme="dark"' in page
    assert client.post(reverse("set_look"), {"scheme": "<script>"}).status_code == 302


def test_a_job_is_found_by_the_platforms_own_id_of_its_item(election, moderator):
    job = make_job(make_item("post-of-tonight", election=election.slug))
    client = client_of(moderator)

    assert [row.job for row in client.get("/desk/find/?q=post-of-tonight").context["rows"]] == [job]
    assert client.get("/desk/find/?q=%00").context["rows"] == []
    assert client.get("/desk/find/").status_code == 200
