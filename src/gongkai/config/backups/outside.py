"""What others remember of the log: the public address, checkpoints that somebody kept elsewhere.

A restored home cannot know by itself whether it is old. Whoever saw a longer log than it holds
proves that something was published after the backup; going on would then fork the log.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.tiles import WIDTH, bundle_path, unpack_bundle

TIMEOUT = 10.0
LARGEST = 20_000_000
NAMED = 20
"""Missing entries that are told one by one."""


@dataclass(frozen=True)
class Seen:
    """One place that was asked: the checkpoint it gave, or why it gave none."""

    where: str
    checkpoint: Checkpoint | None = None
    trouble: str = ""

    @property
    def live(self) -> bool:
        """Whether it told what the public sees now; a file only tells what was once seen."""
        return self.checkpoint is not None and is_address(self.where)


def is_address(where: str) -> bool:
    """Whether ``where`` is on the web, not a file."""
    return urlsplit(where).scheme in {"http", "https"}


def public(board_url: str) -> str:
    """Where a board shows its checkpoint."""
    return f"{board_url.rstrip('/')}/log/checkpoint"


def ask(places: Iterable[str], *verifiers: Verifier) -> list[Seen]:
    """What each of ``places`` says: addresses, files, or folders of files."""
    return [_ask(where, verifiers) for place in places for where in _spread(place)]


def newest(seen: Iterable[Seen]) -> Seen | None:
    """Who saw the longest log."""
    known = [each for each in seen if each.checkpoint]
    return max(known, key=lambda each: each.checkpoint.size if each.checkpoint else 0, default=None)


def missing(seen: Seen, size: int) -> list[str]:
    """The entries after the first ``size`` that ``seen`` knows: number, kind and time each.

    Kind and time only where the entries themselves can be fetched beside the checkpoint.
    """
    assert seen.checkpoint
    last = min(seen.checkpoint.size, size + NAMED)
    details = _entries(seen, range(size, last)) if is_address(seen.where) else {}
    return [" ".join([str(index), *details.get(index, ())]) for index in range(size, last)]


def _spread(place: str) -> Sequence[str]:
    folder = Path(place)
    if is_address(place) or not folder.is_dir():
        return [place]
    return [str(file) for file in sorted(folder.iterdir()) if file.is_file()]


def _ask(where: str, verifiers: Sequence[Verifier]) -> Seen:
    try:
        data = _fetch(where) if is_address(where) else Path(where).read_bytes()
        return Seen(where, open_checkpoint(data.decode(), *verifiers))
    except (OSError, HTTPException) as error:
        return Seen(where, trouble=str(getattr(error, "reason", error)))
    except ValueError:  # no text, no note, another log's, or not signed by our key
        return Seen(where, trouble="没有本站签名的检查点 / no checkpoint signed by our key")


def _entries(seen: Seen, places: range) -> dict[int, tuple[str, str]]:
    """Kind and time by index, as far as they can be fetched. What does not answer stays unknown."""
    assert seen.checkpoint
    found: dict[int, tuple[str, str]] = {}
    base = seen.where.rpartition("/")[0]
    for number in range(places.start // WIDTH, -(-places.stop // WIDTH)):
        width = min(WIDTH, seen.checkpoint.size - number * WIDTH)
        try:
            entries = unpack_bundle(_fetch(f"{base}/{bundle_path(number, width)}"))
            found |= dict(_told(number * WIDTH, entries))
        except (OSError, HTTPException, ValueError, KeyError, TypeError):
            continue
    return found


def _told(first: int, entries: Iterable[bytes]) -> Iterator[tuple[int, tuple[str, str]]]:
    for index, entry in enumerate(entries, first):
        said: dict[str, Any] = json.loads(entry)
        yield index, (str(said["kind"]), str(said["time"]))


def _fetch(address: str) -> bytes:
    asked = Request(address, headers={"User-Agent": "gongkai-restore", "Cache-Control": "no-cache"})
    with urlopen(asked, timeout=TIMEOUT) as answer:
        data: bytes = answer.read(LARGEST)
    return data
