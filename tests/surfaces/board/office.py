"""An office as the board sees it: records as the verbs write them, and the keeper's steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import override_settings

from gongkai.config.env import Home
from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.foundation.files import storage
from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.translog.note import Signer
from gongkai.surfaces.board import build, houses, jobs, rendering

SEALED = "2026-11-10T02:00:00Z"
MEMBERS_FIRST = (
    {
        "scope": "A3",
        "name": "本镇党员干部",
        "name_en": "Members",
        "opened_at": "2026-11-11T01:00:00Z",
    },
    {
        "scope": "A1",
        "name": "向社会公开",
        "name_en": "The public",
        "opened_at": "2026-11-16T01:00:00Z",
    },
)


def charter_text(name: str) -> str:
    """One of the charters that come with the product."""
    return files("gongkai.procedure.catalogue.charters").joinpath(f"{name}.toml").read_text("utf-8")


def address(number: int) -> str:
    """A well-formed address that a test can foretell."""
    return "K7" + "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(8)))


@dataclass
class Office:
    """Opens records as the verbs do, and lets the keeper's steps follow."""

    home: object
    lease: Lease
    editions: dict[str, int] = field(default_factory=dict)
    numbers: object = field(default_factory=count)

    def record(self, kind, subject, audience, body, *, digest="", organisation="qingxi"):
        with transaction.atomic():
            return ledger.record(
                verb=f"{kind}.open",
                actor=ledger.SYSTEM,
                organisation=organisation,
                subject=subject,
                label="",
                opens=ledger.Opening(kind, subject, audience, body, digest),
            )

    def charter(self, name="township", organisation="qingxi"):
        body = {"format": "gongkai-charter/1", "number": 1, "source": charter_text(name)}
        return self.record(
            "charter", f"charter:{organisation}", {"public"}, body, organisation=organisation
        )

    def release(
        self,
        subject,
        *,
        audience=("public",),
        stages=MEMBERS_FIRST,
        organisation="qingxi",
        number="青溪-JC-2026-12",
        note="",
        opened_at="2026-11-16T01:00:00Z",
        emergency=None,
        **changes,
    ):
        text = self.edition(subject, note=note, organisation=organisation, **changes)
        body = {
            "format": "gongkai-release/1",
            "edition": text,
            "scope": "A1",
            "order": 1,
            "stages": list(stages),
            "number": number,
            "opened_at": opened_at,
            "note": note,
            **({"emergency": emergency} if emergency else {}),
        }
        digest = canonical.digest(text.encode())
        return self.record(
            "release", subject, audience, body, digest=digest, organisation=organisation
        )

    def edition(self, subject, **changes) -> str:
        self.editions[subject] = self.editions.get(subject, 0) + 1
        data = {
            "format": "gongkai-edition/1",
            "organisation": "qingxi",
            "organisation_name": "中共青溪镇委员会",
            "address": subject,
            "number": self.editions[subject],
            "entry": {"code": "JC-05", "title": "党委会议决议、决定"},
            "category": "JC",
            "box": "JC-1",
            "kind": "document",
            "document_number": "青委发〔2026〕41号",
            "form": "",
            "title": "关于今冬明春农田水利设施维修养护工作的决定",
            "body": "<p>第一批52处，2027年9月底前完工。</p>",
            "attachments": [],
            "plan": [],
            "channels": [],
            "proposer": {"name": "组织干事", "post": "农业农村办公室"},
            "statement": {
                "text": "以上内容真实。",
                "name": "组织干事",
                "post": "农业农村办公室",
                "at": "2026-11-09T02:00:00Z",
            },
            "seal": {"number": "青委公审〔2026〕第118号", "post": "党委副书记", "at": SEALED},
            "charter": "0" * 64,
            "corrects": "",
            "note": "",
        } | changes
        return canonical.encode(data).decode()

    def attachment(self, data: bytes, title="附件1", extension="pdf") -> dict:
        digest = canonical.digest(data)
        path = storage.path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return {
            "title": title,
            "digest": digest,
            "size": len(data),
            "media_type": "",
            "extension": extension,
        }

    def answer(self, subject, item="", **changes):
        body = {
            "format": "gongkai-answer/2",
            "kind": "opinion",
            "received_at": "2026-11-17T02:00:00Z",
            "promised_on": "2026-11-24",
            "text": "第一批里有没有石桥村的三号渠？",
            "answer": "有。列在附件1第14项。",
            "outcome": "explained",
            "post": "农业农村办公室主任",
            "answered_at": "2026-11-19T02:00:00Z",
            "round": 1,
            "item": item,
            "title": "关于今冬明春农田水利设施维修养护工作的决定" if item else "",
        } | changes
        return self.record("answer", subject, {"public"}, body)

    def filing(self, subject):
        body = {
            "format": "gongkai-filing/1",
            "file_number": "Z109-WS·2026-Y-BGS-0001",
            "filed_at": "2026-12-20T02:00:00Z",
            "retention": "Y",
        }
        return self.record("filing", subject, {"public"}, body)

    def withdraw(self, subject, **changes):
        with transaction.atomic():
            ledger.close(subject=subject, kinds=["release"], at=clock.now())
        body = {
            "format": "gongkai-withdrawal/1",
            "title": "关于今冬明春农田水利设施维修养护工作的决定",
            "reason": "预算数字没有核对清楚，核对后重新公开。",
            "post": "党委副书记",
            "at": "2026-11-20T02:00:00Z",
            "number": "青溪-JC-2026-12",
            "entry": "JC-05",
            "category": "JC",
            "box": "JC-1",
        } | changes
        return self.record("withdrawal", subject, {"public"}, body)

    def erase(self, subject, **changes):
        with transaction.atomic():
            ledger.erase(subject=subject, kinds=["release", "withdrawal", "answer"], at=clock.now())
        body = {
            "format": "gongkai-erasure/1",
            "at": "2026-11-21T02:00:00Z",
            "posts": ["党委书记", "纪委书记"],
            "number": "青溪-JC-2026-12",
            "entry": "JC-05",
            "category": "JC",
            "box": "JC-1",
        } | changes
        return self.record("erasure", subject, {"public"}, body)

    def expose(self):
        """Order, write, sign and expose; no page yet."""
        log.order(self.lease)
        log.write_tiles()
        log.sign(self.lease)
        log.expose(self.lease)

    def go(self):
        """What one pass of the keeper does."""
        jobs.remove()
        self.expose()
        jobs.follow()
        build.advance()

    def page(self, path: str) -> str:
        """A page as readers see its words: without the marks where a title may break."""
        return (self.home.board / path).read_text("utf-8").replace("<wbr>", "")

    def has(self, path: str) -> bool:
        return (self.home.board / path).exists()


def says(folder, words: str) -> list[str]:
    """The pages and files that say ``words``."""
    sought = words.encode()
    return [path for path, data in pages(folder).items() if sought in data.replace(b"<wbr>", b"")]


def pages(folder) -> dict[str, bytes]:
    """Every file of a board but the log and the assets."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in ("log", "assets")
    }


def forget() -> None:
    """What this process remembers of charters and of pages goes: another board begins."""
    houses._parsed.cache_clear()
    rendering.days_shown.clear()


def filled(folder: Path, fill: Callable[[Office], object], blocker: Any) -> Home:
    """A home in ``folder`` with the board that ``fill`` publishes; of its rows none is left."""
    home = Home(folder)
    home.lay_out()
    home.log.mkdir()
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    forget()
    where = override_settings(HOME=home, STATIC_ROOT=home.assets, MEDIA_ROOT=home.path / "incoming")
    with where, blocker.unblock(), transaction.atomic():
        fill(Office(home, Lease()))
        transaction.set_rollback(True)
    return home
