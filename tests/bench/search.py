"""Searching among very many: build, size, speed inside the web process, freshness, memory, recall.

Questions differ from one to the next, so that no count is remembered. "rare" words stand in a few
titles, "common" ones in a great part of all bodies; "two words" are asked for together. Each is
asked without a filter and with one of a year and a category. ``--items`` says how many there are;
with at most 20,000 every part of a text is also looked for by plain substring search.
"""

import http.client
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from random import Random
from statistics import median, quantiles
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from tests.bench import corpus, laying
from tests.bench.measure import Series, passed, series
from tests.bench.memory import private_memory
from tests.bench.places import Running, installation

from gongkai.foundation.core import canonical
from gongkai.foundation.ledger import poke
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.board import build, crew, houses, items, rendering, stamps
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.search import building, documents, index, words
from gongkai.surfaces.search.asking import Asking
from gongkai.surfaces.search.choices import choices
from gongkai.surfaces.search.questions import Question, question

ITEMS = 20_000
COMPARED = 20_000
"""Items up to which every answer is compared with plain substring search."""
ASKED, PARTS = 120, 300
READERS, SECONDS, PAUSE = 50, 20.0, 2.0
"""Readers at once, for how long they ask, and the seconds each reads between two questions."""
PUBLISHED = 10
TODAY = datetime(2026, 11, 23, tzinfo=UTC).date()
SORTS = ("rare", "common", "two words")


def run(items: int = ITEMS) -> list[Series]:
    """All figures."""
    compared = items <= COMPARED
    township = laying.fill(items, villages=3)
    before = _processor_seconds()
    took = passed(lambda: building.rebuild(lambda _done, _whole: None, crew.hands()))
    spent = _processor_seconds() - before
    found = [Series("documents built", "/s", (index.reading().size / took,)), *_sizes()]
    found.append(Series("processor time, a document", "ms", (spent / index.reading().size * 1e3,)))
    found += _asked()
    if compared:
        found.append(_recall())
    _pages_stand()
    with _trusting(), installation(settings.HOME.path) as running:
        _until_open(running)
        found += _read_together(running)
        found.append(_found_after(running, township))
        found.append(Series("private memory of web, keeper, worker", "MB", (_memory(running),)))
    return found


