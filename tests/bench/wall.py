"""A wall of many voices: every second of those who were heard agreed to stand on it.

Rows and records as the verbs and the keeper leave them, each voice as it stands now. Then the wall
moves, by the clock: an answer is passed, words are passed, a voice is taken down; of each the verb
alone, until readers see it on the pages, and until search, log and all else have followed.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import cast
from tests.bench import laying
from tests.bench.corpus import Written
from tests.bench.measure import Series, passed, series
from tests.bench.office import insert

from gongkai.config import keeper
from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SALT_LENGTH
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import wall, workflow
from gongkai.procedure.feedback.hanging import ANSWERED, FORMAT, OPEN, unit_of
from gongkai.procedure.feedback.models import Case, Hanging, Wording
from gongkai.surfaces.board import answered, build, houses, items, shelves
from gongkai.surfaces.board import wall as shown
from gongkai.surfaces.board.models import Owed
from gongkai.surfaces.search import building

SHOWN = 2
"""One voice in so many agreed to be shown."""
NEWEST = 300
"""The newest records, whose pages stand: no move looks further back."""
MOVES = 10
AFTER_PAGES, AFTER_REMOVALS = "search", "order"
"""The steps of a pass that begin once pages are written, or are gone, and durable."""
SOUGHT = {
    "a word of all": "q=水渠",
    "words of one in a hundred": "q=第7号井",
    "in hand": "q=水渠&w=voices&s=open",
    "by kind, without words": "w=voices&v=hotline",
}
SALT = bytes(SALT_LENGTH)


@dataclass(frozen=True)
class Heard:
    """A voice as it was laid (来件): its row, its key, when it came and whose it is, and its answer
    if it has one.
    """

    key: int
    at: datetime
    post: Post | None
    case: dict[str, Any]
    answer: dict[str, Any] | None

    @property
    def address(self) -> str:
        """Where it hangs."""
        return f"{self.key:010d}"

    @property
    def subject(self) -> str:
        """Under which name its records stand."""
        return shown.subject(self.address)


class Wall:
    """What hangs of one portion of voices after another, oldest first (上墙)."""

    def __init__(self, township: Organisation) -> None:
        self._slug, self._zone = township.slug, township.zone
        self._charter = charter_of(township)[1]
        self._clerk, self._deputy = (
            cast.officer_named(township, name) for name in ("党政办主任", "党委副书记")
        )
        self._laid = PublicRecord.objects.count()
        self._first = 1 + (PublicRecord.objects.order_by("pk").values_list("pk", flat=True).last())
        self._hung = 0

    def hang(self, portion: Sequence[Heard]) -> None:
        """Records, places and rows of those that are shown; each answer is told its record."""
        written: list[Written] = []
        rows: dict[Any, list[dict[str, Any]]] = {Wording: [], Hanging: [], Owed: []}
        begun = self._first
        for heard in (each for each in portion if each.case["show"]):
            self._hung += 1
            if heard.answer:
                heard.answer["record"] = begun + len(written)
                written.append(self._answer(heard))
            rows[Wording].append(self._wording(heard))
            rows[Hanging].append(
                {
                    "case_id": heard.key,
                    "address": heard.address,
                    "wording_id": self._hung,
                    "record": begun + len(written),
                }
            )
            rows[Owed].append(
                {
                    "subject": heard.subject,
                    "organisation": self._slug,
                    "seq": self._laid + len(written),
                    "open": heard.answer is None,
                    "promised_on": heard.case["promised_on"],
                }
            )
            written.append(self._voice(heard))
        laying.lay(written)
        self._first, self._laid = begun + len(written), self._laid + len(written)
        for model, made in rows.items():
            insert(model, made)

    def _wording(self, heard: Heard) -> dict[str, Any]:
        at = connection.ops.adapt_datetimefield_value(heard.at)
        return {
            "case_id": heard.key,
            "text": heard.case["text"],
            "member_id": self._clerk.member.pk,
            "post": self._clerk.post_names,
            "at": at,
            "passed_by_id": self._deputy.member.pk,
            "passed_post": self._deputy.post_names,
            "passed_at": at,
        }

    def _answer(self, heard: Heard) -> Written:
        body = {
            "format": "gongkai-answer/2",
            "kind": heard.case["kind"],
            "ground": "",
            "received_at": clock.stamp(heard.at),
            "text": heard.case["text"],
            "item": "",
            "title": "",
            "voice": heard.address,
            "changed": {},
            **_reply(heard),
        }
        place = answered.place_of_answer(heard.subject, 1)
        told = canonical.encode(body).decode()
        ending = answered.ending(told, self._zone)
        assert ending, "an answer says how the voice ended"
        families = ((shelves.WALL, ""), (shelves.KEPT, ""), (shelves.ENDED, ending.code))
        places = [(shelves.name(family, self._slug, code), place) for family, code in families]
        return self._record(items.ANSWER, heard, told, places)

    def _voice(self, heard: Heard) -> Written:
        place = answered.place_of_answer(heard.subject, 1)
        body = {
            "format": FORMAT,
            "address": heard.address,
            "state": ANSWERED if heard.answer else OPEN,
            "kind": heard.case["kind"],
            "ground": "",
            "text": heard.case["text"],
            "changed": {},
            "received_at": clock.stamp(heard.at),
            "promised_on": _promised(heard),
            "waits": "",
            "extended": False,
            "reopened": 0,
            "unit": unit_of(Case(post=heard.post), self._charter),
            "post": heard.post.name if heard.post else "",
            "answers": [{"place": place, **_reply(heard)}] if heard.answer else [],
            "judged": [],
            "item": "",
            "leads": "",
        }
        told = canonical.encode(body).decode()
        record = PublicRecord(
            kind=items.VOICE, subject=heard.subject, organisation=self._slug, body=told
        )
        places = [
            (shelves.name(family, self._slug, code), who)
            for family, code, who in shown.due(record, self._zone)
        ]
        return self._record(items.VOICE, heard, told, places)

    def _record(
        self, kind: str, heard: Heard, body: str, places: Sequence[tuple[str, str]]
    ) -> Written:
        digest = canonical.digest(body.encode())
        committed = commitment(
            SALT,
            subject=heard.subject,
            version=1,
            organisation=self._slug,
            audience=[PUBLIC],
            digest=digest,
        )
        entry = {"commitment": committed, "kind": kind, "time": clock.stamp(heard.at)}
        return Written(
            kind,
            heard.subject,
            self._slug,
            body,
            digest,
            heard.at,
            SALT,
            canonical.encode(entry),
            tuple(places),
        )


def moved(township: Organisation) -> Iterator[Series]:
    """Public searches among so many voices, then five lines for each way in which a wall moves."""
    laying.newest(NEWEST)
    # As if the board had been built, which takes hours: no pass goes on with it.
    build._end({"by": build._by(houses.town())})
    building.rebuild(lambda _done, _whole: None, 2)
    yield from _sought()
    lease = Lease()
    assert lease.acquire()
    deputy, clerk = (cast.officer_named(township, n) for n in ("党委副书记", "党政办主任"))
    waiting = Case.objects.filter(state="assigned", pk__gt=_last() - 2000).select_related("post")
    up = iter(waiting.filter(show=True).order_by("pk"))
    down = iter(Hanging.objects.filter(case__in=waiting, down_at=None).order_by("-pk")[: MOVES + 2])

    def replied() -> Callable[[], object]:
        case = next(up)
        assert case.post
        writing = cast.officer_named(township, case.post.name)
        written = workflow.answer(case=case, officer=writing, text="已经修好。", outcome="done")
        return lambda: workflow.approve(answer=written, officer=deputy)

    def brought() -> Callable[[], object]:
        case, _code = workflow.receive(
            organisation=township, disclosure=None, text="路灯不亮，请来修。", show=True
        )
        written = wall.propose(case=case, officer=clerk, text=case.text)
        return lambda: wall.pass_wording(wording=written, officer=deputy)

    def taken() -> Callable[[], object]:
        case = next(down).case
        return lambda: wall.take_down(case=case, officer=deputy, reason="person", why="写到邻居")

    for name, move, then in (
        ("an answer passed", replied, AFTER_PAGES),
        ("words passed", brought, AFTER_PAGES),
        ("a voice taken down", taken, AFTER_REMOVALS),
    ):
        moves = [_measured(move(), lease, then) for _ in range(MOVES + 1)][1:]
        queries, slowest, verb, seen, whole = zip(*moves, strict=True)
        yield Series(f"{name}: queries of verb and pass", "", queries)
        yield Series(f"{name}: slowest of them", "ms", slowest)
        yield series(f"{name}: the verb", "ms", verb)
        yield series(f"{name}: until readers see it", "ms", seen)
        yield series(f"{name}: until all is done", "ms", whole)
    lease.release()


def _sought() -> Iterator[Series]:
    """Public searches in so many voices."""
    for name, asked in SOUGHT.items():

        def ask(asked: str = asked) -> None:
            assert Client().get(f"/search/?{asked}").status_code == 200, asked

        ask()  # what is loaded once does not count
        yield series(f"search: {name}", "ms", [passed(ask) for _ in range(MOVES)])


def _measured(
    verb: Callable[[], object], lease: Lease, then: str
) -> tuple[float, float, float, float, float]:
    """Of verb and pass: the queries, milliseconds of the slowest, and seconds from the beginning
    until the verb is durable, until the step ``then`` begins, and until the pass is over.
    """
    steps: dict[str, float] = {}

    def watch(name: str) -> None:
        steps[name] = time.perf_counter()

    connection.queries_log.clear()  # it holds so many and no more
    with CaptureQueriesContext(connection) as asked:
        begun = time.perf_counter()
        verb()
        durable = time.perf_counter()
        keeper.run_once(lease, watch, calm=True)
        over = time.perf_counter()
    times = [float(each["time"]) * 1e3 for each in asked.captured_queries]
    moments = (durable - begun, steps[then] - begun, over - begun)
    return len(times), max(times, default=0.0), *moments


def _last() -> int:
    return Case.objects.order_by("-pk").values_list("pk", flat=True)[0]


def _promised(heard: Heard) -> str:
    return (heard.at + timedelta(days=7)).date().isoformat()


def _reply(heard: Heard) -> dict[str, Any]:
    assert heard.answer
    return {
        "answer": heard.answer["text"],
        "answered_at": clock.stamp(heard.at),
        "outcome": heard.answer["outcome"],
        "post": heard.answer["post"],
        "promised_on": _promised(heard),
        "round": 1,
    }
