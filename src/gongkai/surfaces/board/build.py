"""All pages anew: at once over several processes, or in the background between the keeper's passes.

A build is a plan: units of work in a fixed order, newest pages first. How many units are done
stands in the manifest, and moves only when their files are durable; so a build that was killed
goes on where it was, and a unit done twice writes the same bytes. When all are done, what the
build has not made again is taken away, and the style sheets that no page names any more.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice
from typing import Any

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger import queries as ledger
from gongkai.surfaces.board import (
    addresses,
    assets,
    crew,
    houses,
    issuing,
    jobs,
    queries,
    renderer,
    rendering,
    shelves,
    wall,
)
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.pages import maps
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.workflow import keep, note_owed, shelve

logger = logging.getLogger(__name__)

ITEMS_AT_ONCE, CUTS_AT_ONCE, SHARDS_AT_ONCE = 100, 25, 10
"""What one unit renders: a fraction of a second, for which a publication may have to wait."""
NOTED_AFTER = 2_000
"""Files after which they are synced and the build's progress is noted."""
NAMED = 20
"""Changed files that a report names."""

FIXED, ITEMS, CUTS, NAMED_ITEMS, SHARDS = "fixed", "items", "cuts", "named", "shards"
STANDING, PLAN, BUILD = "standing", "plan", "build"

Progress = Callable[[int, int], None]
Unit = tuple[str, tuple[Any, ...]]
"""Its kind, and what is to be rendered: ordinals of items, pages of lists, parts of the map, or all
other pages."""


@dataclass
class Report:
    """How many files a build looked at, how many were not right, and the first of those."""

    files: int = 0
    changed: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, changed: Iterable[str]) -> None:
        """Count these among what was not right."""
        for path in changed:
            self.changed += 1
            if len(self.named) < NAMED:
                self.named.append(path)


@dataclass(frozen=True)
class Done:
    """What one unit wrote, by path and digest, what it took away, and what of both was new."""

    written: list[tuple[str, bytes]]
    gone: list[str]
    changed: list[str]


# -- the plan --------------------------------------------------------------------------------------


def units(sizes: Mapping[str, int]) -> Iterator[Unit]:
    """The whole board in units, for lists of these sizes: newest pages first."""
    yield FIXED, ()
    newest = ((name, shelves.pages(size)) for name, size in sizes.items())
    yield from ((CUTS, tuple(part)) for part in queries.portions(newest, CUTS_AT_ONCE))
    for stop in range(sizes.get(shelves.ALL, 0), 0, -ITEMS_AT_ONCE):
        yield ITEMS, (max(0, stop - ITEMS_AT_ONCE), stop)
    yield from ((CUTS, tuple(part)) for part in queries.portions(_older(sizes), CUTS_AT_ONCE))
    shards = range(maps.shards(sizes.get(shelves.ALL, 0)))
    yield from ((SHARDS, tuple(part)) for part in queries.portions(shards, SHARDS_AT_ONCE))