def _processor_seconds() -> float:
    """What this process and those it has waited for have used."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(each)[:2]) for each in both)


def _pages_stand() -> None:
    """The board has its pages: they are not what is measured, and nobody asks for one."""
    board.followed(head().exposed_size)
    rendering.manifest().note((), (), {build.STANDING: build._by(houses.town())})


def _sizes() -> Iterator[Series]:
    """The index on disk, and the text that it was made from."""
    place, size = index.current(), index.reading().size
    assert place is not None
    whole = sum(file.stat().st_size for file in place.iterdir())
    sample = list(PublicRecord.objects.filter(kind=items.RELEASE).order_by("-seq")[:1000])
    texts = [items.opening(record).edition for record in sample]
    length = [len((each.title + documents.plain(each.body)).encode()) for each in texts]
    yield Series("index, a document", "B", (whole / size,))
    yield Series("text, a document", "B", (sum(length) / len(length),))


# -- inside the process ------------------------------------------------------------------------


def _asked() -> Iterator[Series]:
    town = houses.town()
    offered = choices(town)
    asking = Asking(index.reading(), ANONYMOUS, offered, TODAY)
    chance = Random(7)
    for sort in SORTS:
        for narrowed in (False, True):
            asked = [_question(sort, narrowed, chance, offered.known) for _ in range(ASKED)]
            asking.answer(asked[0])
            times = [passed(lambda each=each: asking.answer(each)) for each in asked[1:]]
            what = f"{sort}{', filtered' if narrowed else ''}"
            yield series(what, "ms", times)
            yield series(f"{what}: p95", "ms", (_p95(times),))


def _question(
    sort: str, narrowed: bool, chance: Random, known: Callable[[str, str], bool]
) -> Question:
    given = {"q": _typed(sort, chance)}
    if narrowed:
        given |= {"y": str(chance.randint(2022, 2026)), "c": chance.choice(CATEGORIES)}
    return question(given, known)


def _typed(sort: str, chance: Random) -> str:
    """A question; common ones hold a common word, and letters that make it differ from the last."""
    if sort == "rare":
        letters = words.letters(corpus.title(chance))
        begin = chance.randrange(max(1, len(letters) - 6))
        return letters[begin : begin + 6]
    if sort == "common":
        return chance.choice(COMMON) + chance.choice(("", "的", "了", "吗", "？", "怎么"))
    return " ".join(chance.sample(COMMON, 2))


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[18]


CATEGORIES = ("决策决议", "党风廉政", "服务群众", "组织建设")
COMMON = (
    *(
        "公开",
        "群众",
        "工作",
        "村民",
        "党委",
        "办理",
        "全镇",
        "项目",
        "资金",
        "人员",
        "会议",
        "情况",
    ),
    *("负责", "单位", "干部", "监督", "党员", "管理", "服务", "时间", "意见", "办公室", "镇党委"),
)


# -- compared ----------------------------------------------------------------------------------


def _recall() -> Series:
    """Of all items that hold a part of a text, which share is found by it."""
    asking = Asking(index.reading(), ANONYMOUS, choices(houses.town()), TODAY)
    records = PublicRecord.objects.filter(kind=items.RELEASE).order_by("seq")
    texts = {stamps.seq(record): _letters(record) for record in records.iterator()}
    chance, seqs = Random(3), list(texts)
    held = missed = 0
    for _ in range(PARTS):
        text = texts[chance.choice(seqs)]
        begin = chance.randrange(len(text) - 9)
        # One more, since the end of the title counts as none; a single letter is sought in titles.
        part = text[begin : begin + chance.randint(3, 9)].replace("\n", "")
        holding = {seq for seq, own in texts.items() if part in own}
        missed += len(holding - asking.every(part))
        held += len(holding)
    return Series("recall against substring search", "", (1 - missed / held,))


def _letters(record: PublicRecord) -> str:
    edition = items.opening(record).edition
    return f"{words.letters(edition.title)}\n{words.letters(documents.plain(edition.body))}"


# -- over the network --------------------------------------------------------------------------


@contextmanager
def _trusting() -> Iterator[None]:
    """Each reader comes from a network of their own, as a proxy in front would say."""
    os.environ["TRUSTED_PROXIES"] = "1"
    yield
    del os.environ["TRUSTED_PROXIES"]


def _until_open(running: Running) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError):
            if _get(running, "低保", 0)[0] == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the office did not open")


def _get(running: Running, typed: str, reader: int, **given: str) -> tuple[int, bytes]:
    asked = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    asked.request(
        "GET",
        f"/search/?{urlencode({'q': typed, **given})}",
        headers={"X-Forwarded-For": f"10.{reader // 250}.{reader % 250}.1"},
    )
    answer = asked.getresponse()
    told = answer.status, answer.read()
    asked.close()
    return told


def _read_together(running: Running) -> Iterator[Series]:
    """One reader, then fifty at once, each reading a while between two questions."""
    alone, _none = _reading(running, 1, SECONDS / 2, 0.1)
    together, refused = _reading(running, READERS, SECONDS, PAUSE)
    one = series("a whole page, one reader: p95", "ms", (_p95(alone),))
    yield series("a whole page, one reader", "ms", (median(alone),))
    yield one
    yield Series(f"pages asked by {READERS} readers", "/s", (len(together) / SECONDS,))
    yield series(f"a whole page, {READERS} readers: p95", "ms", (_p95(together),), one)
    yield Series("of them refused, every seat of the office taken", "", (refused,))


def _reading(
    running: Running, readers: int, seconds: float, pause: float
) -> tuple[list[float], int]:
    times: list[float] = []
    refused: list[int] = []
    end = time.monotonic() + seconds

    def read(reader: int) -> None:
        chance = Random(reader)
        time.sleep(chance.random() * pause)
        while time.monotonic() < end:
            sort = chance.choice(SORTS)
            begun = time.perf_counter()
            status, _page = _get(running, _typed(sort, chance), reader)
            times.append(time.perf_counter() - begun)
            if status != 200:  # every seat of the office was taken
                refused.append(status)
            time.sleep(chance.uniform(0.5, 1.5) * pause)

    threads = [threading.Thread(target=read, args=(reader,)) for reader in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(refused)


def _found_after(running: Running, township: Organisation) -> Series:
    """From the commit of an opening until a reader finds it."""
    times = []
    for number in range(PUBLISHED):
        word = "".join(chr(0x20000 + number * 16 + place) for place in range(3))
        _publish(township, f"B{number:09d}", word)
        begun = time.perf_counter()
        while "找到1件".encode() not in _get(running, word, number, part="1")[1]:
            assert time.perf_counter() - begun < 30, "not found"
            time.sleep(0.05)
        times.append(time.perf_counter() - begun)
        time.sleep(0.3)
    return series("found after commit", "s", times)


def _publish(township: Organisation, address: str, title: str) -> None:
    """An opening as a verb records it."""
    last = PublicRecord.objects.filter(kind=items.RELEASE).latest("seq")
    release = canonical.decode(last.body.encode())
    edition = canonical.decode(release["edition"].encode())
    edition |= {"address": address, "title": title, "number": 1}
    release["edition"] = canonical.encode(edition).decode()
    opening = ledger.Opening(
        items.RELEASE, address, {"public"}, release, canonical.digest(release["edition"].encode())
    )
    with transaction.atomic():
        ledger.record(
            verb="release.open",
            actor=ledger.SYSTEM,
            organisation=township.slug,
            subject=address,
            label="",
            opens=opening,
        )
    poke.keeper()


def _memory(running: Running) -> float:
    return private_memory(running.processes) / 1e6
