"""What a public record says, as values a page can show. Pure: bytes in, values out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gongkai.foundation.core import canonical
from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import is_public
from gongkai.surfaces.board.answered import Answer, answer
from gongkai.surfaces.board.stamps import instant, seq

RELEASE, WITHDRAWAL, ERASURE = "release", "withdrawal", "erasure"
ANSWER, REPORT, FILING, CHARTER = "answer", "report", "filing", "charter"
COVERAGE = "coverage"
PLAN, EMERGENCY = "plan", "emergency"
POSTING = "posting"
RECEPTION, VOICE = "reception", "voice"
LISTED = (RELEASE, WITHDRAWAL, ERASURE)
"""The kinds that a line in a list is made from."""
ITEM = (*LISTED, ANSWER, FILING, EMERGENCY, POSTING)
"""The kinds that an item's page is made from."""
PRINTED = (*LISTED, EMERGENCY)
"""The kinds that an item's sheets are made from."""

PARSED = 300
"""Openings in memory: the newest pages of the lists of one publication."""


@dataclass(frozen=True)
class Attachment:
    """A file sealed with an edition (附件), named by its digest."""

    title: str
    digest: str
    size: int
    extension: str

    @property
    def filename(self) -> str:
        """Its name on the board."""
        return f"{self.digest[:16]}.{self.extension}"


@dataclass(frozen=True)
class Stage:
    """One audience to which the thing has been opened (公开范围), and when."""

    name: str
    name_en: str
    opened_at: datetime


@dataclass(frozen=True)
class Coming:
    """The audience to which the thing opens next (下一步公开), as planned, and when."""

    name: str
    name_en: str
    opens_at: datetime
    public: bool


@dataclass(frozen=True)
class Edition:
    """A sealed edition (公开版本), read from its canonical bytes ``source``."""

    source: str
    digest: str
    number: int
    organisation_name: str
    entry: str
    entry_title: str
    category: str
    box: str
    kind: str
    document_number: str
    form: str
    title: str
    body: str
    attachments: tuple[Attachment, ...]
    proposer_post: str
    statement: str
    stated_at: datetime | None
    seal_number: str
    seal_post: str
    sealed_at: datetime | None

    @property
    def code(self) -> str:
        """The code on the review mark (核对码): the first 60 bits of the digest, in letters."""
        return verification_code(self.digest)


@dataclass(frozen=True)
class Hastened:
    """That an edition was opened before its review was over (紧急公开), and what a second person
    decided since: ``outcome`` is empty, ``confirmed`` or ``refused``.
    """

    post: str
    at: datetime
    due_on: date
    outcome: str
    decided_post: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Opening:
    """An edition opened to the public (向社会公开), with what the log needs to check it."""

    version: int
    seq: int
    salt: str
    audience: tuple[str, ...]
    at: datetime
    recorded_at: datetime
    edition: Edition
    stages: tuple[Stage, ...]
    number: str
    note: str
    coming: Coming | None = None
    hastened: Hastened | None = None

    @property
    def public(self) -> bool:
        """Whether anybody may read it."""
        return is_public(self.audience)


@dataclass(frozen=True)
class Gone:
    """A withdrawal or an erasure (撤回、清除): what is said in the place of the thing.

    ``source`` is the record's own canonical text, which the log commits to.
    """

    erased: bool
    version: int
    seq: int
    salt: str
    audience: tuple[str, ...]
    recorded_at: datetime
    source: str
    at: datetime
    title: str
    reason: str
    posts: tuple[str, ...]
    number: str
    entry: str
    category: str
    box: str

    @property
    def kind(self) -> str:
        """The kind of its record."""
        return ERASURE if self.erased else WITHDRAWAL


@dataclass(frozen=True)
class Filing:
    """Where the thing was filed (归档): its 档号, the day, how long it is kept."""

    file_number: str
    filed_at: datetime | None
    retention: str


@dataclass(frozen=True)
class Hanging:
    """A channel on which an opening went out (张贴), since when, and until when if it is over."""

    channel: str
    name: str
    name_en: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Posted:
    """Where an edition hangs that was opened to ``audience`` (张贴情况), as told last."""

    edition: int
    audience: tuple[str, ...]
    channels: tuple[Hanging, ...]


