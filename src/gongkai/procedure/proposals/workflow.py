"""The verbs of the first step 提出内容: begin, edit, restore, attach, submit, drop, revise.

Every save leaves a revision; those that the editor makes by itself are one a sitting.
Text is cleaned before a transaction begins; inside it nothing is done but reading and writing rows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.proposals import holding, queries, revisions, rules
from gongkai.procedure.proposals.kept import Fields, kept, line, plan_of
from gongkai.procedure.proposals.models import (
    Disclosure,
    Draft,
    DraftFile,
    Revision,
    Submission,
    TextMask,
)
from gongkai.procedure.proposals.rules import Content, Masked
from gongkai.procedure.proposals.sanitise import clean, housed
from gongkai.procedure.proposals.states import DraftState, RevisionKind


def begin(
    *,
    organisation: Organisation,
    entry: Entry,
    officer: Officer,
    title: str,
    body: str,
    kind: str,
    document_number: str = "",
    form: str = "",
    plan: Sequence[Mapping[str, Any]] = (),
    channels: Sequence[str] = (),
    duty: Duty | None = None,
    extra: bool = False,
) -> Draft:
    """Begin a disclosure under ``entry`` with its first draft 提出, for ``duty`` if one is due.

    Without a ``duty`` it meets whatever has been due longest when it opens; ``extra``: nothing.

    An empty ``form``, ``plan`` or ``channels`` takes the charter's: its first form, the entry's
    scopes in their order, the entry's channels or the charter's usual ones. ``Refused`` with every
    obstacle.
    """
    _version, charter = charter_of(organisation)
    if obstacles := rules.entry_obstacles(organisation, entry):
        raise Refused(obstacles)
    rule = charter.entry(entry.code)
    steps = plan_of(plan) or rules.default_plan(charter, rule)
    content = Content(
        title=line(title),
        body=clean(body),
        kind=kind,
        document_number=line(document_number),
        form=form or charter.forms[0].key,
        plan=steps,
        channels=list(channels) or rules.default_channels(charter, rule, steps),
    )
    with transaction.atomic():
        entry = Entry.objects.get(pk=entry.pk)
        obstacles = rules.begin_obstacles(organisation, entry, officer, charter, content)
        obstacles += rules.time_obstacles(steps, charter, clock.now()) if not obstacles else []
        obstacles += rules.duty_obstacles(entry, duty) if duty else []
        if obstacles:
            raise Refused(obstacles)
        address = new_address()
        content = replace(content, body=housed(content.body, address))
        disclosure = Disclosure.objects.create(
            organisation=organisation,
            entry=entry,
            duty=duty,
            extra=extra and duty is None,
            address=address,
            title=content.title,
            made_at=clock.now(),
        )
        draft = _new_draft(disclosure, 1, officer, content)
        begun = {"entry": entry.code, **({"duty": duty.key} if duty else {})}
        holding.record("draft.begin", draft, officer, begun)
    return draft


def edit(*, draft: Draft, officer: Officer, edits: int, **fields: Unpack[Fields]) -> Draft:
    """Change what ``fields`` name 修改; ``edits`` is the count of the version the officer saw.

    Raises ``Conflict`` when somebody saved in between, ``Refused`` with every obstacle; then the
    draft is what it was.
    """
    changes = kept(fields)
    with transaction.atomic():
        draft, last = _changed(draft, officer, edits, fields.get("entry"), changes)
        revisions.write_down(draft, officer, RevisionKind.SAVED, last)
        changed = sorted([*changes, *(["entry"] if "entry" in fields else [])])
        holding.record("draft.edit", draft, officer, {"edits": draft.edits, "changed": changed})
    return draft


def autosave(*, draft: Draft, officer: Officer, edits: int, **fields: Unpack[Fields]) -> Draft:
    """As ``edit``, but asked for by the editor and not by the officer 自动保存.

    The saves of one sitting are one revision and one act. What changes nothing is not a save.
    """
    changes = kept(fields)
    with transaction.atomic():
        draft = holding.lock(draft)
        if draft.edits == edits and queries.says(draft, changes):
            return draft
        draft, last = _changed(draft, officer, edits, fields.get("entry"), changes)
        if revisions.write_down(draft, officer, RevisionKind.AUTOMATIC, last):
            told = {"edits": draft.edits, "changed": sorted(changes), "automatic": True}
            holding.record("draft.edit", draft, officer, told)
    return draft


def mask(
    *,
    draft: Draft,
    officer: Officer,
    edits: int,
    titles: Mapping[int, str],
    masks: Sequence[Masked],
    **fields: Unpack[Fields],
) -> Draft:
    """Put personal data under its mask, in one act 按统一方式遮盖; each mask goes on the register.

    ``fields`` are the words as they become, ``titles`` the attachments' new names by their keys:
    ``review.masking`` makes them. What stood there stays a revision until the seal. ``edits`` and
    errors as for ``edit``.
    """
    changes = kept(fields)
    with transaction.atomic():
        if obstacles := rules.mask_text_obstacles(masks):
            raise Refused(obstacles)
        draft, last = _changed(draft, officer, edits, None, changes)
        revisions.write_down(draft, officer, RevisionKind.MASKED, last)
        for attached in DraftFile.objects.filter(draft=draft, pk__in=titles):
            attached.title = titles[attached.pk]
            attached.save(update_fields=["title"])
        TextMask.objects.bulk_create(
            TextMask(
                draft=draft,
                edits=draft.edits,
                **asdict(each),
                post=officer.post_names,
                at=draft.changed_at,
            )
            for each in masks
        )
        places = dict.fromkeys(sorted({each.kind for each in masks}), 0)
        for each in masks:
            places[each.kind] += len(each.places)
        reasons = sorted({each.reason for each in masks})
        told = {"edits": draft.edits, "masked": places, "reasons": reasons}
        holding.record("draft.mask", draft, officer, told)
    return draft


@transaction.atomic
def restore(*, draft: Draft, officer: Officer, edits: int, revision: Revision) -> Draft:
    """Make the draft say again what ``revision`` says 恢复旧稿; what it says now stays a revision.

    Title, text, document number and note come back; plan, channels and attachments stay, since
    times pass and charters change. ``edits`` and errors as for ``edit``.
    """
    found = Revision.objects.filter(draft=draft, pk=revision.pk).first()
    if found is None:
        raise Conflict(_("这一稿已经不在了。请看最新的修改记录。"))
    changes: dict[str, Any] = {"title": found.title, "body": found.body}
    changes |= {name: found.particulars.get(name, "") for name in ("document_number", "note")}
    draft, last = _changed(draft, officer, edits, None, changes)
    revisions.write_down(draft, officer, RevisionKind.RESTORED, last)
    told = {"edits": draft.edits, "changed": sorted(changes), "restored": found.edits}
    holding.record("draft.edit", draft, officer, told)
    return draft


def set_aside(*, draft: Draft, officer: Officer, **fields: Unpack[Fields]) -> Revision:
    """Keep words that met another person's save, without changing the draft 另存.

    The same person's words that met the same save are kept once, as they were last. ``Refused``
    for who may not write in the draft.
    """
    changes = kept(fields)
    with transaction.atomic():
        draft = holding.lock(draft)
        if obstacles := rules.edit_obstacles(draft, officer):
            raise Refused(obstacles)
        said = revisions.particulars(draft) | {
            name: value for name, value in changes.items() if name not in ("title", "body")
        }
        aside, _new = Revision.objects.update_or_create(
            draft=draft,
            edits=draft.edits,
            kind=RevisionKind.ASIDE,
            author=officer.member.key,
            defaults={
                "title": changes.get("title", draft.title)[:300],
                "body": changes.get("body", draft.body),
                "particulars": said,
                "post": officer.post_names,
                "began_at": clock.now(),
                "at": clock.now(),
            },
        )
        revisions.thin(draft)
    return aside


@transaction.atomic
def attach(*, draft: Draft, officer: Officer, file: StoredFile, title: str) -> DraftFile:
    """Add ``file`` at the end of the attachments under ``title`` 加附件."""
    draft = holding.lock(draft)
    file = StoredFile.objects.defer("text").get(pk=file.pk)
    title, present = attachment_title(title), queries.attachments(draft)
    if obstacles := rules.attach_obstacles(draft, officer, file, title, present):
        raise Refused(obstacles)
    last = DraftFile.objects.filter(draft=draft).aggregate(last=Max("order"))["last"] or 0
    attached = DraftFile.objects.create(draft=draft, file=file, title=title, order=last + 1)
    holding.touch(draft, officer)
    holding.record("draft.edit", draft, officer, {"attached": file.digest})
    return attached


@transaction.atomic
def detach(*, draft: Draft, officer: Officer, attachment: DraftFile) -> Draft:
    """Take ``attachment`` off the draft; the stored file stays for who else uses it. 去附件"""
    draft = holding.lock(draft)
    if obstacles := rules.edit_obstacles(draft, officer):
        raise Refused(obstacles)
    found = DraftFile.objects.filter(draft=draft, pk=attachment.pk).select_related("file").first()
    if found is None:
        raise Conflict(_("这个附件已经去掉了。请看最新的稿子。"))
    found.delete()
    holding.touch(draft, officer)
    holding.record("draft.edit", draft, officer, {"detached": found.file.digest})
    return draft


@transaction.atomic
def submit(*, draft: Draft, officer: Officer) -> Submission:
    """Hand ``draft`` over for review with the proposer's statement 送审.

    Who submits is the proposer from then on, since theirs is the statement. ``review`` calls this
    and begins its round in the same transaction.
    """
    draft, now = holding.lock(draft), clock.now()
    files = queries.attachments(draft)
    _version, charter = charter_of(draft.disclosure.organisation)
    if obstacles := rules.submit_obstacles(draft, officer, charter, files, now):
        raise Refused(obstacles)
    draft.proposer, draft.proposer_post = officer.member, officer.post_names
    draft.state, draft.submitted_at = DraftState.SUBMITTED, now
    draft.statement = {
        "text": statement_wording(),
        "name": officer.member.name,
        "post": officer.post_names,
        "at": clock.stamp(now),
    }
    holding.add_author(draft, officer)
    draft.save()
    submission = Submission.objects.create(
        draft=draft,
        round=1 + Submission.objects.filter(draft=draft).count(),
        title=draft.title,
        body=draft.body,
        attachments=queries.attachment_data(files),
        particulars=revisions.particulars(draft),
        at=now,
    )
    holding.record("draft.submit", draft, officer, {"round": submission.round})
    return submission


@transaction.atomic
def drop(*, draft: Draft, officer: Officer, reason: str) -> Draft:
    """Give up ``draft`` before it was ever sealed 放弃."""
    draft = holding.lock(draft)
    if obstacles := rules.drop_obstacles(draft, officer, reason):
        raise Refused(obstacles)
    draft.state, draft.changed_at = DraftState.DROPPED, clock.now()
    draft.save(update_fields=["state", "changed_at"])
    Revision.objects.filter(draft=draft).delete()
    holding.record("draft.drop", draft, officer, {"text": reason.strip()})
    return draft


@transaction.atomic
def revise(
    *,
    disclosure: Disclosure,
    officer: Officer,
    note: str,
    privacy: bool,
    corrects: str,
    source: Mapping[str, Any],
) -> Draft:
    """Begin the draft of a correction from ``source``, the data of the edition ``corrects`` 更正.

    Part of ``publication.correct``, which asks its own rule and records the act. ``officer`` need
    not be one who proposes; whoever submits the draft is its proposer. Past times leave the plan.
    """
    disclosure = Disclosure.objects.select_for_update(of=("self",)).get(pk=disclosure.pk)
    if obstacles := rules.revise_obstacles(disclosure):
        raise Refused(obstacles)
    content = Content(
        title=source["title"],
        body=source["body"],
        kind=source["kind"],
        document_number=source["document_number"],
        form=source["form"],
        plan=[{**step, "opens": ""} for step in source["plan"]],
        channels=list(source["channels"]),
        note=note,
    )
    number = 1 + Draft.objects.filter(disclosure=disclosure).count()
    draft = _new_draft(disclosure, number, officer, content, corrects=corrects, privacy=privacy)
    _copy_attachments(draft, source["attachments"])
    return draft


@transaction.atomic
def mark_returned(draft: Draft) -> Draft:
    """The review sent it back: it can be written in again. Part of ``review.return_draft``."""
    return _move(draft, DraftState.RETURNED)


@transaction.atomic
def mark_recalled(draft: Draft) -> Draft:
    """The proposer took it back out of review. Part of ``review.recall``."""
    return _move(draft, DraftState.WRITING)


@transaction.atomic
def mark_sealed(draft: Draft) -> Draft:
    """Its words are sealed; the disclosure bears its title and waits to be arranged.

    Its revisions go: what was taken out before the seal must not wait in the database. Part of
    ``review.seal``.
    """
    draft = _move(draft, DraftState.SEALED)
    Revision.objects.filter(draft=draft).delete()
    draft.disclosure.title, draft.disclosure.waits = draft.title, True
    draft.disclosure.save(update_fields=["title", "waits"])
    return draft


def statement_wording() -> str:
    """The fixed wording of the authenticity statement 真实性承诺; it stands in the sealed bytes."""
    return "我对所提内容的真实性、准确性、完整性负责，已按规定作保密自查和个人信息自查。"


def attachment_title(name: str) -> str:
    """A title for readers from a file's name: no folders, no extension, no odd characters."""
    base = re.split(r"[\\/]", name)[-1]
    base = re.sub(r"(?<=.)\.[A-Za-z0-9]{1,5}$", "", base)
    return line(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "", base))


