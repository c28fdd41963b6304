"""A voice before anything is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.proposals.models import Disclosure

Files = Sequence[tuple[StoredFile, str]]
"""Files that came with a voice, each with the name its sender gave it."""


@dataclass(frozen=True)
class Spoken:
    """A voice as it came in (来件): all that ``receive`` keeps of it but contact data.

    ``came_at`` is when it came, for one that was held since (先看); now when left out.
    """

    organisation: Organisation
    disclosure: Disclosure | None
    text: str
    show: bool
    kind: CaseKind
    ground: str = ""
    asked: Post | None = None
    files: Files = field(default=())
    came_at: datetime | None = None