@dataclass(frozen=True)
class Item:
    """All that the public may see of one disclosure (公开件).

    ``openings`` are those still open, oldest first. An item without opening and without ``gone``
    has just been closed; its tombstone waits for the log.
    """

    address: str
    organisation: str
    opened_at: datetime
    openings: tuple[Opening, ...] = ()
    gone: Gone | None = None
    answers: tuple[Answer, ...] = ()
    filing: Filing | None = None
    posted: tuple[Posted, ...] = ()

    @property
    def current(self) -> Opening | None:
        """The opening that stands; none once withdrawn or erased."""
        return self.openings[-1] if self.openings and not self.gone else None

    def hanging(self, opening: Opening) -> tuple[Hanging, ...]:
        """Where ``opening`` hangs or hung, besides its page."""
        told = [
            each.channels
            for each in self.posted
            if (each.edition, each.audience) == (opening.edition.number, opening.audience)
        ]
        return told[-1] if told else ()

    @property
    def corrected(self) -> bool:
        """Whether an earlier edition was public before the present one."""
        return self.current is not None and (len(self.openings) > 1 or bool(self.current.note))


def item(address: str, opened_at: datetime, records: Sequence[PublicRecord]) -> Item:
    """The item that the open public ``records`` of one subject make."""
    kinds = _by_kind(records)
    gone = [_gone(record) for kind in (WITHDRAWAL, ERASURE) for record in kinds.get(kind, ())]
    filings = [_filing(record) for record in kinds.get(FILING, ())]
    return Item(
        address=address,
        organisation=records[0].organisation if records else "",
        opened_at=opened_at,
        openings=tuple(
            _decided(opening(each), kinds.get(EMERGENCY, ())) for each in kinds.get(RELEASE, ())
        ),
        gone=gone[-1] if gone else None,
        answers=tuple(map(answer, kinds.get(ANSWER, ()))),
        filing=filings[-1] if filings else None,
        posted=tuple(map(_posted, kinds.get(POSTING, ()))),
    )


def opening(record: PublicRecord) -> Opening:
    """The opening that a record of kind ``release`` is."""
    return _opening(
        record.body,
        record.version,
        seq(record),
        bytes(record.salt),
        tuple(record.audience),
        record.at,
    )


@lru_cache(maxsize=PARSED)
def _opening(
    text: str, version: int, seq: int, salt: bytes, audience: tuple[str, ...], recorded: datetime
) -> Opening:
    """Pure, and remembered: the newest things are listed again by each publication."""
    body = json.loads(text)
    return Opening(
        version=version,
        seq=seq,
        salt=salt.hex(),
        audience=audience,
        at=instant(body.get("opened_at")) or recorded,
        recorded_at=recorded,
        edition=edition(body["edition"]),
        stages=tuple(
            Stage(stage["name"], stage.get("name_en", ""), instant(stage["opened_at"]) or recorded)
            for stage in body.get("stages", ())
        ),
        number=body.get("number", ""),
        note=body.get("note", ""),
        coming=_coming(body),
        hastened=hastened(body.get("emergency")),
    )


def _decided(opening: Opening, decisions: Iterable[PublicRecord]) -> Opening:
    """The opening with what a second person decided since, by these records in their order."""
    told = [json.loads(each.body) for each in decisions if seq(each) > opening.seq]
    told = [body for body in told if body["edition"] == opening.edition.number]
    return replace(opening, hastened=hastened(told[-1])) if told else opening


def hastened(body: Mapping[str, Any] | None) -> Hastened | None:
    """What a record says of an emergency; none where it says nothing."""
    if not body:
        return None
    return Hastened(
        post=body["post"],
        at=datetime.fromisoformat(body["at"]),
        due_on=date.fromisoformat(body["due_on"]),
        outcome=body["outcome"],
        decided_post=body["decided_post"],
        decided_at=instant(body["decided_at"]),
    )


def replanned(opening: Opening, plans: Iterable[PublicRecord]) -> Opening:
    """The opening with what is planned next by the newest of these records of kind ``plan``."""
    later = [plan for plan in sorted(plans, key=seq) if seq(plan) > opening.seq]
    told = [json.loads(plan.body) for plan in later]
    told = [body for body in told if body["edition"] == opening.edition.number]
    return replace(opening, coming=_coming(told[-1])) if told else opening


