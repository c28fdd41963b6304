"""Are the pages that readers see what the log says? A share of them at each run, the oldest first.

An item is found in the board's own lists, and then never forgotten. Of each version that is open,
the page in both languages is compared with the sealed bytes, these with their digest, and the entry
made from digest and salt with the log; of an item that is gone, tombstone, record and entry
likewise. What looks wrong is looked at once more, under a checkpoint fetched anew, since a
publication may have come between two questions. The log comes before the page: what no checkpoint
covers then is not in the log.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import Any

from gongkai.config.monitor.alarms import Alarm
from gongkai.foundation.core import canonical, entries
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import inclusion_proof, leaf_hash, verify_inclusion
from gongkai.foundation.translog.remote import Read, ReadLog, Unverifiable
from gongkai.foundation.translog.tiles import WIDTH, Tile

LISTS_AT_ONCE = 200
"""Pages of the list of all items that one run reads."""
LANGUAGES = ("", "en/")
GONE = {"withdrawn": "withdrawal", "erased": "erasure"}
"""The kind of entry without which nothing may be gone."""

_ITEM = re.compile(rb'href="(?:/en)?/i/([0-9A-HJKMNP-TV-Z]{10})["#/]')
_PAGE = re.compile(rb'href="/all/([0-9]{1,9})"')
_SEALED = re.compile(r"<!--sealed-->(.*)<!--/sealed-->", re.DOTALL)
_TITLE = re.compile(r'<h1 class="doc__title[^"]*"[^>]*>(.*?)</h1>', re.DOTALL)


def lists(read: Read, done: int) -> Iterator[tuple[list[str], int]]:
    """The items on the pages of the list after ``done``, with how many pages are then finished.

    Pages are counted from the oldest; a finished one never changes, the newest has no number.
    """
    newest = read("all") or b""
    last = max(map(int, _PAGE.findall(newest)), default=0)
    for number in range(done + 1, min(last, done + LISTS_AT_ONCE) + 1):
        yield _items(read(f"all/{number}") or b""), number
    yield _items(newest), min(last, done + LISTS_AT_ONCE)


def _items(page: bytes) -> list[str]:
    return list(dict.fromkeys(each.decode() for each in _ITEM.findall(page)))


class Look:
    """One run over items; ``read`` asks the board, ``log`` is the checkpoint to rely on."""

    def __init__(self, read: Read, log: Checkpoint) -> None:
        self._read = read
        self._log = log
        self._tiles = ReadLog(lru_cache(256)(lambda path: read(f"log/{path}")))
        self._hashes = self._tiles.hash_reader(log.size)
        self._entries = lru_cache(64)(self._bundle)

    def wrong(self, address: str) -> Alarm | None:
        """What is wrong with the item; None when it is as the log says."""
        where = f"/i/{address}"
        try:
            told = self._read(f"i/{address}.json")
            if told is None:
                return Alarm("vanished", where)
            stand = canonical.decode(told)
            if stand["state"] in GONE:
                return self._tombstone(address, GONE[stand["state"]])
            found = (self._version(address, each, stand["current"]) for each in stand["versions"])
            return next(filter(None, found), None)
        except Unverifiable as error:
            return Alarm("tiles", where, str(error))
        except (KeyError, TypeError, ValueError) as error:
            return Alarm("unreadable", where, f"{type(error).__name__}: {error}")

    def _tombstone(self, address: str, kind: str) -> Alarm | None:
        """What is wrong with what stands in the item's place: whatever the log does not know."""
        base, unlogged = f"i/{address}/gone", Alarm("unlogged", f"/i/{address}")
        record, told = self._read(f"{base}.json"), self._read(f"{base}.log.json")
        if record is None or told is None:
            return unlogged
        facts: dict[str, Any] = canonical.decode(told)
        if (facts["subject"], facts["kind"]) != (address, kind):
            return unlogged
        if facts["digest"] != canonical.digest(record):
            return unlogged
        if not self._logged(facts):
            return unlogged
        reason = _plain(canonical.decode(record).get("reason", ""))
        for path in (f"{language}i/{address}" for language in LANGUAGES):
            page = self._read(path)
            if page is None:
                return Alarm("vanished", f"/{path}")
            html = page.decode("utf-8", "replace")
            if _SEALED.search(html) or reason not in _words(html):
                return Alarm("page-changed", f"/{path}")
        return None

    def _version(self, address: str, version: int, current: int) -> Alarm | None:
        base = f"i/{address}/v{version}"
        sealed, told = self._read(f"{base}.json"), self._read(f"{base}.log.json")
        if sealed is None or told is None:
            return Alarm("vanished", f"/{base}.json")
        facts: dict[str, Any] = canonical.decode(told)
        if facts["digest"] != canonical.digest(sealed):
            return Alarm("sealed-changed", f"/{base}.json")
        if (facts["subject"], facts["version"]) != (address, version) or not self._logged(facts):
            return Alarm("not-in-log", f"/{base}")
        shown = f"i/{address}" if version == current else base
        return next(
            filter(None, (self._page(f"{each}{shown}", sealed) for each in LANGUAGES)), None
        )

    def _page(self, path: str, sealed: bytes) -> Alarm | None:
        page = self._read(path)
        if page is None:
            return Alarm("vanished", f"/{path}")
        edition, html = json.loads(sealed), page.decode("utf-8", "replace")
        body, title = _SEALED.search(html), _TITLE.search(html)
        same = body and title and body[1] == edition["body"]
        if not same or _words(title[1] if title else "") != _plain(edition["title"]):
            return Alarm("page-changed", f"/{path}")
        return None

    def _logged(self, facts: dict[str, Any]) -> bool:
        """Whether the log holds the entry that these facts make, at the place they name."""
        index, entry = facts["index"], entries.entry(facts)
        if not 0 <= index < self._log.size:
            return False
        bundle = self._entries(index // WIDTH)
        if len(bundle) <= index % WIDTH or bundle[index % WIDTH] != entry:
            return False
        try:
            proof = inclusion_proof(index, self._log.size, self._hashes)
        except (Broken, IndexError) as error:
            raise Unverifiable(str(error)) from error
        leaf = leaf_hash(entry)
        if not verify_inclusion(leaf, index, self._log.size, proof, self._log.root):
            raise Unverifiable(f"entry {index} is not under the signed root")
        return True

    def _bundle(self, number: int) -> list[bytes]:
        width = min(WIDTH, self._log.size - number * WIDTH)
        try:
            return self._tiles.bundle(Tile(None, number, width))
        except Broken as error:
            raise Unverifiable(str(error)) from error


def walk(
    look: Look, addresses: Iterable[str], passed: Callable[[str], None]
) -> list[tuple[str, Alarm]]:
    """Look at the items; ``passed`` hears of each that is well. Returns the others."""
    wrong = []
    for address in addresses:
        alarm = look.wrong(address)
        if alarm:
            wrong.append((address, alarm))
        else:
            passed(address)
    return wrong


def _words(html: str) -> str:
    return _plain(unescape(re.sub(r"<[^>]*>", "", html)))


def _plain(text: str) -> str:
    return "".join(text.split())
