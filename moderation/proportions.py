"""Shares of small numbers, with how sure one can be of them."""

import math
from dataclasses import dataclass

# 95 per cent, two-sided.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's interval; without any there is no share."""

    of: int
    n: int

    @property
    def value(self) -> float | None:
        """Return the share itself."""
        return self.of / self.n if self.n else None

    @property
    def low(self) -> float:
        """Return the lower end of the interval."""
        return self._interval()[0]

    @property
    def high(self) -> float:
        """Return the upper end of the interval."""
        return self._interval()[1]

    def _interval(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        share, square = self.of / self.n, Z * Z
        middle = (share + square / (2 * self.n)) / (1 + square / self.n)
        spread = math.sqrt(share * (1 - share) / self.n + square / (4 * self.n * self.n))
        half = Z * spread / (1 + square / self.n)
        return max(0.0, middle - half), min(1.0, middle + half)
