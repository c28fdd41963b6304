"""Reads about files that were read in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages.store import PAGES, PICTURE, Rendition
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import ImportState
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.proposals.pictures import picture_name, title_of
from gongkai.procedure.proposals.sanitise import pictures as placed_pictures

PREVIEWS = 12


@dataclass(frozen=True)
class Progress:
    """How far the machine is (进度): pages drawn or read, of so many; 0 of 0 before it knows."""

    done: int
    pages: int
    reads: bool = False


def rows() -> QuerySet[Import]:
    """Imports with what every page shows of them, without the text found in the file."""
    found = Import.objects.select_related("organisation", "file", "target", "disclosure", "member")
    return found.defer("file__text")


def in_hand(organisation: Organisation) -> QuerySet[Import]:
    """What somebody of the organisation has still to decide on, in the order of arrival."""
    return rows().filter(organisation=organisation, closed_at=None).order_by("id")


def originals(disclosure: Disclosure) -> list[Import]:
    """The files that were read into this disclosure, in that order."""
    found = rows().filter(disclosure=disclosure, state=ImportState.USED)
    return list(found.order_by("closed_at", "id"))


def left_alone(since: datetime) -> QuerySet[Import]:
    """Imports that wait and with which nobody went on since ``since``."""
    alone = Q(touched_at=None, at__lt=since) | Q(touched_at__lt=since)
    return Import.objects.filter(alone, state=ImportState.WAITING, file__erased_at=None)


def keys_taken(keys: Sequence[str]) -> set[str]:
    """Those of the cabinet's rows that have come in already."""
    found: set[str] = set()
    for start in range(0, len(keys), 400):
        rows = Import.objects.filter(key__in=keys[start : start + 400])
        found.update(str(key) for key in rows.values_list("key", flat=True))
    return found


def progress(file: StoredFile) -> Progress:
    """How far the pages of a file are drawn, or read where they are scans."""
    made = Rendition(file.digest)
    if head := made.head():
        wanted = scans(made)
        read = sum(1 for number in wanted if made.words(number) is not None)
        return (
            Progress(read, len(wanted), reads=True) if wanted else Progress(head.pages, head.pages)
        )
    plan = made.plan()
    return Progress(made.made(), int(plan["pages"])) if plan else Progress(0, 0)


def scans(made: Rendition) -> list[int]:
    """The pages that are pictures without a word."""
    head = made.head()
    if head is None or head.trouble or head.kind not in (PAGES, PICTURE) or not head.wordless:
        return []
    return [n for n in range(1, head.pages + 1) if made.sheet(n).wordless]


def previews(file: StoredFile, most: int = PREVIEWS) -> list[tuple[int, str]]:
    """The first pages of a file as small pictures: number and digest; none while they are made."""
    made = Rendition(file.digest)
    head = made.head()
    if head is None or head.kind not in (PAGES, PICTURE):
        return []
    sheets = ((n, made.sheet(n)) for n in range(1, min(head.pages, most) + 1))
    return [(n, sheet.pictures[0].digest) for n, sheet in sheets if sheet.pictures]


def pictures(digests: Sequence[str], html: str) -> list[tuple[StoredFile, str]]:
    """The pictures of a proposed text ``html`` as files with their titles, each once."""
    found = StoredFile.objects.in_bulk(list(digests), field_name="digest")
    said = {name: alt for _address, name, alt in placed_pictures(html)}
    once = [found[digest] for digest in dict.fromkeys(digests) if digest in found]
    return [(file, title_of(said.get(picture_name(file), ""), n)) for n, file in enumerate(once, 1)]


def doubts(row: Import, body: str) -> list[dict[str, Any]]:
    """The doubtful lines of an import that still stand in ``body``, as nobody corrected them."""
    found: list[dict[str, Any]] = (row.made or {}).get("doubts", [])
    return [each for each in found if each["words"] in body]
