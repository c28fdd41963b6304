"""Who may write what: obstacles as sentences, all of them at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.decoding import control_places
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages.sheets import WHOLE
from gongkai.foundation.files.redacting import KINDS as REDACTABLE
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, posts_with_right
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter, EntryRule, Scope, scope_keys
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyState
from gongkai.procedure.proposals.models import (
    Disclosure,
    Draft,
    DraftFile,
    Redaction,
    Revision,
)
from gongkai.procedure.proposals.pictures import picture_name
from gongkai.procedure.proposals.sanitise import pictures, text_of
from gongkai.procedure.proposals.states import (
    EDITABLE,
    MOVES,
    DocumentKind,
    DraftState,
    RedactionReason,
    RedactionState,
    RevisionKind,
)
from gongkai.procedure.proposals.texts import BODY_LIMIT, TITLE_LIMIT

ATTACHMENTS_LIMIT = 30
JOT_LIMIT = BODY_LIMIT + 50_000
MARKS_LIMIT = 500
REVISIONS_LIMIT = 60
"""Revisions of a draft that are kept; they go altogether when it is sealed or given up."""
JOTTED = timedelta(days=30)
"""For how long words are kept that never became a draft."""
SITTING = timedelta(minutes=10)
"""For how long the editor's own saves by one person go into one revision."""
SEEING = (
    Right.PROPOSE,
    Right.PUBLISH,
    Right.FILE,
    Right.WITHDRAW,
    Right.ERASE,
    Right.SUPERVISE,
)
"""Rights that need every disclosure of the organisation, whatever step it stands in."""
_LINE_LIMITS = {"title": TITLE_LIMIT, "document_number": 60}


@dataclass(frozen=True)
class Content:
    """What a draft says and asks for, with everything in its kept form (草稿内容)."""

    title: str
    body: str
    kind: str
    document_number: str
    form: str
    plan: list[dict[str, Any]] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Masked:
    """One thing put under its mask (遮盖的一项): what of it is kept, never the thing itself."""

    kind: str
    masked: str
    digest: str
    places: Sequence[Mapping[str, Any]]
    reason: str


def may_see(disclosure: Disclosure, officer: Officer) -> bool:
    """Whether ``officer`` may look into ``disclosure`` and its drafts at the desk."""
    return visible(officer).filter(pk=disclosure.pk).exists()


def visible(officer: Officer) -> QuerySet[Disclosure]:
    """The disclosures that ``officer`` may look into: those that a right of theirs needs, those
    they review, those they proposed. Nobody sees another organisation's.
    """
    own = Disclosure.objects.filter(organisation=officer.organisation)
    if any(officer.may(right) for right in SEEING):
        return own
    _version, charter = charter_of(officer.organisation)
    if officer.capacities(charter.seal.posts):
        return own
    reviewed = [rule.code for rule in charter.entries if _reviews(charter, rule, officer)]
    proposed = Draft.objects.filter(disclosure=OuterRef("pk"), proposer=officer.member)
    return own.filter(Q(entry__code__in=reviewed) | Exists(proposed))


def _reviews(charter: Charter, entry: EntryRule, officer: Officer) -> bool:
    """Whether ``officer`` reviews what comes under ``entry``, or stands in for who does."""
    posts = {key for stage in charter.stages for key in charter.stage_posts(stage, entry)}
    return bool(officer.capacities(posts))


