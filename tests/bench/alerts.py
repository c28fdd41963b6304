"""A hundred thousand subscriptions and one publication: whom it concerns, and letters in batches.

Four fifths ask for words within an organisation, in as many ways as people would; the rest follow
lists. Measured apart: a publication that concerns those whom it concerns, one that concerns
everybody who follows the organisation, and what one batch of letters costs.
"""

import random
import time
from dataclasses import replace
from datetime import timedelta

from tests.bench import laying
from tests.bench.measure import Series

from gongkai.foundation.core import clock
from gongkai.surfaces.board import items, queries
from gongkai.surfaces.channels import jobs, mailbox, matching, workflow
from gongkai.surfaces.channels.models import Alert, Subscription

ITEMS = 60
ROWS = 100_000
SEARCHES = 80_000
REPEATS = 5
AT_ONCE = 5000
WORDS = """石桥村 柳树湾村 上河村 下河村 松林村 白果村 低保 高龄补贴 危房改造 宅基地 征地 拆迁
集体林 水渠 农田水利 招标 公示 党费 发展党员 换届 议事 村务 财务 三公经费 救助 养老 医保 教育 学校
幼儿园 道路 桥梁 路灯 垃圾 污水 河长 防汛 抗旱 种粮补贴 农机 合作社 土地流转 扶贫 乡村振兴 民宿"""


def run() -> list[Series]:
    """The times of a publication with many who ask for words, and with all who follow a list."""
    laying.fill(ITEMS)
    town_slug, release = _release()
    _subscribe(town_slug)
    news = matching.published(town_slug, items.opening(release))
    concern = Series("one publication matched, 100,000 rows", "s", tuple(_timed(news)))
    found = Alert.objects.count()
    everybody = Series(
        "the same when every list's follower is concerned", "s", tuple(_timed(news, everybody=True))
    )
    all_found = Alert.objects.count()
    posted = Series("a batch of 25 letters written", "s", tuple(_posted() for _ in range(REPEATS)))
    return [
        concern,
        Series("  of whom concerned", "", (found,)),
        everybody,
        Series("  of whom concerned", "", (all_found,)),
        posted,
    ]


def _release():
    record = queries.open_records().filter(kind=items.RELEASE).order_by("-seq")[0]
    return record.organisation, record


def _subscribe(slug: str) -> None:
    """Rows as the verbs leave them; they share one sealed address."""
    words = WORDS.split()
    drawn, sealed, now = random.Random(7), mailbox.seal("li@example.org"), clock.now()
    counted: dict[str, int] = {}
    rows = []
    for number in range(ROWS):
        typed = ""
        if number < SEARCHES:
            typed = " ".join(drawn.sample(words, drawn.choice((1, 2, 2, 3))))
        terms = matching.terms(typed) if typed else []
        anchor = matching.anchor(terms, lambda _pairs: counted) if terms else ""
        counted[anchor] = counted.get(anchor, 0) + 1
        rows.append(
            Subscription(
                handle=f"{number:016d}",
                key=f"{number:064d}",
                sealed=sealed,
                what=f"o:{slug}" if number % 4 else "o:elsewhere",
                terms=" ".join(terms),
                words=typed,
                anchor=anchor,
                pace=drawn.choice(("now", "day", "week")),
                language="zh-hans",
                asked_at=now,
                confirmed_at=now,
            )
        )
        if len(rows) == AT_ONCE:
            Subscription.objects.bulk_create(rows)
            rows = []


def _timed(news: matching.News, everybody: bool = False) -> list[float]:
    if everybody:
        Subscription.objects.filter(anchor="").update(what=news.lists[1])
        Subscription.objects.exclude(anchor="").update(terms="", anchor="", what=news.lists[1])
    times = []
    for seq in range(REPEATS):
        Alert.objects.all().delete()
        fresh = replace(news)  # without what it remembers
        begun = time.perf_counter()
        workflow.concern(fresh, subject=_subject(), seq=seq, zone="Asia/Shanghai")
        times.append(time.perf_counter() - begun)
    return times


def _subject() -> str:
    return str(queries.open_records().filter(kind=items.RELEASE).order_by("-seq")[0].subject)


def _posted() -> float:
    Alert.objects.filter(letter=None).update(due_at=clock.now() - timedelta(seconds=1))
    workflow.advance(start=jobs.queries.position()[0], stop=10**6)
    begun = time.perf_counter()
    jobs.post.call()
    return time.perf_counter() - begun
