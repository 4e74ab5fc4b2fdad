"""Official facts and the screening's settings in a browser: axe, no page wider than the screen."""

import json
import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from elections.choices import IncidentKind
from elections.models import Election, Jurisdiction
from elections.services import proposing, publishing
from elections.services.publishing import Statement
from integrity.classifiers.voting_procedure import learned
from integrity.people.choices import Role
from integrity.people.demo import unused_code
from moderation.choices import Action
from moderation.models import Threshold
from moderation.services import (
    assessing,
    carrying_out,
    exporting,
    following,
    informing,
    opening,
    thresholds,
    versions,
)
from tests.e2e.test_accessible import problems
from tests.factories import decide, make_item, make_signal, make_user


@pytest.fixture
def leads(transactional_db):
    """Two election leads."""
    return [
        make_user(f"{name}@waarborg.example", alias=name.capitalize(), roles=[Role.ELECTION_LEAD])
        for name in ("daan", "esra")
    ]


@pytest.fixture
def afternoon(scene, leads):
    """Facts, an incident, a followed change and a proposal that waits."""
    at = timezone.now()
    election = Election.objects.get()
    closes = Statement(value="21:00", source_name="Kiesraad", source_url="https://www.kiesraad.nl/")
    fact = publishing.publish_fact(
        election=election, key="polls_close", statement=closes, by=None, at=at
    )
    for n in range(3):
        make_item(f"closing-{n}", text="De stembureaus sluiten om 21.00 uur.", at=at, posted_at=at)
    assessing.assess_owed(now=timezone.now)
    publishing.publish_incident(
        election=election,
        kind=IncidentKind.CLOSED,
        place=Jurisdiction.objects.get(code="GM0344"),
        polling_place="De Brug",
        message={"nl": "Dicht door brand. Stem in De Bron.", "en": "Closed because of a fire."},
        source_name="Gemeente Utrecht",
        starts_at=at,
        ends_at=at + timedelta(hours=4),
        by=None,
        at=at,
    )
    following.follow_fact_changes(now=timezone.now)
    proposal = proposing.propose_correction(
        fact=fact,
        statement=Statement(value="20:00", source_name="Kiesraad, gewijzigd besluit"),
        reason="De Kiesraad heeft de tijd vervroegd",
        by=leads[0],
        at=at,
    )
    return election, fact, proposal


@pytest.fixture
def steered(afternoon, scene, leads, tmp_path, settings):
    """What people decided, a threshold, a switch, a consent, and weights that read along."""
    settings.VAR = tmp_path
    election, at = afternoon[0], timezone.now()
    with np.load(learned.WEIGHTS) as stored:
        arrays = {name: stored[name] for name in stored.files}
    meta = json.loads(bytes(arrays["meta"]).decode()) | {"gate_bias": -1000.0}
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    np.savez_compressed(tmp_path / "heads.npz", **arrays)
    lead = make_user("noor@waarborg.example", alias="Noor", roles=[Role.POLICY_LEAD])
    model = versions.bring_in(
        files={"heads.npz": (tmp_path / "heads.npz").read_bytes()},
        note="Leest niets: om te zien wat er dan ontbreekt",
        by=lead,
        at=at,
    )
    versions.put_in_shadow(model=model, by=lead, at=at)
    for n, text in enumerate(("Let op: pas donderdag 19 maart stemmen!", "Stem op 18 maart 2026.")):
        make_item(f"steered-{n}", text=text, at=at, posted_at=at)
    assessing.assess_owed(now=timezone.now)
    for n, (action, score) in enumerate(((Action.LABEL, 0.97), (Action.NO_ACTION, 0.7)) * 3):
        item = make_item(f"decided-{n}", election=election.slug, at=at, posted_at=at)
        make_signal(item, score=score, at=at)
        opening.open_or_update_job(item=item, at=at)
        decide(item.jobs.open().get(), by=scene.senior, action=action, at=at)
    carrying_out.carry_out_due(at=at + timedelta(seconds=31))
    thresholds.set_threshold(
        value=0.8, reason="Minder werk, zelfde vangst", by=leads[0], at=at, election=election
    )
    informing.switch_label(
        election=election, topic="how", is_on=False, reason="Wordt herschreven", by=leads[0], at=at
    )
    exporting.set_consent(
        election=election, queue=None, may_evaluate=True, may_train=False,
        reason="Afgesproken met de verkiezingsleiding", by=leads[0], at=at,
    )  # fmt: skip
    return election, model


