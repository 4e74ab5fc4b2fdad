"""From sign-in to the next job without a mouse, and what can go wrong on the way."""

from django.urls import reverse
from django.utils import timezone

from integrity.people.demo import unused_code
from moderation.choices import Action, JobState
from moderation.models import Decision, Job
from moderation.services import reviewing


def job_url(job: Job) -> str:
    return reverse("job", args=[job.public_id])


def test_a_moderator_decides_by_keyboard_and_the_next_job_opens(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")
    first = scene.jobs["day"]
    assert page.url.endswith(job_url(first))

    # Two strokes: the action, and decide. Policy and reasoning come from the fact.
    page.keyboard.press("2")
    page.wait_for_selector("#letter .sheet")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))

    decision = Decision.objects.get(job=first)
    assert decision.action == Action.LABEL
    assert decision.decided_by == scene.moderator
    assert "vrijdag" in decision.reasoning or str(timezone.now().year) in decision.reasoning


def test_a_decision_is_taken_back_by_keyboard(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))

    page.keyboard.press("u")
    page.wait_for_url("**" + job_url(scene.jobs["day"]))

    scene.jobs["day"].refresh_from_db()
    assert scene.jobs["day"].state == JobState.TAKEN
    assert Decision.objects.get(job=scene.jobs["day"]).undo.undone_by == scene.moderator


def test_a_removal_near_polling_day_waits_for_a_second_person_who_confirms(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")
    page.locator("[name=action][value=remove]").locator("xpath=..").click()
    page.wait_for_selector("#hold .hold")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))
    held = Decision.objects.get(job=scene.jobs["day"])
    assert held.carried_out_at is None

    senior = sign_in(scene.senior)
    senior.goto(job_url(scene.jobs["day"]))
    assert held.reasoning[:20] in senior.locator("#decision").inner_text()
    senior.keyboard.press("y")
    senior.wait_for_url("**/desk/held/")

    held.refresh_from_db()
    assert held.confirmation.confirmed_by == scene.senior
    assert held.carried_out_at is not None


def test_letters_rest_while_somebody_types_and_can_be_switched_off(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")

    page.keyboard.press("m")
    page.keyboard.type(" slun 1")
    assert page.locator("#reasoning").input_value().endswith(" slun 1")
    assert page.locator("[name=action]:checked").count() == 0

    page.locator(".menu summary").click()
    page.locator("button[name=letters][value=off]").click()
    page.wait_for_selector("html[data-letters=off]")
    page.keyboard.press("1")
    assert page.locator("[name=action]:checked").count() == 0


def test_what_was_typed_is_there_after_a_reload(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")
    page.keyboard.press("m")
    with page.expect_response(lambda r: "nog%20niet%20af" in (r.request.post_data or "")):
        page.keyboard.type(" En dit is nog niet af.")

    page.reload()

    assert page.locator("#reasoning").input_value().endswith("En dit is nog niet af.")


def test_the_overlay_names_every_key_of_the_page(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")

    page.keyboard.press("?")
    keys = page.locator("#keys[open] kbd").all_inner_texts()
    page.keyboard.press("Escape")

    assert {"1", "P", "M", "S", "V", "C", "L", "E", "T", "Ctrl+↵"} <= set(keys)
    assert page.locator("#keys[open]").count() == 0


def test_rows_are_walked_and_taken_by_keyboard(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))

    scene.jobs["phone"].refresh_from_db()
    assert scene.jobs["phone"].taken_by == scene.moderator


def test_skipping_is_two_keys(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**" + job_url(scene.jobs["day"]))
    page.keyboard.press("s")
    page.keyboard.press("2")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))

    assert scene.jobs["day"].skips.get().skipped_by == scene.moderator


def test_whose_lease_went_to_a_colleague_is_told_and_loses_no_text(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**" + job_url(scene.jobs["day"]))
    job = Job.objects.get(pk=scene.jobs["day"].pk)
    reviewing.release_job(job=job, by=scene.moderator, at=timezone.now())
    reviewing.take_job(job=job, by=scene.colleague, at=timezone.now())

    page.evaluate(
        "document.getElementById('gauges').dispatchEvent(new Event('waarborg:still-here'))"
    )
    page.wait_for_selector("#gauges [role=alert]")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".decision .state, .decision .refusal")

    assert not Decision.objects.filter(job=job).exists()


def test_the_desk_works_without_script(sign_in, scene, _browser, live_server):
    page = sign_in(scene.moderator)
    cookies = page.context.cookies()
    plain = _browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="nl")
    plain.add_cookies(cookies)
    quiet = plain.new_page()

    quiet.goto("/desk/")
    quiet.locator("form[action$='/take-next/'] button").click()
    quiet.locator("[name=action][value=label]").locator("xpath=..").click()
    quiet.locator("[data-submit]").click()

    assert Decision.objects.filter(job=scene.jobs["day"], action=Action.LABEL).exists()
    plain.close()


def test_nothing_that_a_poster_writes_runs_in_the_browser(sign_in, scene):
    from tests.e2e.scene import post

    hostile = (
        "<img src=x onerror=\"document.title='gehackt'\"><script>document.title='gehackt'</script>"
    )
    job = post(
        "xss-1",
        hostile,
        claimed="",
        transcript=hostile,
        on_screen=hostile,
        views=[1, 2],
        at=timezone.now(),
        handle=hostile[:100],
        reports=1,
    )
    page = sign_in(scene.moderator)
    for address in (
        job_url(job),
        reverse("queue", args=["reports"]),
        reverse("actor", args=[job.item.actor.public_id]),
    ):
        page.goto(address)
        assert page.title() != "gehackt"
        assert page.locator("img[src=x]").count() == 0


def test_closing_an_account_asks_for_a_code_and_goes_on_without_a_mouse(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/desk/jobs/**")

    page.keyboard.press("9")
    page.wait_for_selector("#letter .sheet")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/2fa/reauthenticate/**")
    assert not Decision.objects.filter(job=scene.jobs["day"]).exists()

    page.fill("input[name=code]", unused_code(scene.moderator.authenticator_set.get()))
    page.keyboard.press("Enter")
    page.wait_for_url("**" + job_url(scene.jobs["phone"]))

    decision = Decision.objects.get(job=scene.jobs["day"])
    assert (decision.action, decision.needs_second_person) == (Action.TERMINATE, True)


def test_who_loses_the_network_reads_it_and_keeps_the_words(sign_in, scene):
    page = sign_in(scene.moderator)
    page.keyboard.press("n")
    page.wait_for_url("**" + job_url(scene.jobs["day"]))
    page.wait_for_load_state("networkidle")

    page.context.set_offline(True)
    page.wait_for_selector("[data-offline]:not([hidden])")
    words = page.locator("[data-offline]").inner_text()
    page.context.set_offline(False)
    page.wait_for_selector("[data-offline]", state="hidden")

    assert words.strip()
    assert page.locator("#reasoning").input_value()
