"""One thing that waits."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """One thing that waits (待办): ``due`` None when no day is set for it.

    ``now`` tells that it must not wait for any day; ``quiet`` that it only informs.
    """

    step: str
    title: str
    say: str
    act: str
    href: str
    due: date | None = None
    badge: str = ""
    now: bool = False
    quiet: bool = False
