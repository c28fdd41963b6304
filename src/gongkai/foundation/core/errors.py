"""What can go wrong, drawn once.

    GongkaiError
    ├── Refused    a rule says no; carries every obstacle, each a sentence for the reader
    ├── Conflict   someone else moved first; look again and repeat
    └── Broken     an invariant does not hold; stop, do not repair by guessing

Views, API and CLI turn the first two into messages. ``Broken`` stays loud.
"""

from collections.abc import Iterable


class GongkaiError(Exception):
    """Anything Gongkai itself reports."""


class Refused(GongkaiError):
    """A rule does not allow the act. ``obstacles`` are complete sentences, all of them at once."""

    def __init__(self, obstacles: Iterable[object]) -> None:
        self.obstacles: list[str] = [str(obstacle) for obstacle in obstacles]
        super().__init__("；".join(self.obstacles))


class Conflict(GongkaiError):
    """Another person or process changed the thing first; nothing was written."""


class Broken(GongkaiError):
    """An invariant of log, seal or store does not hold. Nothing further may be written."""