def _coming(body: Mapping[str, Any]) -> Coming | None:
    planned = body.get("next")
    if not planned:
        return None
    at = datetime.fromisoformat(planned["opens_at"])
    return Coming(planned["name"], planned.get("name_en", ""), at, bool(planned["public"]))


def edition(source: str) -> Edition:
    """The edition of which ``source`` is the canonical JSON text."""
    data = json.loads(source)
    entry, seal = data["entry"], data.get("seal", {})
    proposer, statement = data.get("proposer", {}), data.get("statement", {})
    return Edition(
        source=source,
        digest=canonical.digest(source.encode("utf-8")),
        number=int(data["number"]),
        organisation_name=data.get("organisation_name", ""),
        entry=entry["code"],
        entry_title=entry.get("title", ""),
        category=data["category"],
        box=data["box"],
        kind=data.get("kind", ""),
        document_number=data.get("document_number", ""),
        form=data.get("form", ""),
        title=data["title"],
        body=data["body"],
        attachments=tuple(map(_attachment, data.get("attachments", ()))),
        proposer_post=proposer.get("post", ""),
        statement=statement.get("text", ""),
        stated_at=instant(statement.get("at")),
        seal_number=str(seal.get("number", "")),
        seal_post=seal.get("post", ""),
        sealed_at=instant(seal.get("at")),
    )


def filed_under(item: Item) -> tuple[str, str, str, str]:
    """Category, box, entry and number of an item, from what is still open of it."""
    if item.gone:
        return item.gone.category, item.gone.box, item.gone.entry, item.gone.number
    if current := item.current:
        edition = current.edition
        return edition.category, edition.box, edition.entry, current.number
    return "", "", "", ""


@dataclass(frozen=True)
class Label:
    """What is written on an item's back (归类): where it belongs, which kind of document it is."""

    entry: str
    category: str
    box: str
    kind: str = ""


def label(body: str) -> Label | None:
    """What the body of a release, withdrawal or erasure record says of the item's place.

    None when the body has been destroyed.
    """
    data = json.loads(body)
    if "edition" in data:
        data = json.loads(data["edition"])
    if "entry" not in data:
        return None
    entry = _entry_code(data["entry"])
    return Label(entry, data.get("category", ""), data.get("box", ""), data.get("kind", ""))


def _gone(record: PublicRecord) -> Gone:
    body: Mapping[str, Any] = json.loads(record.body)
    posts = body.get("posts") or [body.get("post", "")]
    return Gone(
        erased=record.kind == ERASURE,
        version=record.version,
        seq=seq(record),
        salt=bytes(record.salt).hex(),
        audience=tuple(record.audience),
        recorded_at=record.at,
        source=record.body,
        at=instant(body.get("at")) or record.at,
        title=body.get("title", ""),
        reason=body.get("reason", ""),
        posts=tuple(filter(None, posts)),
        number=body.get("number", ""),
        entry=_entry_code(body.get("entry", "")),
        category=body.get("category", ""),
        box=body.get("box", ""),
    )


def _filing(record: PublicRecord) -> Filing:
    body = json.loads(record.body)
    return Filing(body["file_number"], instant(body.get("filed_at")), body.get("retention", ""))


def _posted(record: PublicRecord) -> Posted:
    body = json.loads(record.body)
    channels = tuple(
        Hanging(
            channel=each["channel"],
            name=each["name"],
            name_en=each["name_en"],
            since=datetime.fromisoformat(each["since"]),
            until=instant(each["until"]),
        )
        for each in body["channels"]
    )
    return Posted(int(body["edition"]), tuple(record.audience), channels)


def _attachment(data: Mapping[str, Any]) -> Attachment:
    extension = "".join(c for c in data.get("extension", "").lower() if c.isascii() and c.isalnum())
    return Attachment(data["title"], data["digest"], int(data["size"]), extension or "bin")


def _entry_code(entry: object) -> str:
    return str(entry["code"]) if isinstance(entry, Mapping) else str(entry)


def _by_kind(records: Iterable[PublicRecord]) -> dict[str, list[PublicRecord]]:
    kinds: dict[str, list[PublicRecord]] = {}
    for record in sorted(records, key=seq):
        kinds.setdefault(record.kind, []).append(record)
    return kinds
