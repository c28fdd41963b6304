"""Voices and their answers: the wall, and how one stands on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.ui.jinja import macro
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.feedback.states import CaseKind, Ground, Outcome, Verdict, WallReason
from gongkai.surfaces.board import addresses, frame, words
from gongkai.surfaces.board.answered import Answer, place_of_answer
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages import receptions
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.wall import Voice, subject


@dataclass(frozen=True)
class Case:
    """A voice and its answer, ready to be shown."""

    kind: str
    received: str
    outcome: str
    voice: str
    answer: str
    by: Markup
    title: Markup
    href: str
    hung: str = ""
    changed: Markup | None = None
    judged: str = ""


def wall(
    press: Press,
    cut: Cut,
    size: int,
    answers: Sequence[Answer],
    told: set[str],
    heard: Mapping[str, Voice],
) -> None:
    """One page of the wall; ``told`` are the items whose title may still be told, ``heard`` the
    voices by subject.
    """
    house = addresses.house(press.town, cut.shelf)
    press.cut(
        cut,
        size,
        "wall",
        house,
        lambda root: {
            "cases": [
                replace(
                    case(each, house, root, each.item in told),
                    judged=_judged(each, heard.get(subject(each.hung))),
                )
                for each in answers
            ],
            "tabs": wall_tabs(house, root),
            "say": f"{settings.OFFICE_URL}/say/",
            "reception": receptions.any_day(house),
            "telephones": frame.telephones(house),
        },
        "wall",
    )


def case(answer: Answer, house: House, root: str = "", told: bool | None = None) -> Case:
    """An answer ready to be shown.

    ``told`` says whether its item's title may be told; None leaves the item out, for its own page.
    """
    by, zone = house.posts_named(answer.post), house.zone
    if answer.answered_at:
        by += _("，") + words.day(answer.answered_at, zone)
    return Case(
        kind=sort(answer.kind, answer.ground),
        received=words.day(answer.received_at, zone) if answer.received_at else "",
        outcome=words.choice(Outcome, answer.outcome),
        voice=answer.voice,
        answer=answer.answer,
        by=by,
        title=words.listed(answer.title) if told and answer.title else Markup(""),
        href=f"{root}{addresses.item(answer.item)}" if answer.item and told is not None else "",
        hung=f"{root}{addresses.voice(answer.hung)}" if answer.hung else "",
        changed=reasoned(answer.changed["reason"], answer.changed["why"])
        if answer.changed
        else None,
    )


def wall_tabs(house: House, root: str, here: str = "") -> list[Link]:
    """The ways between the wall's own pages; ``here`` is the last part of this one's address."""
    at = f"{root}{house.root}/wall"
    known = (
        ("", _("已答复")),
        ("open", _("还在办")),
        ("departments", _("各部门")),
        ("register", _("调整登记")),
    )
    return [Link(name, f"{at}/{key}" if key else at, current=key == here) for key, name in known]


def reasoned(reason: str, why: str) -> Markup:
    """Why words were changed, kept off or taken down."""
    named = words.choice(WallReason, reason)
    if not why:
        return Markup("{}").format(named)
    said = {"reason": named, "why": words.chinese(why)}
    return Markup(_("%(reason)s（%(why)s）")) % said


def _judged(answer: Answer, found: Voice | None) -> str:
    """What the voice said of this very answer."""
    if found is None:
        return ""
    place = place_of_answer(answer.subject, answer.version)
    rounds = {reply.round for reply in found.replies if reply.place == place}
    told = [each.verdict for each in found.judged if each.round in rounds]
    return _("，").join(words.choice(Verdict, each) for each in told)


def sort(kind: str, ground: str) -> str:
    """Which kind of voice it is; a problem says what was wrong."""
    if not ground:
        return words.choice(CaseKind, kind)
    said = {"kind": words.choice(CaseKind, kind), "text": words.choice(Ground, ground)}
    return _("%(kind)s：%(text)s") % said


def drawn(given: Sequence[Answer], house: House) -> Markup:
    """Answers as they stand on the page of their item, one below the other."""
    if not given:
        return Markup("")
    draw = macro("board/cases.jinja", "case")
    return Markup("").join(Markup(f"{draw(case(each, house))}\n") for each in given)
