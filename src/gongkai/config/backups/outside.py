"""What others remember of the log: the public address, witnesses, checkpoints kept elsewhere.

A restored home cannot know by itself whether it is old. Whoever saw a longer log than it holds
proves that something was published after the backup; going on would then fork the log.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongkai.foundation.core import fetching
from gongkai.foundation.core.fetching import is_address
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.cosignature import Witness, cosignatures
from gongkai.foundation.translog.cosigned import log_address, witness_place
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.tiles import WIDTH, bundle_path, unpack_bundle

TIMEOUT = 10.0
LARGEST = 20_000_000
NOT_OURS = "没有本站签名的检查点 / no checkpoint signed by our key"
NAMED = 20
"""Missing entries that are told one by one."""


@dataclass(frozen=True)
class Seen:
    """One place that was asked: the checkpoint it gave, or why it gave none.

    ``old``: a witness that last looked before the backup was made.
    """

    where: str
    checkpoint: Checkpoint | None = None
    trouble: str = ""
    old: bool = False

    @property
    def live(self) -> bool:
        """Whether it told what the public saw after the backup; a file tells what was once seen."""
        return self.checkpoint is not None and is_address(self.where) and not self.old


def public(board_url: str) -> str:
    """Where a board shows its checkpoint."""
    return f"{board_url.rstrip('/')}/log/checkpoint"


def ask(places: Iterable[str], *verifiers: Verifier) -> list[Seen]:
    """What each of ``places`` says: addresses, files, or folders of files."""
    return [_ask(where, verifiers) for place in places for where in _spread(place)]


def ask_witnesses(
    witnesses: Iterable[tuple[str, str]], since: datetime, *verifiers: Verifier
) -> list[Seen]:
    """What each of the log's witnesses, by address and key, last signed of it.

    A witness that looked after ``since``, when the backup was made, tells what the public saw by
    then; one that looked before can only tell that the backup is old.
    """
    return [_ask_witness(url, vkey, since, verifiers) for url, vkey in witnesses]


def _ask_witness(url: str, vkey: str, since: datetime, verifiers: Sequence[Verifier]) -> Seen:
    where = f"{log_address(url)}/{witness_place(verifiers[0].name)}"
    try:
        note = _fetch(where).decode()
        checkpoint = open_checkpoint(note, *verifiers)
        moments = [each.at for each in cosignatures(note, [Witness.parse(vkey)])]
    except OSError as error:
        return Seen(where, trouble=str(error))
    except ValueError:
        return Seen(where, trouble=NOT_OURS)
    return Seen(where, checkpoint, old=max(moments, default=0) < since.timestamp())


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
    except OSError as error:
        return Seen(where, trouble=str(error))
    except ValueError:  # no text, no note, another log's, or not signed by our key
        return Seen(where, trouble=NOT_OURS)


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
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def _told(first: int, entries: Iterable[bytes]) -> Iterator[tuple[int, tuple[str, str]]]:
    for index, entry in enumerate(entries, first):
        said: dict[str, Any] = json.loads(entry)
        yield index, (str(said["kind"]), str(said["time"]))


def _fetch(address: str) -> bytes:
    data = fetching.get(address, most=LARGEST, seconds=TIMEOUT)
    if data is None:
        raise fetching.Unreachable("HTTP 404")
    return data
