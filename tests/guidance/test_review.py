"""Nobody publishes a page alone: an author, an election lead and a second person; no self-approval."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, TaskState
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.operations import TranslationCreator

from elections.caching import memory
from guidance import tasks
from guidance.models import GuidancePage
from guidance.services import translating
from integrity.people.choices import Role
from integrity.refusals import Refused
from tests.factories import make_user
from tests.moderation.desk_client import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(pages):
    return GuidancePage.objects.get(slug="regels")


def written(page, *, by, title="Nieuwe regels", **more):
    """Write a draft and send it in."""
    page = GuidancePage.objects.get(pk=page.pk)
    page.title = title
    for name, value in more.items():
        setattr(page, name, value)
    page.save_revision(user=by)
    page.get_workflow().start(page, by)
    return GuidancePage.objects.get(pk=page.pk)


def answer(page, who, action="approve"):
    """Answer the step that the page waits at, as the editor's own page does."""
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    response = client_of(who).post(url, {"comment": "Gelezen."})
    return response.status_code, GuidancePage.objects.get(pk=page.pk)


def title_read(slug="regels"):
    memory.clear()
    return Client().get(f"/guidance/{slug}/").content.decode()


def test_an_author_a_lead_and_a_second_person_publish_a_page(
    page, author, election_lead, second_author
):
    page = written(page, by=author)
    assert "Nieuwe regels" not in title_read()

    _, page = answer(page, election_lead)
    assert "Nieuwe regels" not in title_read()
    _, page = answer(page, second_author)

    assert "Nieuwe regels" in title_read()
    assert page.live_revision.user == author


@pytest.mark.parametrize("who", ["author", "moderator", "second_author", "senior"])
def test_the_first_step_is_an_election_leads(page, author, who, request):
    page = written(page, by=author)

    answer(page, request.getfixturevalue(who))

    assert TaskState.objects.get(workflow_state__object_id=str(page.pk)).status == "in_progress"


def test_whoever_wrote_it_lets_it_through_at_no_step(page, election_lead, second_lead):
    page = written(page, by=election_lead)

    _, page = answer(page, election_lead)
    assert page.current_workflow_task_state.task.name.startswith("Verkiezingsleider")
    _, page = answer(page, second_lead)
    _, page = answer(page, election_lead)

    assert page.workflow_in_progress
    assert "Nieuwe regels" not in title_read()


def test_the_first_reader_is_not_the_second(page, author, election_lead):
    page = written(page, by=author)
    _, page = answer(page, election_lead)
    _, page = answer(page, election_lead)

    assert page.workflow_in_progress
    assert "Nieuwe regels" not in title_read()


def test_a_reader_who_changes_the_page_no_longer_lets_it_through(page, author, election_lead):
    page = written(page, by=author)
    page.save_revision(user=election_lead)
    state = page.current_workflow_task_state

    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, election_lead, "approve")


def test_whoever_runs_the_house_does_not_publish_alone_either(page):
    root = make_user("root@waarborg.example", roles=[Role.ELECTION_LEAD])
    root.is_superuser = root.is_staff = True
    root.save()
    page = written(page, by=root)

    answer(page, root)
    rights = page.permissions_for_user(root)
    page.get_latest_revision().publish()

    assert not rights.can_publish()
    assert rights.can_unpublish()
    assert "Nieuwe regels" not in title_read()


def test_a_page_that_is_sent_back_is_read_again_by_both(page, author, election_lead, second_author):
    page = written(page, by=author)
    _, page = answer(page, election_lead)
    _, page = answer(page, second_author, action="reject")
    page.title = "Betere regels"
    page.save_revision(user=author)
    page.current_workflow_state.resume(user=author)
    page = GuidancePage.objects.get(pk=page.pk)

    # What the first reader let through was another text: both read this one.
    _, page = answer(page, second_author)
    assert page.current_workflow_task_state.task.name.startswith("Verkiezingsleider")
    assert "Betere regels" not in title_read()
    _, page = answer(page, election_lead)

    assert "Betere regels" in title_read()


