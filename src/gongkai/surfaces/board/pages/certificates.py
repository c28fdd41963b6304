"""The seals on PDFs 数字签章: under which certificates, how to check one, and what they are not.

Made from the public records that announced the certificates, and from nothing else. Beside the page
stand the certificates themselves, for whoever wants to make their reader of PDF trust one.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import words
from gongkai.surfaces.board.press import Press, Values

PAGE, FOLDER = "/help/seal", "/help/certificates"
REVOKED = "revoked"


@dataclass
class Shown:
    """One certificate as readers see it (签章证书): who sealed with it, from when until when."""

    organisation: str
    mark: str
    pem: str
    above: list[str]
    origin: str
    zone: str
    since: datetime
    ends: datetime
    until: datetime | None = None
    revoked: datetime | None = None
    reason: str = ""
    index: int = 0
    roots: list[Link] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """The fingerprint as people compare it."""
        groups = (self.mark[at : at + 4] for at in range(0, len(self.mark), 4))
        return " ".join(groups).upper()

    @property
    def name(self) -> Markup:
        """Whose it is."""
        return words.chinese(self.organisation)

    @property
    def file(self) -> str:
        """Where it can be had."""
        return _file(self.mark)


def page(press: Press, records: Sequence[PublicRecord]) -> None:
    """The page, and a file for each certificate; ``records`` are those that announced them."""
    found = shown(press, records)

    def build(root: str) -> Values:
        home = press.town.top.root
        return {
            "crumbs": [Link(_("首页"), f"{root}{home}/"), Link(_("使用帮助"), f"{root}/help")],
            "certificates": found,
            "check": f"{settings.OFFICE_URL}/say/paper/",
        }

    press.pages(PAGE, "seal", press.town.top, build, "help")
    for pem in dict.fromkeys(each for one in found for each in (one.pem, *one.above)):
        press.site.write(_file(fingerprint(pem)).lstrip("/"), pem)


def shown(press: Press, records: Iterable[PublicRecord]) -> list[Shown]:
    """Every certificate, those in use first, then the newest."""
    found: dict[str, Shown] = {}
    using: dict[str, Shown] = {}
    for record in records:
        said = json.loads(record.body)
        slug = record.organisation
        if said["change"] == REVOKED:
            one = found[said["fingerprint"]]
            one.revoked, one.reason = clock.unstamp(said["from"]), said["reason"]
            one.until = one.until or record.at
            continue
        if slug in using:
            using[slug].until = using[slug].until or clock.unstamp(said["from"])
        zone = press.town.house(slug).zone
        using[slug] = found[said["fingerprint"]] = _read(said, zone, record.seq or 0)
    newest = sorted(found.values(), key=lambda each: each.index, reverse=True)
    return sorted(newest, key=lambda each: each.until is not None)


def fingerprint(pem: str) -> str:
    """The SHA-256 of a certificate."""
    lines = [line for line in pem.split("\n") if line and not line.startswith("-")]
    return hashlib.sha256(base64.b64decode("".join(lines))).hexdigest()


def _read(said: Mapping[str, Any], zone: str, index: int) -> Shown:
    return Shown(
        organisation=said["name"],
        mark=said["fingerprint"],
        pem=said["certificate"],
        above=list(said["chain"]),
        origin=said["origin"],
        zone=zone,
        since=clock.unstamp(said["from"]),
        ends=clock.unstamp(said["not_after"]),
        index=index,
        roots=[Link(_short(each), _file(fingerprint(each))) for each in said["chain"]],
    )


def _short(pem: str) -> str:
    return fingerprint(pem)[:16].upper()


def _file(mark: str) -> str:
    return f"{FOLDER}/{mark[:16]}.cer"
