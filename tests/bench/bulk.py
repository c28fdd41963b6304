"""Many items at once: the verbs of the office one by one, and a keeper that comes to a backlog.

Processor time, each in one process: what else the machine does counts little. The verbs are those
that people use, with every check: ``begin`` and ``submit`` by the proposer, the stages and the
seal by others, then ``schedule``.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests import cast
from tests.bench import corpus, laying
from tests.bench.measure import Series, used
from tests.procedure.editions import MEMBERS, PUBLIC, planned

from gongkai.config import keeper, tick
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import Cursor
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.models import Edition
from gongkai.procedure.review.states import ReviewState
from gongkai.surfaces.board import jobs

ITEMS, WARMING = 200, 5
STAGES = (Step(MEMBERS), Step(PUBLIC))
REVIEWERS = ("党政办主任", "党委副书记", "党委书记")


def run() -> list[Series]:
    """Items per second of one core."""
    township, chance = laying.fill(200), Random(1)
    laying.newest(10)
    made = [(corpus.title(chance), corpus.body(chance)) for _ in range(WARMING + ITEMS)]
    texts = [
        (re.sub("[0-9]", "三", title), re.sub("[0-9]", "三", body)) for title, body in made
    ]  # no telephones
    office = cast.officer_named(township, "党政办主任")
    for text in texts[:WARMING]:
        _schedule(office, _seal(township, _propose(township, text)))
    tick.run()
    drafts: list[object] = []
    editions: list[Edition] = []
    begun = _rate(
        "begun and submitted", texts[WARMING:], lambda text: drafts.append(_propose(township, text))
    )
    passed = _rate(
        "passed twice and sealed", drafts, lambda round_: editions.append(_seal(township, round_))
    )
    arranged = _rate("arranged", editions, lambda edition: _schedule(office, edition))
    return [begun, passed, arranged, *_backlog()]


def _rate(what: str, each: Sequence[object], verb: Callable[..., object]) -> Series:
    return Series(what, "/s", tuple(1 / used(lambda one=one: verb(one)) for one in list(each)))


def _backlog() -> list[Series]:
    """The keeper's share of each item of a backlog: opened, logged, followed."""
    lease = Lease()
    assert lease.acquire()
    seconds: dict[str, float] = {}

    def taken(name: str, step: Callable[[], object]) -> None:
        seconds[name] = used(step)

    steps = dict(keeper.STEPS)
    taken("opened, both stages", lambda: steps["tick"](lease))
    taken("logged", lambda: [steps[name](lease) for name in ("order", "tiles", "sign", "expose")])
    taken("its pages and lists made", lambda: steps["pages"](lease))
    assert Cursor.objects.get(name=jobs.CURSOR).seq == head().exposed_size
    lease.release()
    return [Series(f"of {ITEMS}: {name}", "/s", (ITEMS / each,)) for name, each in seconds.items()]


def _propose(township: Organisation, text: tuple[str, str]) -> object:
    proposer = cast.officer_named(township, "组织干事")
    draft = proposals.begin(
        organisation=township,
        entry=entry(township, "JC-05"),
        officer=proposer,
        title=text[0],
        body=text[1],
        kind="document",
        form="daily",
        plan=planned(MEMBERS, PUBLIC),
    )
    return review.submit(draft=draft, officer=proposer)


def _seal(township: Organisation, round_) -> Edition:
    for post in REVIEWERS:
        officer = cast.officer_named(township, post)
        round_.refresh_from_db()
        if round_.state == ReviewState.PASSED:
            break
        round_ = review.pass_stage(review=round_, officer=officer)
    return review.seal(review=round_, officer=cast.officer_named(township, "党委书记"))


def _schedule(officer: Officer, edition: Edition) -> None:
    publication.schedule(edition=edition, officer=officer, steps=STAGES)
