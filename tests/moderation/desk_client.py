"""Test clients of people who have signed in with their second factor."""

from django.test import Client

from integrity.people.models import User
from tests.signing_in import make_second_factor, step_up


def client_of(user: User, **how) -> Client:
    """A browser in which this person is signed in."""
    if not user.authenticator_set.exists():
        make_second_factor(user)
    client = Client(**how)
    client.force_login(user)
    return client


def sure_client_of(user: User) -> Client:
    """A browser in which this person has just shown once more who they are."""
    client = client_of(user)
    step_up(client)
    return client
