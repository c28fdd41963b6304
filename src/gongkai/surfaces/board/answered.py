"""What records of answers say: the words, their places in lists, how it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board.stamps import instant, seq


@dataclass(frozen=True)
class Answer:
    """A voice and its answer (办件答复). ``hung`` is the voice's address on the wall, ``changed``
    why its words are not its own. The office's number, which older records hold, is never read:
    between two of them one could count whoever is not shown.
    """

    seq: int
    organisation: str
    subject: str
    version: int
    kind: str
    ground: str
    received_at: datetime | None
    promised_on: str
    voice: str
    answer: str
    outcome: str
    post: str
    answered_at: datetime | None
    item: str
    title: str
    hung: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)


def answer(record: PublicRecord) -> Answer:
    """The answer that a record of kind ``answer`` is."""
    body = json.loads(record.body)
    return Answer(
        seq=seq(record),
        organisation=record.organisation,
        subject=record.subject,
        version=record.version,
        kind=body.get("kind", ""),
        ground=body.get("ground", ""),
        received_at=instant(body.get("received_at")),
        promised_on=body.get("promised_on", ""),
        voice=body.get("text", ""),
        answer=body.get("answer", ""),
        outcome=body.get("outcome", ""),
        post=body.get("post", ""),
        answered_at=instant(body.get("answered_at")),
        item=body.get("item", ""),
        title=body.get("title", ""),
        hung=body.get("voice", ""),
        changed=body.get("changed", {}),
    )


def place_of_answer(subject: str, version: int) -> str:
    """Under which name an answer stands on the wall.

    Each answer is a dated statement of its own: a case answered again stands there again.
    """
    return f"{subject}.{version}"


def case_of(place: str) -> str:
    """The subject of the answer that stands under this name on the wall."""
    return place.rpartition(".")[0]


def place_of_report(subject: str, version: int) -> str:
    """Under which name a report, which is only counted, stands in a list."""
    return f"{subject}.r{version}"


@dataclass(frozen=True, order=True)
class Ending:
    """How voices of one sort ended in one civil year (办理结果)."""

    year: int
    kind: str
    ground: str
    outcome: str

    @property
    def code(self) -> str:
        """In the name of a list: ``2026.problem.error.corrected``."""
        return f"{self.year}.{self.kind}.{self.ground}.{self.outcome}"

    @classmethod
    def of(cls, code: str) -> "Ending":
        """The ending that ``code`` names."""
        year, kind, ground, outcome = code.split(".")
        return cls(int(year), kind, ground, outcome)


def ending(body: str, zone: str) -> Ending | None:
    """How the voice ended that an answer or a report with this body tells of; None when it is
    destroyed.
    """
    data = json.loads(body)
    answered = instant(data.get("answered_at"))
    if answered is None:
        return None
    year = civil_day(answered, zone).year
    return Ending(year, data.get("kind", ""), data.get("ground", ""), data.get("outcome", ""))


def kept_promise(body: str, zone: str) -> bool:
    """Whether the answer with this body was given by the promised day; no when it is destroyed."""
    data = json.loads(body)
    answered, promised = instant(data.get("answered_at")), data.get("promised_on", "")
    if not answered or not promised:
        return False
    return civil_day(answered, zone) <= date.fromisoformat(promised)