def test_a_page_begins_and_ends_at_its_moments(page, author, election_lead, second_author):
    now = timezone.now()
    page = written(page, by=author, go_live_at=now + timedelta(hours=1))
    for who in (election_lead, second_author):
        _, page = answer(page, who)
    assert "Nieuwe regels" not in title_read()

    revision = page.get_latest_revision()
    revision.content["go_live_at"] = (now - timedelta(minutes=1)).isoformat()
    revision.approved_go_live_at = now - timedelta(minutes=1)
    revision.save()
    tasks.publish_scheduled()
    assert "Nieuwe regels" in title_read()

    GuidancePage.objects.filter(pk=page.pk).update(expire_at=now - timedelta(minutes=1))
    tasks.publish_scheduled()
    memory.clear()
    assert Client().get("/guidance/regels/").status_code == 404


# --- The editor's rooms -------------------------------------------------------------------


def test_an_author_writes_pages_and_has_no_business_at_the_desk(page, author, moderator):
    client = client_of(author)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert client.get(edit).status_code == 200
    assert client.get("/desk/").status_code == 403
    assert client_of(moderator).get(edit).status_code == 302
    assert not author.has_perm("moderation.see_item")
    assert not author.has_perm("elections.publish_fact")


def test_an_author_lands_in_the_editor(author):
    from tests.signing_in import sign_in

    client = Client()
    sign_in(client, author)

    assert client.get("/cms/").status_code == 200


def test_history_comparison_and_preview_are_there(page, author):
    first = page.get_latest_revision()
    page = written(page, by=author)
    client = client_of(author)
    newest = page.get_latest_revision()

    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    compared = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, newest.pk])
    )
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert history.status_code == 200
    assert "Nieuwe" in compared.content.decode()
    assert "Nieuwe regels" in preview.content.decode()
    assert "'unsafe-inline'" in preview["Content-Security-Policy"]
    # The checker of accessibility comes with Wagtail's own bar, in the preview alone.
    assert "wagtail-userbar" in preview.content.decode()
    assert "wagtail-userbar" not in title_read()
    assert "Nieuwe regels" not in title_read()


def test_the_relaxed_policy_stays_in_the_editor(pages):
    assert "unsafe-inline" not in Client().get("/guidance/regels/")["Content-Security-Policy"]


# --- Translations -------------------------------------------------------------------------


@pytest.fixture
def translated(pages, author):
    """A new Dutch page that is translated sentence by sentence."""
    front = GuidancePage.objects.get(slug="regels").get_parent()
    page = GuidancePage(title="Livestreams", slug="livestreams", in_short="Zet giften uit.")
    front.specific.add_child(instance=page)
    page.publish_as_delivered(page.save_revision(user=author))
    creator = TranslationCreator(author, [Locale.objects.get(language_code="en")])
    creator.create_translations(GuidancePage.objects.get(pk=page.pk))
    return Translation.objects.get(source__object_id=page.translation_key)


def test_a_translation_is_not_published_by_making_it(translated):
    english = translated.get_target_instance()

    assert Client().get("/guidance/livestreams/?lang=en").status_code == 200
    assert not english.live


def test_a_translation_is_read_by_two_others_too(translated, author, election_lead, second_author):
    source = TranslationSource.objects.get(pk=translated.source_id)
    for segment in source.stringsegment_set.all():
        words = {"Livestreams": "Live streams", "Zet giften uit.": "Switch gifts off."}
        if segment.string.data in words:
            segment.string.translations.create(
                locale=translated.target_locale,
                context=segment.context,
                data=words[segment.string.data],
            )
    english = translated.get_target_instance().specific

    translating.send_translation(page=english, by=author)
    english = GuidancePage.objects.get(pk=english.pk)
    assert english.workflow_in_progress
    for who in (election_lead, second_author):
        _, english = answer(english, who)

    memory.clear()
    html = Client().get("/guidance/livestreams/?lang=en").content.decode()
    assert english.live
    assert "Live streams" in html
    assert "Switch gifts off." in html


def test_a_page_that_is_no_translation_cannot_be_sent_as_one(page, author):
    with pytest.raises(Refused, match=r"vertaald|translated"):
        translating.send_translation(page=page, by=author)


def test_the_editor_offers_to_send_a_translation_in(translated, author):
    english = translated.get_target_instance()
    url = reverse("send_translation", args=[english.pk])
    client = client_of(author)

    asked = client.get(url)
    sent = client.post(url)

    assert asked.status_code == 200
    assert sent.status_code == 302
    assert GuidancePage.objects.get(pk=english.pk).workflow_in_progress
