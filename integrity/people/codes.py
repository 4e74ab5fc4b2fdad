"""A code of an authenticator app opens the door once, however long its clock allows it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from integrity.people.models import UsedCode, User

# Longer than any code is accepted: a period on each side of the present one.
REMEMBERED = timedelta(hours=1)


def use_code(*, user: User, secret: str, code: str, at: datetime) -> bool:
    """Note that a code opens the door now; False if it did before.

    allauth forgets a used code after one period, while its tolerance accepts it for three.
    """
    for counter, right in valid_codes(secret):
        if compare_user_code(actual=code, expected=right):
            UsedCode.objects.filter(user=user, used_at__lt=at - REMEMBERED).delete()
            _, is_new = UsedCode.objects.get_or_create(
                user=user, counter=counter, defaults={"used_at": at}
            )
            return is_new
    return False


def valid_codes(secret: str) -> Iterator[tuple[int, str]]:
    """Yield the codes that are accepted at this moment, each with the span that it stands for."""
    for counter in yield_hotp_counters_from_time():
        yield counter, format_hotp_value(hotp_value(secret, counter))
