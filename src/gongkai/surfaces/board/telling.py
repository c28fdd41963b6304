"""What is said of how an entry is kept, in the active language: on the board, in the members' room
and at the desk. A word first, then a shape, then a colour.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import ngettext
from markupsafe import Markup, escape

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Standing, Task
from gongkai.procedure.duties.states import DutyKind
from gongkai.procedure.publication.posting_rules import is_meeting, passes
from gongkai.surfaces.board import words
from gongkai.surfaces.board.items import Hastened

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q(\d)|H(\d)|(\d\d)))?")


@dataclass(frozen=True)
class Line:
    """An entry with how it is kept (目录事项), for a page of the office.

    ``told`` has each duty's name, last day, how it stands, and where the item is.
    """

    code: str
    title: str
    department: str
    standing: Standing
    state: Markup
    coming: Markup
    inner: bool
    told: Sequence[tuple[Markup, str, Markup, str]]


def lines(
    charter: Charter,
    codes: Collection[str],
    rows: Mapping[str, Mapping[str, Any]],
    today: date,
    item: Callable[[str], str],
) -> list[Line]:
    """These entries of a charter by their public ``rows``, the worst first; ``item`` says where
    an item is read.
    """
    found = [
        _line(charter, rule, keeping.standing(rows.get(rule.code), rule, today), today, item)
        for rule in charter.entries
        if rule.code in codes
    ]
    return sorted(found, key=lambda line: keeping.worst(line.standing.counts, line.code))


def _line(
    charter: Charter,
    rule: EntryRule,
    standing: Standing,
    today: date,
    item: Callable[[str], str],
) -> Line:
    return Line(
        code=rule.code,
        title=(rule.title_en if marks.english() else "") or rule.title,
        department=words.named(charter.department(rule.department)),
        standing=standing,
        state=state(standing, today, charter.timing(rule.timing).kind),
        coming=coming(standing, today),
        inner=all(charter.scope(scope).inner for scope in rule.scopes),
        told=[
            (name(each), last(each), task(each, today), item(each.item) if each.item else "")
            for each in standing.tasks
        ],
    )


def state(standing: Standing, today: date, timing: str = "") -> Markup:
    """How the entry stands; ``timing`` is its kind, for what has nothing due."""
    if standing.about is None:
        idle = {"application": _("有人申请才公开"), "prompt": _("有了才公开")}
        return escape(idle.get(timing) or _("还没有到期的"))
    return task(standing.about, today)


def task(about: Task, today: date) -> Markup:
    """How one duty stands, with its reason where there is one."""
    match about.kept(today):
        case keeping.MISSING:
            late = marks.due(about.due, today, calendar=True)
            return Markup("{} {}").format(late, _plain(_("没有公开")))
        case keeping.DUE:
            return _plain(_("还没到期"))
        case keeping.LATE:
            days = about.late(today)
            said = ngettext("晚了%(n)s日公开", "晚了%(n)s日公开", days) % {"n": days}
            return _marked("soon", "clock", said)
        case keeping.ON_TIME:
            return _marked("ok", "check", _("按时公开"))
        case _:
            reason = Markup("<q>{}</q>").format(words.chinese(about.reason))
            return Markup("{} {}").format(_marked("", "dash", _("免于公开")), reason)


def coming(standing: Standing, today: date) -> Markup:
    """What is due next and by when; nothing where nothing is."""
    if standing.coming is None:
        return Markup("")
    by = _("%(what)s，%(day)s以前") % {"what": name(standing.coming), "day": last(standing.coming)}
    return Markup('<span class="note">{}</span>').format(by)


def last(task: Task) -> str:
    """The last day in words, marked while its calendar is not known."""
    return marks.day(task.due) + (_("（暂定）") if task.provisional else "")


def name(task: Task) -> Markup:
    """What was due: a period in words, or what was reported."""
    if task.kind != DutyKind.PERIOD:
        return words.chinese(task.title) if task.title else escape(DutyKind(task.kind).label)
    found = _PERIOD.fullmatch(task.key)
    if found is None:
        return escape(task.key)
    year, quarter, half, month = found.groups()
    if month:
        return escape(marks.month(int(year), int(month)))
    if quarter:
        return escape(_("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": quarter})
    if half:
        named = _("%(year)s年上半年") if half == "1" else _("%(year)s年下半年")
        return escape(named % {"year": year})
    return escape(_("%(year)s年") % {"year": year})


def share(part: int, whole: int) -> str:
    """A rate in words, rounded down: nothing but all of it is 100%."""
    return f"{100 * part // whole}%" if whole else "—"


def _plain(text: str) -> Markup:
    return Markup('<span class="nb">{}</span>').format(text)


def _marked(kind: str, shape: str, text: str) -> Markup:
    css = f"due due--{kind}" if kind else "due"
    return Markup('<span class="{}">{}{}</span>').format(css, marks.icon(shape), text)


def hung(channel: str, day: str, last: str) -> str:
    """How long a thing has hung on ``channel``: since ``day``, and until ``last`` when it is over.

    What was read out or printed has a day and no end.
    """
    days = {"day": day, "last": last}
    if is_meeting(channel):
        return _("%(day)s宣读") % days
    if passes(channel):
        return day
    return _("%(day)s到%(last)s，已取下") % days if last else _("%(day)s起") % days


def hastened(found: Hastened, zone: str, named: Callable[[str], Markup]) -> tuple[str, Markup]:
    """A heading and a plain sentence for what was opened in an emergency; ``named`` puts a post
    into the page's language.
    """
    said = {
        "post": named(found.post),
        "at": marks.moment(found.at, zone),
        "due": marks.day(found.due_on),
        "decider": named(found.decided_post),
        "then": marks.moment(found.decided_at, zone) if found.decided_at else "",
    }
    if found.outcome == "confirmed":
        heading = _("紧急公开，已经补审")
        wording = _("%(post)s在%(at)s先封存公开，%(decider)s在%(then)s补审通过。")
    elif found.outcome == "refused":
        heading = _("紧急公开，补审没有通过")
        wording = _(
            "%(post)s在%(at)s先封存公开，%(decider)s在%(then)s补审没有通过，应当撤回或者更正。"
        )
    else:
        heading = _("紧急公开，待补审")
        wording = _("来不及逐级审核，%(post)s在%(at)s先封存公开，应当在%(due)s以前由另一个人补审。")
    return heading, Markup(escape(wording)) % said
