"""What a 件 keeps of voices 反馈记录: their words and answers, and the files that came with them.

A 件 is kept for years or for ever, and contact data has an end. So numbers of persons are masked in
words and in the names of files, and a file goes in only where nothing in it tells how to reach its
sender: one whose text could be read and holds no such number, or a picture. What is left out is
named by its digest, with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from gongkai.foundation.core import clock
from gongkai.procedure.archive.folders import safe
from gongkai.procedure.feedback import masking
from gongkai.procedure.feedback.models import Answer, Case, CaseFile, Topic, Turn
from gongkai.procedure.feedback.states import ELSEWHERE, CaseKind
from gongkai.procedure.proposals.models import Disclosure

WRITTEN = (CaseKind.LETTER, CaseKind.VISIT, CaseKind.BOOK)
"""Of these the file is a picture of the paper, on which its writer stands with name and number."""
PERSONAL, PAPER, UNREAD = "personal", "paper", "unread"
"""Why a file is left out."""


@dataclass
class Kept:
    """Voices as a folder keeps them: what is told, and the files to copy by path."""

    told: dict[str, Any]
    copies: dict[str, str] = field(default_factory=dict)


def of_disclosure(disclosure: Disclosure) -> Kept:
    """Every voice about the item, and the topic that it was begun from, with their answers."""
    begun = Topic.objects.filter(became=disclosure)
    cases = Case.objects.filter(Q(disclosure=disclosure) | Q(pk__in=begun.values("case")))
    found = [of_case(case) for case in cases.select_related("head").order_by("pk")]
    told = {"format": "gongkai-feedback/1", "cases": [each.told for each in found]}
    return Kept(told, {path: digest for each in found for path, digest in each.copies.items()})


def of_case(case: Case) -> Kept:
    """A voice as it is kept for ever."""
    told: dict[str, Any] = {
        "number": case.number,
        "kind": case.kind,
        "received_at": _stamp(case.received_at),
        "promised_on": case.promised.isoformat() if case.promised else "",
        "text": masking.masked(case.text),
        "shown": case.show,
        "reopened": case.reopened,
        **({"state": case.state} if case.state in ELSEWHERE else {}),
        **({"answered_with": case.head.number} if case.head else {}),
        **({"asked_again": again} if (again := _turns(case)) else {}),
        "answers": [_answer(each) for each in Answer.objects.filter(case=case).order_by("pk")],
    }
    kept = Kept(told)
    rows = CaseFile.objects.filter(case=case, file__erased_at=None).select_related("file")
    if files := [_file(kept, row, n) for n, row in enumerate(rows.order_by("pk"), 1)]:
        told["files"] = files
    return kept


def _file(kept: Kept, row: CaseFile, number: int) -> dict[str, str]:
    """What is told of a file, which is copied unless something speaks against it."""
    told = {"name": masking.masked(row.name), "digest": row.file.digest}
    if reason := _left_out(row):
        return {**told, "left_out": reason}
    name = safe(f"{number:02d}-{told['name']}").removesuffix(f".{row.file.extension}")
    path = f"feedback/{safe(row.case.number)}/{name}.{row.file.extension}"
    kept.copies[path] = row.file.digest
    return {**told, "path": path}


def _left_out(row: CaseFile) -> str:
    """Why the file is not kept with the 件; empty when it is."""
    if row.case.kind in WRITTEN:
        return PAPER
    if row.file.media_type.startswith("image/"):
        return ""
    if not row.file.readable:
        return UNREAD
    return PERSONAL if masking.masked(row.file.text) != row.file.text else ""


def _answer(answer: Answer) -> dict[str, str]:
    return {
        "text": answer.text,
        "outcome": answer.outcome,
        **({"passed_to": answer.passed_to} if answer.passed_to else {}),
        "post": answer.post,
        "at": _stamp(answer.at),
        "approved_by": answer.approved_post,
        "exemption": answer.exemption,
        "settled_at": _stamp(answer.settled_at),
        "returned_reason": answer.returned_reason,
    }


def _turns(case: Case) -> list[str]:
    turns: Iterable[Turn] = Turn.objects.filter(case=case).order_by("pk")
    return [masking.masked(turn.text) for turn in turns]


def _stamp(at: Any) -> str:
    return clock.stamp(at) if at else ""
