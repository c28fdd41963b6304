"""How well an organisation keeps its catalogue 落实情况: its rates, and the page of each entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from markupsafe import Markup

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.duties import keeping
from gongkai.procedure.duties.keeping import Counts, Standing
from gongkai.surfaces.board import addresses, shelves, telling, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.pages import entries
from gongkai.surfaces.board.press import Press, Values


@dataclass(frozen=True)
class Rate:
    """A rate (比率): ``part`` of ``whole``, and where both can be looked at."""

    name: str
    part: int
    whole: int
    bar: Sequence[tuple[str, int]]
    href: str = ""

    @property
    def share(self) -> str:
        """In per cent."""
        return telling.share(self.part, self.whole)


@dataclass(frozen=True)
class Told:
    """A duty as its line says it (一项任务)."""

    name: Markup
    last: str
    state: Markup
    on: date | None
    item: str
    post: Markup


def total(standings: Iterable[Standing]) -> Counts:
    """What became of the duties of several entries."""
    return sum((each.counts for each in standings), Counts())


def since(day: date) -> str:
    """The first month that rates are counted over, in words."""
    first = keeping.window(day)[0]
    return marks.month(first.year, first.month)


def of(today: Today) -> list[Rate]:
    """The rates of an organisation, from what the log has of it."""
    counted, at = total(today.kept.values()), today.house.root
    answered = today.count(shelves.WALL)
    kept = today.count(shelves.KEPT) - today.count(shelves.LOST)
    return [
        Rate(
            _("公开了的"),
            counted.done,
            counted.owed,
            [("done", counted.done), ("late", counted.missing)],
        ),
        Rate(
            _("按时公开的"),
            counted.on_time,
            counted.owed,
            [("done", counted.on_time), ("wait", counted.late), ("late", counted.missing)],
        ),
        Rate(
            _("在答应的日期以前答复的"),
            kept,
            answered,
            [("done", kept), ("late", answered - kept)],
            f"{at}/wall",
        ),
    ]


def page(press: Press, today: Today, code: str) -> None:
    """The page of an entry: what it owed and owes, one duty a line."""
    address = f"{today.house.root}/catalogue/{code}"
    build = partial(_entry, today, code)
    press.pages(address, "entry", today.house, build, "catalogue")


def _entry(today: Today, code: str, root: str) -> Values:
    house, rule, standing = today.house, today.house.entries[code], today.kept[code]
    charter, at = house.charter, f"{root}{house.root}"
    assert charter is not None, "an entry comes from a charter"
    listed = any(each.code == code for each in charter.entries)
    line = entries.line(rule, house, today.last, root, today.kept) if listed else None
    return {
        "crumbs": [Link(_("首页"), f"{at}/"), Link(_("公开目录"), f"{at}/catalogue")],
        "title": words.entry(rule),
        "code": code,
        "content": words.either(rule.content, rule.content_en),
        "line": line,
        "today": today.day,
        "standing": standing,
        "published_at": f"{at}/e/{code}" if code in today.last else "",
        "since": since(today.day),
        "tasks": [_told(today, task, root) for task in standing.tasks],
    }


def _told(today: Today, task: keeping.Task, root: str) -> Told:
    return Told(
        name=telling.name(task),
        last=telling.last(task),
        state=telling.task(task, today.day),
        on=task.on,
        item=f"{root}{addresses.item(task.item)}" if task.item else "",
        post=today.house.posts_named(task.post) if task.post else Markup(""),
    )


def looks(today: Today, fingerprint: str) -> dict[str, int]:
    """What the page of each entry follows from: one that looks as before need not be made again."""
    first = keeping.window(today.day)[0]
    return {
        code: hash(
            (
                fingerprint,
                standing,
                first,
                today.last.get(code) and today.last[code].seq,
                today.day if standing.counts.missing else None,
            )
        )
        for code, standing in today.kept.items()
    }
