"""A refusal is a sentence: the reason shown on a disabled button, in a 409 and in an API error."""

from typing import Any

from django.utils.functional import Promise


class Refusal:
    """Why something may not be done now, in words fit to show. `None` instead means: allowed."""

    def __init__(self, reason: str | Promise, *, code: str = "refused") -> None:
        self._reason = reason
        self.code = code

    def __str__(self) -> str:
        return str(self._reason)

    def __repr__(self) -> str:
        return f"Refusal({str(self)!r})"


class Refused(Exception):
    """Raised by a service whose rule refused; carries the Refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def require(answer: Refusal | None) -> None:
    """Raise Refused when a rule answered with a refusal."""
    if answer is not None:
        raise Refused(answer)


def refusal_or_none(
    condition: Any, reason: str | Promise, *, code: str = "refused"
) -> Refusal | None:
    """Return the refusal when the condition holds, else None."""
    return Refusal(reason, code=code) if condition else None