# -- within the transaction ------------------------------------------------------------------------


def _new_draft(
    disclosure: Disclosure,
    number: int,
    officer: Officer,
    content: Content,
    corrects: str = "",
    privacy: bool = False,
) -> Draft:
    draft = Draft.objects.create(
        disclosure=disclosure,
        number=number,
        title=content.title,
        body=content.body,
        kind=content.kind,
        document_number=content.document_number,
        form=content.form,
        plan=content.plan,
        channels=content.channels,
        note=content.note,
        corrects=corrects,
        privacy=privacy,
        proposer=officer.member,
        proposer_post=officer.post_names,
        authors=[officer.member.key],
        changed_at=clock.now(),
    )
    revisions.write_down(draft, officer, RevisionKind.SAVED, None)
    return draft


def _copy_attachments(draft: Draft, attachments: Sequence[Mapping[str, Any]]) -> None:
    digests = [attachment["digest"] for attachment in attachments]
    stored = StoredFile.objects.filter(digest__in=digests, erased_at__isnull=True)
    by_digest = {file.digest: file for file in stored.defer("text")}
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, file=by_digest[found["digest"]], title=found["title"], order=order)
        for order, found in enumerate(attachments, 1)
        if found["digest"] in by_digest
    )


def _change(draft: Draft, entry: Entry | None, changes: dict[str, Any]) -> None:
    """Put the changes on the draft; the entry only while nothing is sealed under another one."""
    if entry and entry.pk != draft.disclosure.entry_id:
        obstacles = rules.entry_obstacles(draft.disclosure.organisation, entry)
        if draft.number > 1:
            obstacles.append(_("已经公开过的一件不能换目录事项。"))
        if obstacles:
            raise Refused(obstacles)
        draft.disclosure.entry = entry
    if "body" in changes:
        changes["body"] = housed(changes["body"], draft.disclosure.address)
    for name, value in changes.items():
        setattr(draft, name, value)


