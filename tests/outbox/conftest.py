"""A platform that listens, and an endpoint registered for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.outbox import endpoints
from tests.outbox import receiver as receivers


@pytest.fixture
def receiver(settings):
    """A receiver on loopback, which only the demo may reach."""
    settings.DEMO = True
    receiver = receivers.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def registered(db, receiver):
    """The receiver's endpoint and its secret."""
    return endpoints.register_endpoint(
        name="Platform", url=receiver.url, by=None, at=timezone.now()
    )


class Clock:
    """Time that moves only when told, so that three days pass at once."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock():
    """The time that the sender is told."""
    return Clock()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords quickly: a hash that is slow on purpose would only make the tests slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
