"""A sheet on the physical board, as the plan speaks of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Hung:
    """A sheet on the wall (张贴件): an item, the version shown, and until when, if that is known.

    ``why`` says of one that comes down what became of it: ``over``, ``replaced``, ``decided``,
    ``newer``, ``withdrawn`` or ``erased``. ``outcome`` is what it says of an emergency: ``waiting``
    until a second person has decided, then their decision, which needs another sheet. ``posting``
    is the key of its posting, 0 where there is none.
    """

    address: str
    number: str
    title: str
    edition: int
    since: date
    until: date | None = None
    why: str = ""
    outcome: str = ""
    posting: int = 0

    @property
    def shows(self) -> tuple[str, int, str]:
        """What stands on it: another needs another sheet."""
        return (self.address, self.edition, self.outcome)
