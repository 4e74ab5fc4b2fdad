"""The picture of the states is drawn from the table, and the table is whole."""

from moderation.choices import JOB_TRANSITIONS, OPEN_JOB_STATES, JobState
from moderation.management.commands.draw_states import PAGE, draw


def test_the_page_of_states_is_current():
    assert PAGE.read_text("utf-8") == draw()


def test_every_state_can_be_reached_and_every_open_state_left():
    reached = {following for moves in JOB_TRANSITIONS.values() for following in moves}

    assert set(JOB_TRANSITIONS) == set(JobState)
    assert reached == set(JobState)
    assert set(OPEN_JOB_STATES) == set(JobState) - {JobState.RESOLVED}
