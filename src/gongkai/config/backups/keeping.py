"""Which backups stay: the last few, and the newest of each of the last days to years."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Schedule:
    """How many of each (保留计划). The newest backup of all stays whatever the numbers."""

    last: int = 3
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    yearly: int = 5

    def outdated(self, times: Iterable[datetime]) -> set[datetime]:
        """Those of ``times`` that no number keeps. Days, weeks without a backup do not count."""
        newest_first = sorted(times, reverse=True)
        kept = set(newest_first[: max(1, self.last)])
        for count, period in self._periods():
            found: dict[Hashable, datetime] = {}
            for at in newest_first:
                found.setdefault(period(at), at)
            kept |= set(list(found.values())[:count])
        return set(newest_first) - kept

    def _periods(self) -> tuple[tuple[int, Callable[[datetime], Hashable]], ...]:
        return (
            (self.daily, lambda at: at.date()),
            (self.weekly, lambda at: at.isocalendar()[:2]),
            (self.monthly, lambda at: (at.year, at.month)),
            (self.yearly, lambda at: at.year),
        )
