"""The voices of an organisation that has heard half a million: each page and list, by the clock.

``--items`` cases (500,000): three thousand are in hand, of every kind, some late, some urgent; all
others are answered. Every second one agreed to be shown, and hangs on the wall, which then moves.
``BENCH_DATABASE_URL`` names an empty PostgreSQL database; without it, SQLite. Times pass by the
clock, since a database server's work is none of this process.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import cast
from tests.bench import laying, wall
from tests.bench.measure import Series, passed, series
from tests.bench.office import insert

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import Counter
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.workflow import make_account
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import month_before
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.feedback import receipts
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import CaseKind

ITEMS, IN_HAND = 500_000, 3000
AT_ONCE, ROUNDS = 5000, 5
APART = timedelta(minutes=5)
KINDS = (CaseKind.OPINION, CaseKind.HOTLINE, CaseKind.BOOK, CaseKind.LETTER)
POSTS = ("财政所长", "民政办主任", "农业农村办主任", "规划建设办主任")
ENTRIES = ("JC-05", "LZ-01")
TEXT = "村口的水渠断了半个月，稻田里没有水，请尽快派人来修，并告诉我们哪天能修好。"
CODE = "QX7F-2M9D-41XC-8KTA"
PAGES = {
    "what waits": "/desk/",
    "the step's list": "/desk/step/feedback/",
    "all in hand": "/desk/cases/",
    "all in hand, far down": "/desk/cases/?from={far}",
    "overdue": "/desk/cases/?state=overdue",
    "urgent": "/desk/cases/?state=urgent",
    "of one post": "/desk/cases/?post={post}",
    "of one entry": "/desk/cases/?entry=JC-05",
    "of one entry, answered": "/desk/cases/?entry=JC-05&state=answered",
    "by words": "/desk/cases/?words=第7号井",
    "by number": "/desk/cases/?words={number}&state=answered",
    "answered": "/desk/cases/?state=answered",
    "answered, far down": "/desk/cases/?state=answered&from={middle}",
    "a voice": "/desk/case/{number}/",
}


def run(items: int = ITEMS) -> list[Series]:
    """Three lines for each page; the post that answers sees a quarter, the manager everything."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    cast.township()
    township = Organisation.objects.get()
    posts = list(Post.objects.filter(organisation=township, name__in=POSTS).order_by("pk"))
    laying.expose()
    with laying.hasty():
        lay(township, posts, items)
        laying.expose()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    settings.ALLOWED_HOSTS = ["testserver"]
    manager, answering = (_signed_in(township, post) for post in ("党政办主任", POSTS[0]))
    waiting = Case.objects.filter(state="assigned").order_by("promised_on", "pk")
    places = {
        "far": waiting[waiting.count() // 2].pk,
        "post": posts[0].pk,
        "number": f"2026-{items}",
        "middle": Case.objects.get(number=f"2026-{items // 2}").pk,
    }
    pages = {name: page.format(**places) for name, page in PAGES.items()}
    found = [line for name, page in pages.items() for line in _page(manager, name, page)]
    for name in ("what waits", "the step's list", "all in hand", "answered", "by words"):
        found += _page(answering, f"{name}, to one post", pages[name])
    over = month_before(clock.now().date())
    month = Report.objects.create(
        organisation=township,
        kind="answers",
        first=over.first,
        last=over.last,
        state="proposed",
        changed_at=clock.now(),
    )
    found += _page(manager, "the month's report", f"/desk/reports/{month.pk}/")
    found += _counting("a receipt code", _look)
    return [*found, *wall.moved(township)]


def lay(township: Organisation, posts: list[Post], count: int) -> None:
    """The rows as the verbs leave them, written by the thousand."""
    rest, hung = _rows(township, posts, count), wall.Wall(township)
    while portion := list(islice(rest, AT_ONCE)):
        with transaction.atomic():
            insert(Case, [heard.case for heard in portion])
            hung.hang(portion)
            insert(Answer, [heard.answer for heard in portion if heard.answer])
    Counter.objects.create(name=f"case:{township.slug}:{clock.now().year}", value=count)


def _rows(township: Organisation, posts: list[Post], count: int) -> Iterator[wall.Heard]:
    now = clock.now()
    officers = {post.pk: cast.officer_named(township, post.name) for post in posts}
    deputy = cast.officer_named(township, "党委副书记")
    lines = [entry(township, code).pk for code in ENTRIES]
    for n in range(1, count + 1):
        post, age = posts[n // wall.SHOWN % len(posts)], count - n
        at, waits = now - APART * age, age < IN_HAND
        shown = n % wall.SHOWN == 0
        kinds = KINDS[:-1] if shown else KINDS  # letters never hang
        case = {
            "organisation_id": township.pk,
            "number": f"2026-{n}",
            "kind": kinds[n // wall.SHOWN % len(kinds)].value,
            "state": ("received" if n % 10 == 0 else "assigned") if waits else "answered",
            "text": f"第{n % 97}号井：{TEXT}",
            "show": shown,
            "receipt": receipts.hashed(CODE) if n == count // 3 else f"{n:064x}",
            "received_at": _at(at),
            "started_on": _on(at),
            "term": 5,
            "promised_on": _on(at + timedelta(days=7)),
            "urgent": waits and n % 50 == 0,
            "post_id": None if waits and n % 10 == 0 else post.pk,
            "entry_id": lines[n % 7 % len(lines)],
        }
        answer = {
            "case_id": n,
            "text": "已经派人修好，水放到了田里。",
            "outcome": "done",
            "post": post.name,
            "member_id": officers[post.pk].member.pk,
            "at": _at(at),
            "approved_by_id": deputy.member.pk,
            "approved_post": deputy.post_names,
            "approved_at": _at(at),
            "settled_at": _at(at),
        }
        yield wall.Heard(
            n, at, None if case["post_id"] is None else post, case, None if waits else answer
        )


def _at(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _on(at: datetime) -> Any:
    return connection.ops.adapt_datefield_value(at.date())


def _signed_in(township: Organisation, post: str) -> Client:
    client, member = Client(), cast.officer_named(township, post).member
    client.force_login(make_account(member=member, username=f"bench{member.pk}", by=SYSTEM))
    return client


def _page(client: Client, name: str, page: str) -> Iterator[Series]:
    def ask() -> None:
        assert client.get(page).status_code == 200, page

    return _counting(name, ask)


def _look() -> None:
    answer = Client().post("/say/status/", {"code": CODE})
    assert answer.status_code == 200, answer.content.decode()


def _counting(name: str, ask: Callable[[], None]) -> Iterator[Series]:
    ask()  # what is loaded or compiled once does not count
    with CaptureQueriesContext(connection) as asked:
        ask()
    slowest = max((float(each["time"]) for each in asked.captured_queries), default=0.0)
    yield Series(f"{name}: queries", "", (len(asked),))
    yield Series(f"{name}: slowest query", "ms", (slowest * 1e3,))
    yield series(name, "ms", [passed(ask) for _ in range(ROUNDS)])
