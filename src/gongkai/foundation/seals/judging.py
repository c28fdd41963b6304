"""Judging a PDF that somebody holds 核对签章: looked at in a process of its own, kept nowhere."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from gongkai.foundation.core.process import ended
from gongkai.foundation.seals import queries, rules
from gongkai.foundation.seals.examining import Found, State
from gongkai.foundation.seals.rules import Judgement
from gongkai.foundation.seals.states import Verdict

SECONDS = 15
"""Processor time of one look; by the clock it may take twice that."""
_CHILD = [sys.executable, "-I", "-m", "gongkai.foundation.seals.child"]


def judged(file: Path, zone: str) -> Judgement:
    """The judgement on the PDF in ``file``, for a reader in ``zone``. ``OSError`` if unreadable."""
    found = _found(file)
    if found is None:
        said = _(
            "没有核对成：这个文件太大或者太复杂，看的时候超过了限度。请确认它是本站盖章的 PDF。"
        )
        return Judgement(Verdict.FAILED, (said,))
    return of(found, zone)


def of(found: Found, zone: str) -> Judgement:
    """The judgement on what was found, by our certificates and our note of what was sealed."""
    certificates = {each.fingerprint: each for each in queries.every()}
    return rules.judge(found, certificates, queries.filed(found.digest), zone)


def _found(file: Path) -> Found | None:
    """What a child finds in ``file``; None when it did not come to its end."""
    with file.open("rb"):
        pass
    known = queries.known()
    told = {
        "source": str(file.resolve()),
        "sealing": sorted(known.sealing),
        "above": sorted(known.above),
        "parent": os.getpid(),
        "seconds": SECONDS,
    }
    with TemporaryDirectory(prefix="gongkai-seal-") as folder:
        status, answer = ended([*_CHILD, json.dumps(told)], 2 * SECONDS, Path(folder))
    if status != 0:
        return None
    said = json.loads(answer)
    return Found(**{**said, "state": State(said["state"])})
