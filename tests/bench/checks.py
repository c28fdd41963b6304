"""Each check before review on a 20-page document, and all of them as a submission runs them.

The document is prose, lists and tables of money with names and numbers, 20 pages of 28 lines of 28
characters; the word list has 2,000 rows. Compared with cleaning the same body once.
"""

import random
from datetime import date

from tests.bench.measure import Series, series, used

from gongkai.procedure.catalogue.vetting import Checks
from gongkai.procedure.proposals.sanitise import blocks, clean, text_of
from gongkai.procedure.review.checks.about import About, Listed
from gongkai.procedure.review.checks.reading import document
from gongkai.procedure.review.checks.running import CHECKS, findings

PAGES, ON_A_PAGE, WORDS, ROUNDS, SEED = 20, 28 * 28, 2000, 7, 20261126
COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分"
    "对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)


def run() -> list[Series]:
    """Reading, each check, all of them."""
    chance = random.Random(SEED)
    body = clean(_body(chance))
    about = About(
        today=date(2026, 11, 26),
        notice_workdays=5,
        words=[Listed("mistyped", _words(chance, 4), "正词") for _ in range(WORDS)],
        elements=[["事项"], ["依据"], ["办理结果"]],
    )
    read = document([("标题", "关于水利设施管护的决定")], body)
    base = series("cleaning the body once", "ms", _times(lambda: blocks(body)))
    found = [
        series(f"check: {name}", "ms", _times(lambda c=check: list(c(read, about))), base)
        for name, check in CHECKS.items()
    ]
    levels = Checks().blocking()
    return [
        Series("characters of text", "", (sum(len(each.text) for each in read.passages),)),
        base,
        series("reading it into passages", "ms", _times(lambda: document([], body)), base),
        *found,
        series("all checks", "ms", _times(lambda: findings(read, about, levels)), base),
    ]


def _times(work) -> list[float]:
    work()
    return [used(work) for _ in range(ROUNDS)]


def _body(chance: random.Random) -> str:
    parts: list[str] = []
    length = 0
    while length < PAGES * ON_A_PAGE:
        part = chance.choice([_prose, _prose, _prose, _table])(chance)
        parts.append(part)
        length += len(text_of(part))
    return "".join(parts)


def _prose(chance: random.Random) -> str:
    day = f"2026年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    number = f"138{chance.randint(10**7, 10**8 - 1)}"
    sentences = [f"{_words(chance, chance.randint(12, 40))}，{day}。" for _ in range(4)]
    return f"<p>{''.join(sentences)}联系电话{number}，支出{chance.randint(1, 9999)}元。</p>"


def _table(chance: random.Random) -> str:
    rows = [
        f"<tr><td>{_words(chance, 6)}</td><td>{chance.randint(1, 99999):,}</td>"
        f"<td>{chance.randint(1, 40)}%</td></tr>"
        for _ in range(12)
    ]
    head = "<tr><th>项目</th><th>金额（元）</th><th>占比</th></tr>"
    return f"<table>{head}{''.join(rows)}<tr><td>合计</td><td>1</td><td>100%</td></tr></table>"


def _words(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(COMMON) for _ in range(count))
