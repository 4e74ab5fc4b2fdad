"""Sign-ins of the demo: their second factor is known, so they exist nowhere else."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrity.encryption import decrypt
from integrity.people.choices import Role
from integrity.people.codes import valid_codes
from integrity.people.models import UsedCode, User
from integrity.people.services import open_account
from integrity.refusals import Refusal, require


@transaction.atomic
def open_demo_account(
    *, email: str, alias: str, roles: Iterable[Role], password: str, language: str = "nl"
) -> User:
    """Open a demo account, or make it as it was: roles, password, second factor."""
    require(_only_in_the_demo())
    user = open_account(email=email, alias=alias, roles=roles, language=language)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, _seeded_secret(user.email))
    return user


def demo_code(*, email: str) -> str:
    """Return a code that signs this demo account in now: one that was not used just before."""
    require(_only_in_the_demo())
    factor = Authenticator.objects.filter(
        user__email__iexact=email.strip(), type=Authenticator.Type.TOTP
    ).first()
    if factor is None:
        require(Refusal(_("There is no demo account with this address."), code="unknown"))
    assert factor is not None
    return unused_code(factor)


def unused_code(factor: Authenticator) -> str:
    """Return a code of this second factor that opens the door now, once one does.

    All three that are valid may have been used; then the next one is waited for.
    """
    secret = decrypt(factor.data["secret"])
    while True:
        codes = dict(valid_codes(secret))
        used = UsedCode.objects.filter(user=factor.user_id, counter__in=codes)
        fresh = set(codes) - set(used.values_list("counter", flat=True))
        if fresh:
            return codes[min(fresh, key=_distance)]
        time.sleep(1)


def _distance(counter: int) -> int:
    # The present one first, then the next: the one before may run out while it is typed.
    away = counter - int(time.time()) // 30
    return away if away >= 0 else 10 - away


def _seeded_secret(email: str) -> str:
    # The same after every load of the demo, and different in every installation.
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo {email}".encode(), hashlib.sha256)
    return base64.b32encode(digest.digest()[:20]).decode()


def _only_in_the_demo() -> Refusal | None:
    if settings.DEMO:
        return None
    return Refusal(_("Demo sign-ins exist only in the demo (WAARBORG_DEMO=1)."), code="no_demo")
