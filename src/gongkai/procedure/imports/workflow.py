"""The verbs of reading in: take a file, propose a text, use it or put it aside.

Nothing is replaced before a person has seen what came of the file; what it replaces is kept with
it. The original stays in the store, named by its import, for whoever writes or reviews.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.workflow import shown_name
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.imports import queries, rules
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import ImportState, Use
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import DocumentKind


@transaction.atomic
def take(*, officer: Officer, file: StoredFile, name: str, draft: Draft | None = None) -> Import:
    """A stored file is to be read in, for ``draft`` or for something new 读入."""
    if obstacles := rules.take_obstacles(officer, draft):
        raise Refused(obstacles)
    return Import.objects.create(
        organisation=officer.organisation,
        file=file,
        name=shown_name(name)[-300:],
        member=officer.member,
        post=officer.post_names,
        target=draft.disclosure if draft else None,
        at=clock.now(),
    )


@transaction.atomic
def keep_original(*, officer: Officer, file: StoredFile, name: str, draft: Draft) -> Import:
    """Keep the file from which the text of ``draft`` came, beside it 留原件."""
    if obstacles := rules.take_obstacles(officer, draft):
        raise Refused(obstacles)
    return _used(officer, file, name, draft)


def touch(row: Import) -> None:
    """Somebody goes on with it now."""
    Import.objects.filter(pk=row.pk).update(touched_at=clock.now())


@transaction.atomic
def propose_text(*, row: Import, made: Mapping[str, Any] | None, trouble: str = "") -> bool:
    """Note what the machine made of the file, or why it made nothing 读好.

    Says whether this was news: a second worker's is not, nor that of one decided on meanwhile.
    """
    row = Import.objects.select_for_update().get(pk=row.pk)
    if row.state != ImportState.WAITING:
        return False
    row.state = ImportState.FAILED if made is None else ImportState.READY
    row.made, row.trouble = None if made is None else dict(made), trouble
    row.save(update_fields=["state", "made", "trouble"])
    return True


@transaction.atomic
def begin(
    *, row: Import, officer: Officer, entry: Entry, kind: str = DocumentKind.DOCUMENT
) -> Draft:
    """Begin a new disclosure with what was read in 用作新的一件."""
    row = _lock(row)
    if obstacles := rules.use_obstacles(row, officer, Use.NEW, None):
        raise Refused(obstacles)
    made = _made(row)
    draft = proposals.begin(
        organisation=row.organisation,
        entry=entry,
        officer=officer,
        title=made["title"] or _title(row),
        body=made["html"],
        kind=kind,
        document_number=made["document_number"],
    )
    _attach(draft, officer, _pictures(made))
    _close(row, draft.disclosure, Use.NEW)
    return draft


@transaction.atomic
def put_in(*, row: Import, officer: Officer, draft: Draft, use: Use, edits: int) -> Draft:
    """Put what was read in into ``draft``: behind its text, in its place, or as an attachment.

    ``edits`` is the count of the version that the officer saw: ``Conflict`` when somebody saved in
    between. What is replaced stays with the import.
    """
    row = _lock(row)
    if obstacles := rules.use_obstacles(row, officer, use, draft):
        raise Refused(obstacles)
    before = {"title": draft.title, "body": draft.body, "document_number": draft.document_number}
    if use == Use.ATTACH:
        _attach(draft, officer, [(row.file, row.name)])
    else:
        made = _made(row)
        proposals.edit(draft=draft, officer=officer, edits=edits, **_changes(draft, made, use))
        _attach(draft, officer, _pictures(made))
    _close(row, draft.disclosure, use, before=before if use == Use.REPLACE else None)
    return draft


@transaction.atomic
def again(*, row: Import, officer: Officer) -> None:
    """Have the machine try once more, as when something is installed by now 再读一次."""
    row = _lock(row)
    if obstacles := rules.drop_obstacles(row, officer):
        raise Refused(obstacles)
    row.state, row.made, row.trouble, row.touched_at = ImportState.WAITING, None, "", None
    row.save(update_fields=["state", "made", "trouble", "touched_at"])


@transaction.atomic
def drop(*, row: Import, officer: Officer) -> None:
    """Put the file aside: nothing is made of it 不用."""
    row = _lock(row)
    if obstacles := rules.drop_obstacles(row, officer):
        raise Refused(obstacles)
    row.state, row.closed_at, row.made = ImportState.DROPPED, clock.now(), None
    row.save(update_fields=["state", "closed_at", "made"])


@transaction.atomic
def file_old(
    *,
    officer: Officer,
    entry: Entry,
    original: StoredFile,
    name: str,
    key: str,
    dated: Any,
    text: Mapping[str, Any],
    attachments: Iterable[tuple[StoredFile, str]],
    **more: Any,
) -> Draft | None:
    """Make an old file of a cabinet a draft, once 录入旧件; none when it has come in before.

    It becomes a draft like any other: whoever submits it answers for it, it is reviewed, and it
    opens on the day on which it opens. ``text`` and ``more`` are as for ``proposals.begin``.
    """
    if Import.objects.filter(key=key).exists():
        return None
    draft = proposals.begin(
        organisation=officer.organisation, entry=entry, officer=officer, **text, **more
    )
    _attach(draft, officer, attachments)
    _used(officer, original, name, draft, key=key, dated=dated)
    return draft


def forget(disclosure: Disclosure) -> None:
    """Overwrite what the imports of ``disclosure`` say of it; part of an erasure 清除."""
    rows = Import.objects.filter(disclosure=disclosure) | Import.objects.filter(target=disclosure)
    rows.update(name=_("（已清除）"), made=None, before=None, trouble="")


def _used(officer: Officer, file: StoredFile, name: str, draft: Draft, **more: Any) -> Import:
    now = clock.now()
    return Import.objects.create(
        organisation=officer.organisation,
        file=file,
        name=shown_name(name)[-300:],
        member=officer.member,
        post=officer.post_names,
        state=ImportState.USED,
        at=now,
        closed_at=now,
        disclosure=draft.disclosure,
        use=Use.NEW,
        **more,
    )


def _lock(row: Import) -> Import:
    rows = Import.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "file").get(pk=row.pk)


def _close(
    row: Import, disclosure: Disclosure, use: Use, before: dict[str, Any] | None = None
) -> None:
    row.state, row.closed_at = ImportState.USED, clock.now()
    row.disclosure, row.use, row.before = disclosure, use, before
    row.save(update_fields=["state", "closed_at", "disclosure", "use", "before"])


def _made(row: Import) -> dict[str, Any]:
    return dict(row.made or {})


def _title(row: Import) -> str:
    return proposals.attachment_title(row.name)[:120] or _("未写标题")


def _changes(draft: Draft, made: Mapping[str, Any], use: Use) -> dict[str, Any]:
    if use == Use.APPEND:
        return {"body": f"{draft.body}\n{made['html']}"}
    return {
        "title": made["title"] or draft.title,
        "body": made["html"],
        "document_number": made["document_number"] or draft.document_number,
    }


def _pictures(made: Mapping[str, Any]) -> list[tuple[StoredFile, str]]:
    return queries.pictures(made.get("pictures", ()), made["html"])


def _attach(draft: Draft, officer: Officer, files: Iterable[tuple[StoredFile, str]]) -> None:
    present = {each.file_id for each in proposals_read.attachments(draft)}
    for file, title in files:
        if file.pk not in present:
            present.add(file.pk)
            proposals.attach(draft=draft, officer=officer, file=file, title=title)
