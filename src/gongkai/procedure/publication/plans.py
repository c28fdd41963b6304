"""What was sealed and what is asked for: the stages of a plan as values, and how they may differ.

The plan inside the sealed bytes is the widest and earliest that was reviewed. Whoever arranges the
openings may wait longer or stop earlier, never open wider, sooner or in another order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.ui import marks

JUST_NOW = timedelta(minutes=5)
"""How far back a typed time still means "now": a form knows minutes and takes a while to fill."""

FARTHEST = timedelta(days=3660)
"""Farther ahead than ten years a year was mistyped."""


@dataclass(frozen=True)
class Step:
    """A stage asked for; ``opens_at`` None means at once, ``keys`` empty the whole scope."""

    scope: str
    keys: tuple[str, ...] = ()
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """A stage as it was sealed (公开计划的一步): its audience keys and earliest time."""

    scope: str
    name: str
    keys: frozenset[str]
    inner: bool
    earliest: datetime | None = None


@dataclass(frozen=True)
class Planned:
    """A stage that already stands, open or arranged."""

    scope: str
    opens_at: datetime


def plan_obstacles(
    sealed: Sequence[Stage], standing: Sequence[Planned], steps: Sequence[Step], now: datetime
) -> list[str]:
    """Why ``steps`` may not follow what stands already; empty when they may.

    Stages are taken in the sealed order, none skipped: a later stage alone would be the wrong
    order 先党内后党外, or an order nobody reviewed.
    """
    if not steps:
        return [_("还没有选公开范围。请至少选一步。")]
    obstacles = [*_wrong_seal(sealed), *_out_of_order(sealed, standing, steps)]
    by_scope = {stage.scope: stage for stage in sealed}
    for step in steps:
        if stage := by_scope.get(step.scope):
            obstacles += [*_too_wide(stage, step), *time_obstacles(stage, step.opens_at, now)]
    return obstacles + _backwards(standing, steps, by_scope, now)


def time_obstacles(stage: Stage, opens_at: datetime | None, now: datetime) -> list[str]:
    """Why ``stage`` may not open at ``opens_at``, seen by itself."""
    at = opens_at or now
    if at < now - JUST_NOW:
        return [_("“%(scope)s”的时间已经过去。请选以后的时间，或者选“立即”。") % _named(stage)]
    if at > now + FARTHEST:
        return [_("“%(scope)s”的时间在十年以后。请看看年份是不是写错了。") % _named(stage)]
    if stage.earliest and at < stage.earliest:
        return [
            _("“%(scope)s”最早到%(day)s才能公开，这是审核时定下的。请选这以后的时间。")
            % {**_named(stage), "day": marks.moment(stage.earliest)}
        ]
    return []


def earliest_steps(stages: Sequence[Stage], now: datetime) -> list[Step]:
    """The steps that open ``stages`` as early as their seal and their order allow."""
    at, steps = now, []
    for stage in stages:
        at = max(at, stage.earliest or now)
        steps.append(Step(stage.scope, opens_at=at))
    return steps


def resolved(opens_at: datetime | None, now: datetime) -> datetime:
    """The time that ``opens_at`` stands for: never before now."""
    return max(opens_at or now, now)


def _wrong_seal(sealed: Sequence[Stage]) -> list[str]:
    """A sealed plan that has the public before the members cannot be carried out."""
    public = [n for n, stage in enumerate(sealed) if is_public(stage.keys)]
    inner = [n for n, stage in enumerate(sealed) if stage.inner]
    if public and inner and min(public) < max(inner):
        return [_("封存的公开计划先党外后党内，不能照办。请更正公开计划，重新审核。")]
    return []


def _out_of_order(
    sealed: Sequence[Stage], standing: Sequence[Planned], steps: Sequence[Step]
) -> list[str]:
    obstacles = []
    expected = list(sealed[len(standing) :])
    names = {stage.scope: stage.name for stage in sealed}
    taken = {each.scope for each in standing}
    for step in steps:
        if step.scope not in names:
            wording = _("审核通过的计划里没有“%(scope)s”。要扩大公开范围，请更正后重新审核。")
            obstacles.append(wording % {"scope": step.scope})
        elif step.scope in taken:
            wording = _("“%(scope)s”已经安排过了。要换时间，请改那一步的时间。")
            obstacles.append(wording % {"scope": names[step.scope]})
        elif expected and expected[0].scope != step.scope:
            obstacles.append(_skipped(expected, step, names))
        taken.add(step.scope)
        expected = [stage for stage in expected if stage.scope != step.scope]
    return obstacles


def _skipped(expected: Sequence[Stage], step: Step, names: dict[str, str]) -> str:
    """The sentence for a step that comes before those reviewed to precede it."""
    said = {"first": expected[0].name, "scope": names[step.scope]}
    if expected[0].inner:
        return _("先党内后党外：要先安排“%(first)s”，再安排“%(scope)s”。") % said
    return _("请按审核通过的先后：先安排“%(first)s”，再安排“%(scope)s”。") % said


def _too_wide(stage: Stage, step: Step) -> list[str]:
    if set(step.keys) <= stage.keys:
        return []
    return [
        _("“%(scope)s”里选了审核时没有的对象。要扩大公开范围，请更正后重新审核。") % _named(stage)
    ]


def _backwards(
    standing: Sequence[Planned],
    steps: Sequence[Step],
    sealed: dict[str, Stage],
    now: datetime,
) -> list[str]:
    """Times must not run against the order; equal times are carried out in the order."""
    times = [(each.scope, each.opens_at) for each in standing]
    times += [(step.scope, resolved(step.opens_at, now)) for step in steps]
    wording = _("“%(later)s”不能早于“%(earlier)s”。请把时间改成同时或者更晚。")
    obstacles = []
    for n, (scope, at) in enumerate(times[len(standing) :], len(standing)):
        if n and at < times[n - 1][1]:
            names = {"later": _name(sealed, scope), "earlier": _name(sealed, times[n - 1][0])}
            obstacles.append(wording % names)
    return obstacles


def _named(stage: Stage) -> dict[str, str]:
    return {"scope": stage.name}


def _name(sealed: dict[str, Stage], scope: str) -> str:
    return sealed[scope].name if scope in sealed else scope
