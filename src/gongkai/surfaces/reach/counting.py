"""Counting in the web process 计数: in memory, written down once a minute. Knows no Django.

An answer waits for nothing but one addition. What was counted is written to a small file, whole or
not at all, which the tick takes up; so several processes add up, none waits for the database, and a
crash loses a minute at most.
"""

import atexit
import json
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gongkai.surfaces.reach import calls, marks

MINUTE = 60.0
KEYS = 20_000
"""Different pages and marks within a minute; more are not counted, whoever makes them up."""
FILES = 2_000
"""Files that wait for the tick; beyond them what is counted stays in memory."""

Key = tuple[str, str]
"""An item's address, and the mark of the sheet that led there."""


class Counter:
    """Counts calls of items' pages by address and mark (计数器), and writes them to ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._counts: dict[Key, int] = {}
        self._since = datetime.now(UTC)
        self._lock = threading.Lock()

    def start(self) -> "Counter":
        """Write down once a minute from now on, and when the process ends."""
        threading.Thread(target=self._keep_writing, name="reach", daemon=True).start()
        atexit.register(self.write)
        return self

    def note(self, environ: Mapping[str, Any], status: int) -> None:
        """Count an answer of the board, if it was the page of an item for somebody to look at."""
        if status not in calls.ANSWERED or environ["REQUEST_METHOD"] != "GET":
            return
        address = calls.item(environ["PATH_INFO"])
        if not address or not _looked_at(environ):
            return
        key = (address, marks.read(environ.get("QUERY_STRING", "")))
        with self._lock:
            if key in self._counts or len(self._counts) < KEYS:
                self._counts[key] = self._counts.get(key, 0) + 1

    def write(self) -> bool:
        """Write down what was counted since the last time; says whether there was anything."""
        if not self._counts or self._waiting() >= FILES:
            return False
        with self._lock:
            counts, since = self._counts, self._since
            self._counts, self._since = {}, datetime.now(UTC)
        told = {
            "at": since.isoformat(timespec="seconds"),
            "calls": [[address, mark, count] for (address, mark), count in counts.items()],
        }
        try:
            self._place(json.dumps(told, separators=(",", ":")))
        except OSError:  # a full disk must not cost what was counted, nor the thread
            self._put_back(counts, since)
            return False
        return True

    def _keep_writing(self) -> None:
        pause = threading.Event()
        while not pause.wait(MINUTE):
            self.write()

    def _waiting(self) -> int:
        try:
            return len(os.listdir(self.folder))
        except OSError:
            return 0

    def _place(self, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        partial = self.folder / f".{name}"
        partial.write_text(text, "utf-8")
        partial.rename(self.folder / f"{name}.json")

    def _put_back(self, counts: Mapping[Key, int], since: datetime) -> None:
        with self._lock:
            self._since = since
            for key, count in counts.items():
                self._counts[key] = self._counts.get(key, 0) + count


def _looked_at(environ: Mapping[str, Any]) -> bool:
    purpose = (
        environ.get("HTTP_SEC_PURPOSE")
        or environ.get("HTTP_PURPOSE")
        or environ.get("HTTP_X_MOZ")
        or ""
    )
    agent, dest = environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_SEC_FETCH_DEST", "")
    return calls.looked_at(agent, purpose, dest)
