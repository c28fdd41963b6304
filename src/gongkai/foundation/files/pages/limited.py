"""Running what may not come back: a child process with a clock, and no surroundings to look at."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongkai.foundation.core.process import ended
from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, LOCKED

SECONDS = 40
"""Processor time of one job; by the clock it may take twice that."""
_CHILD = [sys.executable, "-I", "-m", "gongkai.foundation.files.pages.child"]
_OFFICE = ("soffice", "libreoffice")


class Failed(Exception):
    """The job did not come to its end: killed, out of time or memory, or it made no sense."""


class Unshowable(Exception):
    """The file itself stands against it; ``status`` is one of the child's exit statuses."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def run(job: str, source: Path, folder: Path, **more: int | str | list[int]) -> dict[str, Any]:
    """The child's answer to ``job``. ``Unshowable`` or ``Failed``."""
    told = {"job": job, "source": str(source), "folder": str(folder), **more}
    status, answer = _finished(told, SECONDS, folder)
    if status in (LOCKED, BROKEN, LARGE):
        raise Unshowable(status)
    try:
        found = json.loads(answer) if status == 0 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Failed(f"{job} ended with {status}")
    return found


def office() -> str:
    """LibreOffice on this machine, or nothing."""
    return next((found for name in _OFFICE if (found := shutil.which(name))), "")


def converted(source: Path, extension: str, folder: Path) -> Path:
    """``source`` as a PDF, by LibreOffice. ``Failed`` when it does not manage within its time."""
    named = folder / f"source.{extension}"
    named.unlink(missing_ok=True)
    named.symlink_to(source.resolve())
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = [office(), "--headless", "--norestore", profile]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(named)]
    told = {"job": "office", "command": command}
    status, _answer = _finished(told, 3 * SECONDS, folder)
    found = folder / "source.pdf"
    if status != 0 or not found.exists():
        raise Failed(f"conversion ended with {status}")
    return found


def _finished(told: Mapping[str, Any], seconds: int, folder: Path) -> tuple[int, bytes]:
    """Exit status and answer of a child that does what it is told."""
    said = json.dumps({**told, "parent": os.getpid(), "seconds": seconds})
    return ended([*_CHILD, said], 2 * seconds, folder)
