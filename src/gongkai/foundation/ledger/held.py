"""A home that came out of a backup signs nothing until it is known what was published since.

The mark stands in the home from the first moment of a restore, so that not even a restore cut off
by ``kill -9`` can fork the log. Needs no Django: the supervisor asks as well.
"""

import json
from pathlib import Path
from typing import Any

from gongkai.foundation.core.durable import sync
from gongkai.foundation.core.errors import Broken

MARK = "restored.json"
WORK = ".restore"
"""Where a restore is prepared; while it stands, the restore is not finished."""


class Held(Broken):
    """The home was restored, and nobody has confirmed that nothing newer was published."""

    def __init__(self) -> None:
        super().__init__(
            "从备份恢复后还没有确认，所以不签日志；请运行 gongkai restore confirm"
            " / restored from a backup and not confirmed; run gongkai restore confirm"
        )


def told(home: Path) -> dict[str, Any] | None:
    """What the restore knew; None when nothing waits to be confirmed. ``Held`` while unfinished."""
    try:
        found: dict[str, Any] = json.loads((home / MARK).read_text("utf-8"))
    except ValueError as error:
        raise Held from error
    except (FileNotFoundError, NotADirectoryError):
        if (home / WORK).exists():
            raise Held from None
        return None
    return found


def refuse(home: Path) -> None:
    """``Held`` until the restore is finished and confirmed."""
    if told(home) is not None:
        raise Held


def write(folder: Path, facts: dict[str, Any]) -> None:
    """Write the mark into ``folder``, whole or not at all."""
    partial = folder / f".{MARK}"
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    sync([partial])
    partial.rename(folder / MARK)
    sync([folder])


def lift(home: Path) -> None:
    """The log may be signed again."""
    (home / MARK).unlink(missing_ok=True)
    sync([home])