def _older(sizes: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The finished pages of all lists side by side, by how far back they lie.

    An item stands in several lists; where their pages are rendered together it is read once.
    """
    lists = (_back(name, shelves.pages(size)) for name, size in sizes.items())
    return ((name, page) for _far, name, page in merge(*lists, reverse=True))


def _back(name: str, pages: int) -> Iterator[tuple[float, str, int]]:
    return ((page / pages, name, page) for page in range(pages - 1, 0, -1))


def weight(unit: Unit) -> int:
    """How many pages of one language a unit has, for the progress bar."""
    kind, what = unit
    return what[1] - what[0] if kind == ITEMS else max(1, len(what))


def total(sizes: Mapping[str, int]) -> int:
    """The weight of all units."""
    everything = sizes.get(shelves.ALL, 0)
    return 1 + everything + sum(map(shelves.pages, sizes.values())) + maps.shards(everything)


def perform(unit: Unit, *, thorough: bool = False, dry: bool = False) -> Done:
    """Render one unit. Files are written but not yet durable."""
    site = rendering.site_of_board(thorough=thorough, dry=dry)
    render(Press(site, houses.town()), unit)
    return Done(list(site.written.items()), sorted(site.gone), site.changed)


def render(press: Press, unit: Unit) -> None:
    """Render one unit into the press's folder."""
    kind, what = unit
    if kind == ITEMS:
        rendering.render_items(press, queries.addresses(*what))
    elif kind == NAMED_ITEMS:
        rendering.render_items(press, what)
    elif kind == CUTS:
        cuts = [Cut(name, page) for name, page in what]
        listed = rendering.render_lists(press, cuts)
        rendering.render_voices(press, rendering.voices_on(cuts))
        issuing.render(press, issuing.on(cuts))
        now = queries.sizes({name for name, _page in what})
        newest = {name for name, page in what if page >= shelves.pages(now[name])}
        rendering.render_feeds(press, newest, listed)
    elif kind == SHARDS:
        rendering.render_shards(press, what)
    else:
        rendering.render_fixed(press)


# -- at once ---------------------------------------------------------------------------------------


def build(progress: Progress | None = None, *, hands: int = 1) -> Report:
    """Render everything from the public records, and take away what does not belong.

    ``hands`` processes share the work. Goes on where a build of the same log, charters, renderer
    and day was cut off. The result is the same, byte for byte, as what following the log has
    written. ``Broken`` when database and log tell two stories: an older database would take away
    pages that the log still promises.
    """
    log.check_head()
    jobs.remove()
    town = houses.town()
    _shelve_all(town)
    exposed = ledger.head().exposed_size
    moment = {"exposed": exposed, "days": _days(town)}
    plan = rendering.manifest().fact(PLAN)
    if not plan or (plan["by"], plan["moment"]) != (_by(town), moment):
        plan = _begun(town, moment)
    report = Report()
    _carry_out(plan, report, progress or _silent, hands)
    for paths in _leftovers():
        report.add(paths)
    _end(plan)
    jobs.followed(exposed)
    return report


def _carry_out(plan: dict[str, Any], report: Report, show: Progress, hands: int) -> None:
    """All units that are left, noted in portions."""
    sizes = plan["sizes"]
    whole, seen = total(sizes), sum(map(weight, islice(units(sizes), plan["done"])))
    waiting: list[Done] = []
    show(seen, whole)
    work = islice(units(sizes), plan["done"], None)
    for unit, done in crew.shared(perform, work, hands):
        waiting.append(done)
        plan["done"] += 1
        report.files += len(done.written)
        report.add(done.changed)
        seen += weight(unit)
        show(seen, whole)
        if sum(len(each.written) for each in waiting) >= NOTED_AFTER:
            _note(plan, waiting)
            waiting = []
    _note(plan, waiting)


def _note(plan: Mapping[str, Any], waiting: Sequence[Done]) -> None:
    """Make these units durable, then remember that they are done."""
    site = rendering.site_of_board()
    site.sync(path for done in waiting for path in done.changed)
    written = (row for done in waiting for row in done.written)
    gone = (path for done in waiting for path in done.gone)
    rendering.manifest().note(written, gone, {PLAN: plan})


def _shelve_all(town: Town) -> None:
    """Give every record its place in the lists, where it has none yet, and note what entries are
    told of.
    """
    exposed = ledger.head().exposed_size
    for start in range(0, exposed, jobs.RECORDS_AT_ONCE):
        stop = min(start + jobs.RECORDS_AT_ONCE, exposed)
        if unplaced := queries.unplaced(start, stop):
            shelve(unplaced, town)
            note_owed(unplaced)
        keep(queries.told_of_entries(start, stop))


# -- in the background -----------------------------------------------------------------------------


def advance(leave_off: Callable[[], bool] = lambda: False) -> bool:
    """Go on with what changes every page; says whether something is left.

    Another renderer after an upgrade, or another charter, begins it; meanwhile what is published
    has its pages at once, by the new renderer. Leaves off when ``leave_off`` says so, after at
    least one unit. *A crash repeats the units since the last call.*
    """
    mend()
    town, manifest = houses.town(), rendering.manifest()
    plan = manifest.fact(PLAN)
    if plan is None and manifest.fact(STANDING) == _by(town):
        return False
    if plan is None or plan["by"] != _by(town):
        plan = _begun(town, None)
    if _portion(plan, Press(rendering.site_of_board(), town), leave_off):
        return True
    for _paths in _walk_of(manifest.build):
        if leave_off():
            return True
    _end(plan)
    return False


def _portion(plan: dict[str, Any], press: Press, leave_off: Callable[[], bool]) -> bool:
    """Some units, noted; says whether any are left."""
    left = False
    for unit in islice(units(plan["sizes"]), plan["done"], None):
        if left := plan["done"] > 0 and bool(press.site.written) and leave_off():
            break
        render(press, unit)
        plan["done"] += 1
    rendering.finish(press.site, {PLAN: plan})
    return left


_walks: dict[int, Iterator[list[str]]] = {}


def _walk_of(build: int) -> Iterator[list[str]]:
    """The walk for leftovers of this build, where it was left off."""
    if build not in _walks:
        _walks[build] = _leftovers()
    return _walks[build]


def waiting() -> bool:
    """Whether something is left to do in the background; asks the database nothing."""
    manifest = rendering.manifest()
    return manifest.fact(PLAN) is not None or bool(manifest.doubts())


def mend() -> int:
    """Put right what ``check`` found doubtful beside a running keeper. Returns how many were."""
    manifest, wrong = rendering.manifest(), 0
    while doubts := manifest.doubts():
        found = repair(doubts)
        for path in found:
            logger.warning("page was not as it should be, put right: %s", path)
        manifest.settle(doubts, found)
        wrong += len(found)
    return wrong


def repair(paths: Collection[str]) -> list[str]:
    """Make these files what the records say, or take them away; returns those that were wrong."""
    site, town = rendering.site_of_board(thorough=True), houses.town()
    press = Press(site, town)
    for unit in _units_of(paths, town):
        render(press, unit)
    for path in paths:
        plain = path[:-3] if path.endswith((".br", ".gz")) else path
        if plain not in site.written and site.discard(path):
            site.changed.append(path)
    rendering.finish(site)
    return sorted(set(site.changed))


def _units_of(paths: Iterable[str], town: Town) -> Iterator[Unit]:
    """What has to be rendered so that these files are made again."""
    paths = set(paths)
    named = {subject for path in paths if (subject := addresses.item_of(path))}
    keys = {shelves.name(shelves.HELD, key) for path in paths if (key := addresses.key_at(path))}
    named |= {subject for holders in queries.holders(keys).values() for subject in holders}
    others = {path for path in paths if not (addresses.item_of(path) or addresses.key_at(path))}
    numbers = {path: addresses.shard_at(path) for path in others}
    if shards := sorted({number for number in numbers.values() if number is not None}):
        yield SHARDS, tuple(shards)
        others -= {path for path, number in numbers.items() if number is not None}
    for portion in queries.portions(sorted(named), ITEMS_AT_ONCE):
        yield NAMED_ITEMS, tuple(portion)
    if not others:
        return
    sizes = rendering.sizes(town)
    spoken = {wall.subject(address) for path in others if (address := addresses.voice_at(path))}
    years = [place for place in queries.places_of(spoken) if place.shelf.name.startswith("wy:")]
    cuts = addresses.cuts_at(town, sizes, others)
    called = {name for path in others if (name := addresses.brief_at(town, path))}
    issues = {each for subjects in queries.holders(called).values() for each in subjects}
    named_by = [each for each in queries.places_of(issues) if each.shelf.name.startswith("briefs:")]
    listed = {shelves.cut_of(each.shelf.name, each.ordinal) for each in (*years, *named_by)}
    cuts += listed - set(cuts)
    for part in queries.portions(cuts, CUTS_AT_ONCE):
        yield CUTS, tuple((cut.shelf, cut.page) for cut in part)
    yield FIXED, ()


# -- beginning and ending --------------------------------------------------------------------------


def _begun(town: Town, moment: Mapping[str, Any] | None) -> dict[str, Any]:
    """A new plan, noted: from now on its files bear its number."""
    manifest = rendering.manifest()
    _walks.clear()
    plan = {"by": _by(town), "moment": moment, "sizes": rendering.sizes(town), "done": 0}
    manifest.note((), (), {BUILD: manifest.build + 1, PLAN: plan})
    return plan


def _leftovers() -> Iterator[list[str]]:
    """Take away, in portions, what the build has not made again and what nobody knows."""
    site, manifest = rendering.site_of_board(), rendering.manifest()
    while paths := manifest.left_over():
        yield [path for path in paths if site.discard(path)]
        rendering.finish(site)
    for paths in site.strangers(manifest):
        yield [path for path in paths if site.discard(path)]
    site.sync()


def _end(plan: Mapping[str, Any]) -> None:
    """Every page has been made again: nothing names the old assets any more."""
    assets.sweep()
    rendering.manifest().note((), (), {STANDING: plan["by"], PLAN: None})


def _by(town: Town) -> dict[str, str]:
    """By what all pages are made: the renderer, and the charters."""
    return {"renderer": renderer.version(), "town": town.fingerprint}


def _days(town: Town) -> list[str]:
    now = clock.now()
    return sorted(
        {clock.civil_day(now, house.zone).isoformat() for house in rendering.houses_of(town)}
    )


def _silent(_done: int, _whole: int) -> None:
    """No progress to show."""