def steering(election, model) -> dict[str, str]:
    return {
        "thresholds": reverse("screening_thresholds") + f"?election={election.slug}&threshold=0.9",
        "thresholds of all": reverse("screening_thresholds"),
        "labels": reverse("information_labels"),
        "versions": reverse("screening_versions"),
        "version": reverse("screening_version", args=[model.public_id]),
        "new version": reverse("new_screening_version"),
        "labelled data": reverse("labelled_data"),
    }


def addresses(election, fact, proposal) -> dict[str, str]:
    day = election.facts.get(key="voting_day")
    return {
        "facts": reverse("official_facts"),
        "facts of an election": reverse("election_facts", args=[election.slug]),
        "statement": reverse("official_statement", args=[day.public_id]),
        "statement with proposal": reverse("official_statement", args=[fact.public_id]),
        "new statement": reverse("new_statement", args=[election.slug]),
        "new day": reverse("new_statement", args=[election.slug]) + "?key=voting_methods",
        "new incident": reverse("new_incident", args=[election.slug]),
        "proposal": reverse("fact_proposal", args=[proposal.public_id]),
        "changes": reverse("fact_changes"),
        "preview": reverse("screening_preview", args=[proposal.public_id]),
    }


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_the_settings(sign_in, afternoon, steered, leads, language, scheme):
    page = sign_in(leads[1], language=language, scheme=scheme)

    found = {}
    for name, address in (addresses(*afternoon) | steering(*steered)).items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if wrong := problems(page):
            found[name] = wrong

    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_no_settings_page_is_wider_than_the_screen(sign_in, afternoon, steered, leads, width):
    page = sign_in(leads[1], width=width, height=900)

    too_wide = {}
    for name, address in (addresses(*afternoon) | steering(*steered)).items():
        page.goto(address)
        if "reauthenticate" in page.url:
            page.fill("input[name=code]", unused_code(leads[1].authenticator_set.get()))
            page.click("button[type=submit].btn-act")
        page.wait_for_load_state("networkidle")
        has = page.evaluate("document.documentElement.scrollWidth")
        if has > width:
            too_wide[name] = has
        # On a small screen tables scroll, and that must go by keyboard too.
        if width == 390 and (wrong := problems(page)):
            too_wide[name] = wrong
        if folder := os.environ.get("LOOK_INTO"):
            Path(folder).mkdir(exist_ok=True)
            page.screenshot(path=f"{folder}/{name.replace(' ', '-')}-{width}.png", full_page=True)

    assert too_wide == {}


def test_two_people_publish_by_the_screen(sign_in, afternoon, leads):
    _election, _fact, proposal = afternoon
    page = sign_in(leads[1])
    page.goto(reverse("fact_proposal", args=[proposal.public_id]))
    page.wait_for_selector("dl.figures")

    page.click("text=Bevestigen en publiceren")

    page.wait_for_selector("text=Het is vanaf nu officieel.")
    proposal.refresh_from_db()
    assert proposal.new_fact.value == "20:00"


def test_a_threshold_a_label_and_a_version_by_keyboard_alone(sign_in, steered, leads):
    election, model = steered
    page = sign_in(leads[1])

    def type_into(selector: str, *keys: str) -> None:
        page.focus(selector)
        for key in keys:
            page.keyboard.press(key) if key == "Tab" else page.keyboard.insert_text(key)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "reauthenticate" in page.url:
            page.focus("[name=code]")
            page.keyboard.insert_text(unused_code(leads[1].authenticator_set.get()))
            with page.expect_navigation():
                page.keyboard.press("Enter")

    page.goto(reverse("screening_thresholds") + f"?election={election.slug}&threshold=0.7")
    type_into("form[method=post] [name=value]", "Tab", "Rustige avond")
    page.wait_for_selector("text=Rustige avond")
    page.goto(reverse("information_labels"))
    type_into("#why-proxy", "Wordt herschreven")
    page.wait_for_selector("#topic-proxy >> text=uit")
    page.goto(reverse("screening_version", args=[model.public_id]))
    type_into("form[action$='/deploy/'] button")
    page.wait_for_selector("text=Wat vanaf nu binnenkomt, wordt ermee gelezen.")

    assert Threshold.objects.filter(election=election, value=0.7, superseded_at=None).exists()
    model.refresh_from_db()
    assert (model.state, model.deployed_by) == ("live", leads[1])