def writer_obstacles(organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not write for ``organisation``."""
    if officer.organisation.pk != organisation.pk:
        message = _("这是%s的事。请用该单位岗位的账号登录。")
        return [message % organisation.name]
    if officer.may(Right.PROPOSE):
        return []
    posts = _("、").join(post.name for post in posts_with_right(organisation, Right.PROPOSE))
    return [_("您现在的岗位不能提出内容。可以提出的岗位：%s。") % (posts or _("没有"))]


def jot_obstacles(said: Mapping[str, Any]) -> list[str]:
    """Why words before a first save cannot be kept: they are more than a draft could hold."""
    length = len(json.dumps(said, ensure_ascii=False))
    return [_("正文太长。请分成几件，或把其中一部分作为附件。")] if length > JOT_LIMIT else []


def begin_obstacles(
    organisation: Organisation, entry: Entry, officer: Officer, charter: Charter, content: Content
) -> list[str]:
    """Why a draft with ``content`` may not begin under ``entry``."""
    return [
        *writer_obstacles(organisation, officer),
        *entry_obstacles(organisation, entry),
        *content_obstacles(charter, charter.entry(entry.code), content) * (not entry.retired),
    ]


def entry_obstacles(organisation: Organisation, entry: Entry) -> list[str]:
    """Why nothing new may come under ``entry``."""
    if entry.organisation_id != organisation.pk:
        return [_("“%s”不在本单位的公开目录里。请另选一个事项。") % entry]
    if entry.retired:
        return [_("“%s”已从公开目录里去掉。请另选一个事项。") % entry]
    return []


def duty_obstacles(entry: Entry, duty: Duty) -> list[str]:
    """Why something under ``entry`` cannot be begun for ``duty``."""
    now = Duty.objects.get(pk=duty.pk)
    if now.entry_id != entry.pk:
        return [_("这项公开任务属于另一个目录事项。请从任务那里重新开始。")]
    if now.state != DutyState.OPEN:
        wording = _("这项公开任务已经是“%s”，不用再办。请看最新的情况。")
        return [wording % DutyState(now.state).label]
    return []


def edit_obstacles(draft: Draft, officer: Officer) -> list[str]:
    """Why ``officer`` may not change ``draft`` now."""
    obstacles = writer_obstacles(draft.disclosure.organisation, officer)
    if draft.state == DraftState.SUBMITTED:
        obstacles.append(_("已送审，不能再改。要改请先收回，或请审核人退回。"))
    elif draft.state not in EDITABLE:
        obstacles.append(_("这份草稿已经结束（%s），不能再改。") % draft.get_state_display())
    return obstacles


def submit_obstacles(
    draft: Draft, officer: Officer, charter: Charter, files: Sequence[DraftFile], now: datetime
) -> list[str]:
    """Why ``officer`` may not submit ``draft`` for review now."""
    content = Content(
        title=draft.title,
        body=draft.body,
        kind=draft.kind,
        document_number=draft.document_number,
        form=draft.form,
        plan=draft.plan,
        channels=draft.channels,
        note=draft.note,
    )
    obstacles = edit_obstacles(draft, officer)
    obstacles += entry_obstacles(draft.disclosure.organisation, draft.disclosure.entry)
    if draft.disclosure.entry.retired:
        return obstacles
    rule = charter.entry(draft.disclosure.entry.code)
    obstacles += content_obstacles(charter, rule, content)
    obstacles += time_obstacles(draft.plan, charter, now)
    if not text_of(draft.body).strip():
        obstacles.append(_("还没有正文。请写正文，或从文件导入。"))
    if not draft.plan:
        obstacles.append(_("还没有选公开范围。请至少选一个。"))
    if draft.corrects and not draft.note.strip():
        obstacles.append(_("还没有写更正说明。请写明改了什么、为什么改。"))
    obstacles += [
        _("附件“%s”已经清除。请把它从附件里去掉。") % each.title
        for each in files
        if each.file.erased_at
    ]
    return obstacles + picture_obstacles(draft, files) + _unfinished(draft)


def mark_obstacles(
    draft: Draft, officer: Officer, redaction: Redaction, new: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Why the places ``new`` may not be covered in an attachment of ``draft``, or none at all."""
    obstacles = edit_obstacles(draft, officer) + _coverable(redaction)
    if redaction.state == RedactionState.WORKING:
        obstacles.append(_("正在生成遮盖件，请等它做完再改。"))
    if len(redaction.marks) + len(new) > MARKS_LIMIT:
        obstacles.append(
            _("一个附件最多画%d个框。请改用大一些的框，或者分成几个文件。") % MARKS_LIMIT
        )
    if any(each["reason"] not in RedactionReason.values for each in new):
        obstacles.append(_("请选遮盖的理由。"))
    if not all(_sound(each) for each in new):
        obstacles.append(_("框要画在页面里面，有宽有高。"))
    return obstacles


def mask_text_obstacles(masks: Sequence[Masked]) -> list[str]:
    """Why nothing can be masked: each mask on the register has its reason."""
    if not masks:
        return [_("没有要遮盖的内容。")]
    if any(each.reason not in RedactionReason.values for each in masks):
        return [_("请选遮盖的理由。")]
    return []


def picture_obstacles(draft: Draft, files: Sequence[DraftFile]) -> list[str]:
    """What is wrong with the pictures in the text: each shows an attachment of its own item."""
    own = {(draft.disclosure.address, picture_name(each.file)) for each in files}
    return [
        _("正文里的图片“%s”不在附件里。请重新插入，或者从正文里去掉。") % (alt or _("没有文字说明"))
        for address, name, alt in pictures(draft.body)
        if (address, name) not in own
    ]


def make_obstacles(draft: Draft, officer: Officer, redaction: Redaction) -> list[str]:
    """Why the copy of an attachment cannot be made now."""
    obstacles = edit_obstacles(draft, officer) + _coverable(redaction)
    if redaction.state == RedactionState.WORKING:
        obstacles.append(_("正在生成遮盖件，请等它做完。"))
    elif not redaction.marks:
        obstacles.append(_("还没有画要遮盖的地方。"))
    return obstacles


def _coverable(redaction: Redaction) -> list[str]:
    if redaction.original.erased_at:
        return [_("这个文件已经按规定清除。")]
    if redaction.original.extension not in REDACTABLE:
        return [_("这种文件不能直接遮盖。请另存为PDF，再上传遮盖。")]
    return []


def _sound(mark: Mapping[str, Any]) -> bool:
    left, top, right, bottom = mark["box"]
    within = 0 <= left < right <= WHOLE and 0 <= top < bottom <= WHOLE
    return bool(within and mark["page"] >= 1)


def _unfinished(draft: Draft) -> list[str]:
    """Attachments in which something is marked that still can be read."""
    rows = Redaction.objects.filter(attachment__draft=draft).exclude(state=RedactionState.DONE)
    return [
        _("附件“%s”画了遮盖的框，还没有生成遮盖件。请生成，或者撤销遮盖。") % title
        for title in rows.order_by("attachment__order").values_list("attachment__title", flat=True)
    ]


def drop_obstacles(draft: Draft, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not give up ``draft``."""
    obstacles = edit_obstacles(draft, officer)
    if not reason.strip():
        obstacles.append(_("请写明为什么放弃。"))
    return obstacles


def attach_obstacles(
    draft: Draft, officer: Officer, file: StoredFile, title: str, files: Sequence[DraftFile]
) -> list[str]:
    """Why ``file`` may not be attached to ``draft``."""
    obstacles = edit_obstacles(draft, officer)
    if file.erased_at:
        obstacles.append(_("这个文件已经按规定清除，不能作附件。"))
    if len(files) >= ATTACHMENTS_LIMIT:
        obstacles.append(_("附件已有%d个，不能再加。请合并或分成几件。") % ATTACHMENTS_LIMIT)
    if any(each.file_id == file.pk for each in files):
        obstacles.append(_("这个文件已经在附件里了。"))
    if not title or len(title) > 100:
        obstacles.append(_("附件名称要写，不超过100个字。"))
    return obstacles


def one_sitting(last: Revision, author: str, kind: RevisionKind, now: datetime) -> bool:
    """Whether a save by ``author`` goes on from the ``last`` revision and takes its place.

    Only a save that the editor made is replaced: by its next one, or by the officer's own at once.
    """
    if (
        last.kind != RevisionKind.AUTOMATIC
        or last.author != author
        or kind in (RevisionKind.RESTORED, RevisionKind.MASKED)
    ):
        return False
    return now - last.began_at < SITTING


def revise_obstacles(disclosure: Disclosure) -> list[str]:
    """Why no new draft of ``disclosure`` may begin."""
    over = (DraftState.SEALED, DraftState.DROPPED)
    if Draft.objects.filter(disclosure=disclosure).exclude(state__in=over).exists():
        return [_("这一件已有一份没有办完的草稿。请先办完或放弃那一份。")]
    return []


def move_obstacles(draft: Draft, to: DraftState) -> list[str]:
    """Why ``draft`` cannot come to stand at ``to``."""
    if to in MOVES.get(draft.state, ()):
        return []
    return [_("草稿现在是“%s”，不能这样做。请看最新的情况。") % draft.get_state_display()]


def content_obstacles(charter: Charter, entry: EntryRule, content: Content) -> list[str]:
    """What is wrong with ``content`` by itself; times are looked at apart."""
    obstacles = [
        *_line_obstacles("title", _("标题"), content.title, required=True),
        *_line_obstacles("document_number", _("文号"), content.document_number, required=False),
    ]
    if content.kind not in DocumentKind.values:
        kinds = _("、").join(str(label) for label in DocumentKind.labels)
        obstacles.append(_("文种要从这些里选一个：%s。") % kinds)
    if len(content.body) > BODY_LIMIT:
        obstacles.append(_("正文太长。请分成几件，或把其中一部分作为附件。"))
    if len(content.note) > 1000:
        obstacles.append(_("更正说明太长，请不超过1000个字。"))
    if content.form not in {form.key for form in charter.forms}:
        forms = _("、").join(form.name for form in charter.forms)
        obstacles.append(_("公开形式要从这些里选一个：%s。") % forms)
    obstacles += plan_obstacles(charter, entry, content.plan)
    obstacles += _channel_obstacles(charter, content)
    return obstacles


def plan_obstacles(
    charter: Charter, entry: EntryRule, plan: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What is wrong with the intended stages: scopes, their order, their keys. 先党内后党外"""
    codes = [str(step.get("scope", "")) for step in plan]
    allowed = [charter.scope(code) for code in entry.scopes]
    named = _("、").join(scope.name for scope in allowed)
    wrong = [code for code in codes if code not in entry.scopes]
    if wrong or len(set(codes)) != len(codes):
        return [_("“%(entry)s”的公开范围只能是：%(scopes)s，每个一次。") % _said(entry, named)]
    if not plan:
        return []
    obstacles = []
    if not entry.choice and set(codes) != set(entry.scopes):
        message = _("“%(entry)s”的公开范围一个也不能少：%(scopes)s。")
        obstacles.append(message % _said(entry, named))
    inner = [charter.scope(code).inner for code in codes]
    if inner != sorted(inner, reverse=True):
        obstacles.append(_("先党内后党外：党内的范围要排在向社会公开的前面。"))
    for step in plan:
        obstacles += _key_obstacles(charter, charter.scope(step["scope"]), step.get("keys") or ())
    return obstacles


def time_obstacles(plan: Sequence[Mapping[str, Any]], charter: Charter, now: datetime) -> list[str]:
    """What is wrong with the earliest times: unreadable, past, or against the order of stages."""
    obstacles, latest = [], None
    for step in plan:
        name = charter.scope(step["scope"]).name
        try:
            opens = clock.unstamp(step["opens"]) if step.get("opens") else None
        except ValueError:
            obstacles.append(_("“%s”的公开时间看不懂。请重新选日期和时间。") % name)
            continue
        if opens and opens < now:
            obstacles.append(
                _("“%(scope)s”的公开时间%(time)s已经过去。请改成以后的时间，或不填（盖章后安排）。")
                % {"scope": name, "time": local(opens, charter)}
            )
        if opens and latest and opens < latest:
            obstacles.append(_("“%s”的公开时间早于排在它前面的范围。请改时间。") % name)
        latest = opens or latest
    return obstacles


def local(at: datetime, charter: Charter) -> str:
    """``at`` in the organisation's zone: 2026年11月23日9:40."""
    there = at.astimezone(ZoneInfo(charter.organisation.zone))
    return _("%(year)d年%(month)d月%(day)d日%(hour)d:%(minute)02d") % {
        "year": there.year,
        "month": there.month,
        "day": there.day,
        "hour": there.hour,
        "minute": there.minute,
    }


def default_plan(charter: Charter, entry: EntryRule) -> list[dict[str, Any]]:
    """The entry's scopes in their order, but for those whose readers somebody has to name."""
    scopes = [charter.scope(code) for code in entry.scopes]
    return [
        {"scope": scope.code, "keys": [], "opens": ""}
        for scope in sorted(scopes, key=lambda scope: not scope.inner)
        if not (entry.choice and scope.choose)
    ]


def default_channels(
    charter: Charter, entry: EntryRule, plan: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Those the entry names, or else the charter's usual ones, as far as they suit the readers.

    Where neither suits, as for members alone, every channel that does.
    """
    public = any(not charter.scope(step["scope"]).inner for step in plan)
    fit = [channel for channel in charter.channels if public or not channel.public]
    named = [channel for channel in fit if channel.key in entry.channels]
    chosen = named or [channel for channel in fit if channel.usual] or fit
    return [channel.key for channel in chosen]


def _said(entry: EntryRule, scopes: str) -> dict[str, str]:
    return {"entry": f"{entry.code} {entry.title}", "scopes": scopes}


def _key_obstacles(charter: Charter, scope: Scope, keys: Iterable[str]) -> list[str]:
    try:
        scope_keys(charter, scope, keys)
    except Refused as refusal:
        return refusal.obstacles
    return []


def _channel_obstacles(charter: Charter, content: Content) -> list[str]:
    known = {channel.key: channel for channel in charter.channels}
    if any(key not in known for key in content.channels):
        names = _("、").join(channel.name for channel in charter.channels)
        return [_("公开渠道要从这些里选：%s。") % names]
    scopes = {scope.code: scope for scope in charter.scopes}
    steps = [scopes[step["scope"]] for step in content.plan if step.get("scope") in scopes]
    if steps and all(scope.inner for scope in steps):
        wide = [known[key].name for key in content.channels if known[key].public]
        if wide:
            message = _("这一件不向社会公开，不能用这些渠道：%s。请去掉。")
            return [message % _("、").join(wide)]
    return []


def _line_obstacles(name: str, label: str, text: str, required: bool) -> list[str]:
    limit = _LINE_LIMITS[name]
    if not text:
        return [_("还没有写%s。") % label] if required else []
    if len(text) > limit:
        return [
            _("%(label)s有%(length)d个字，太长。请写成不超过%(limit)d个字。")
            % {"label": label, "length": len(text), "limit": limit}
        ]
    if places := control_places(text):
        return [
            _("%(label)s里有不能显示的字符：%(places)s。请删去。")
            % {"label": label, "places": _("、").join(places)}
        ]
    return []
