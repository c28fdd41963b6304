"""Reads about disclosures and their drafts."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import normalised
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.proposals.models import (
    Disclosure,
    Draft,
    DraftFile,
    Redaction,
    Revision,
    Submission,
    TextMask,
)
from gongkai.procedure.proposals.states import DraftState, RedactionState, RevisionKind

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def entry_of(organisation: Organisation, code: str) -> Entry:
    """The entry called ``code`` as people type it. ``Refused`` with the nearest ones otherwise."""
    typed = code.translate(_FULL_WIDTH).strip().upper()
    entries = Entry.objects.filter(organisation=organisation, retired=False).order_by("code")
    known = {entry.code.upper(): entry for entry in entries}
    if typed in known:
        return known[typed]
    near = get_close_matches(typed, known, n=3, cutoff=0.5)
    near += [key for key, entry in known.items() if code.strip() and code.strip() in entry.title]
    raise Refused([_unknown(code, [known[key] for key in dict.fromkeys(near)][:3])])


def disclosure(address: str) -> Disclosure:
    """The disclosure at ``address`` as people type it. ``Refused`` when there is none."""
    rows = Disclosure.objects.select_related("organisation", "entry")
    found = rows.filter(address=normalised(address)).first()
    if found is None:
        raise Refused([_("没有“%s”这一件。请核对地址里的10个字符。") % address[:40]])
    return found


def own(organisation: Organisation, path: str) -> Exists:
    """That the disclosure at ``path`` is one of the organisation's, asked row by row: for lists
    that begin with the few rows that wait.
    """
    return Exists(Disclosure.objects.filter(pk=OuterRef(path), organisation=organisation))


def draft_in_hand(disclosure: Disclosure) -> Draft | None:
    """The draft that somebody is writing or reviewing now; a disclosure has one at most."""
    over = (DraftState.SEALED, DraftState.DROPPED)
    rows = Draft.objects.filter(disclosure=disclosure).exclude(state__in=over)
    return rows.select_related("disclosure__organisation", "disclosure__entry", "proposer").first()


def drafts(organisation: Organisation, states: Iterable[DraftState]) -> QuerySet[Draft]:
    """The organisation's drafts in these states, the one changed last first."""
    rows = Draft.objects.filter(disclosure__organisation=organisation, state__in=list(states))
    return rows.select_related("disclosure__entry", "proposer").order_by("-changed_at", "-pk")


def attachments(draft: Draft) -> list[DraftFile]:
    """The attachments of ``draft`` in their order, without the text found in them."""
    rows = DraftFile.objects.filter(draft=draft).select_related("file").order_by("order")
    return list(rows.defer("file__text"))


def redactions(draft: Draft) -> dict[int, Redaction]:
    """What is covered, or is to be, by the attachment's key."""
    rows = Redaction.objects.filter(attachment__draft=draft).select_related("original")
    return {each.attachment_id: each for each in rows.defer("original__text")}


def register(disclosure: Disclosure) -> tuple[list[TextMask], list[Redaction]]:
    """The register of what was covered in all its drafts 遮盖登记, in the texts and in attachments,
    in the order of the acts: 2 queries.
    """
    masks = TextMask.objects.filter(draft__disclosure=disclosure).select_related("draft")
    rows = Redaction.objects.filter(attachment__draft__disclosure=disclosure)
    rows = rows.select_related("attachment__draft").order_by("touched_at", "pk")
    return list(masks.order_by("pk")), list(rows)


def redaction_at_work(key: int) -> Redaction | None:
    """The redaction whose copy is being made; None when that is done or given up."""
    return redactions_at_work().filter(pk=key).first()


def redactions_at_work() -> QuerySet[Redaction]:
    """Every redaction whose copy is being made, the one left longest first."""
    rows = Redaction.objects.filter(state=RedactionState.WORKING)
    rows = rows.select_related("original", "attachment").defer("original__text")
    return rows.order_by("touched_at", "pk")


def submissions(draft: Draft) -> list[Submission]:
    """What ``draft`` said each time it was submitted, oldest first."""
    return list(Submission.objects.filter(draft=draft).order_by("round"))


def revisions(draft: Draft) -> list[Revision]:
    """What is kept of how ``draft`` came about, newest first, without the texts."""
    rows = Revision.objects.filter(draft=draft).order_by("-at", "-pk")
    return list(rows.defer("body", "particulars"))


def last_revision(draft: Draft) -> Revision | None:
    """The revision that the last save left."""
    rows = Revision.objects.filter(draft=draft).exclude(kind=RevisionKind.ASIDE)
    return rows.defer("body", "particulars").order_by("-edits").first()


def body_at(draft: Draft, edits: int) -> str | None:
    """What the text was after that save; None when it is kept no more."""
    rows = Revision.objects.filter(draft=draft, edits=edits).exclude(kind=RevisionKind.ASIDE)
    return rows.values_list("body", flat=True).first()


def says(draft: Draft, kept: Mapping[str, Any]) -> bool:
    """Whether ``draft`` says already what would be kept."""
    return all(getattr(draft, name) == value for name, value in kept.items())


def attachment_data(files: Iterable[DraftFile]) -> list[dict[str, Any]]:
    """Attachments as they stand in a submission and in an edition."""
    return [
        {
            "title": each.title,
            "digest": each.file.digest,
            "size": each.file.size,
            "media_type": each.file.media_type,
            "extension": each.file.extension,
        }
        for each in files
    ]


def _unknown(code: str, near: list[Entry]) -> str:
    if not near:
        return _("目录里没有“%s”这个事项。请按公开目录填写编号。") % code[:40]
    named = _("、").join(str(entry) for entry in near)
    return _("目录里没有“%(code)s”这个事项。最接近的是：%(near)s。") % {
        "code": code[:40],
        "near": named,
    }