def _changed(
    draft: Draft, officer: Officer, edits: int, entry: Entry | None, changes: dict[str, Any]
) -> tuple[Draft, Revision | None]:
    """The draft with the changes saved, and its last revision before."""
    draft = holding.lock(draft)
    if obstacles := rules.edit_obstacles(draft, officer):
        raise Refused(obstacles)
    if draft.edits != edits:
        raise Conflict(_("别人刚刚改过这份草稿，您的修改没有存。请看最新的稿子，再改一次。"))
    last = queries.last_revision(draft) or revisions.first(draft)
    _change(draft, entry, changes)
    _version, charter = charter_of(draft.disclosure.organisation)
    if obstacles := _edited_obstacles(draft, charter, changes):
        raise Refused(obstacles)
    holding.save(draft, officer)
    return draft, last


def _edited_obstacles(draft: Draft, charter: Charter, changes: dict[str, Any]) -> list[str]:
    content = Content(**{name: getattr(draft, name) for name in Content.__dataclass_fields__})
    rule = charter.entry(draft.disclosure.entry.code)
    obstacles = rules.content_obstacles(charter, rule, content)
    if "plan" in changes and not obstacles:
        obstacles = rules.time_obstacles(draft.plan, charter, clock.now())
    return obstacles


def _move(draft: Draft, to: DraftState) -> Draft:
    draft = holding.lock(draft)
    if obstacles := rules.move_obstacles(draft, to):
        raise Refused(obstacles)
    draft.state, draft.changed_at = to, clock.now()
    draft.save(update_fields=["state", "changed_at"])
    return draft
