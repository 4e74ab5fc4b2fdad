"""What has had its time: official accounts, proof of who asked, addresses of who asked."""

from datetime import datetime, timedelta

from guidance import proofs
from guidance.choices import RequestState
from guidance.models import AccountRequest, HelpRequest, Proof
from guidance.services import accounts
from integrity.outbox import services as outbox

# After the answer there is time to object; then the proof goes, and later the address.
PROOF_KEPT = timedelta(days=30)
ADDRESS_KEPT = timedelta(days=183)


def tend(*, at: datetime) -> None:
    """End what has ended; erase what is no longer needed. Twice is once."""
    for request in AccountRequest.objects.filter(state=RequestState.APPROVED, ends_at__lte=at):
        accounts.expire_account(request=request, at=at)
    for proof in Proof.objects.exclude(stored="").filter(request__decided_at__lt=at - PROOF_KEPT):
        proofs.erase(proof.stored)
        Proof.objects.filter(pk=proof.pk).update(stored="", erased_at=at)
    old = at - ADDRESS_KEPT
    HelpRequest.objects.exclude(email="").filter(answered_at__lt=old).update(email="")
    gone = [RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.EXPIRED]
    AccountRequest.objects.exclude(email="").filter(state__in=gone, decided_at__lt=old).update(
        email="", contact=""
    )
    outbox.forget_addresses(before=old)
