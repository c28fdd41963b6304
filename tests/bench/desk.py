"""The desk of an office that has worked for years: what each of its pages costs.

Queries, steps of SQLite's machine (which grow with the rows that are read) and processor time of
one request, as the office manager, who sees everything of the organisation; the acts are the
auditor's. ``--items`` says how many disclosures there are; a hundred are in hand and five hundred
can be filed, however many. A draft of twenty pages is written and saved by a clerk.
"""

from collections.abc import Callable, Iterator
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import cast
from tests.bench import laying, office
from tests.bench.measure import Series, used

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.workflow import make_account
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.proposals.models import Draft

ITEMS = 10_000
ROUNDS, STEPS_AT_ONCE = 5, 100
PAGES = {
    "what waits": "/desk/",
    "drafts": "/desk/step/propose/",
    "reviews": "/desk/step/review/",
    "to publish": "/desk/step/publish/",
    "voices": "/desk/step/feedback/",
    "to file": "/desk/step/archive/",
    "an item": "/desk/i/{item}/",
    "writing a draft": "/desk/i/{draft}/edit/",
    "a draft checked": "/desk/i/{draft}/check/",
    "a draft looked at": "/desk/i/{draft}/preview/web/",
    "a voice": "/desk/case/{case}/",
    "the acts": "/desk/audit/",
    "the members' room": "/members/",
    "the catalogue": "/desk/catalogue/",
    "published, last page": "/desk/step/publish/?state=open",
    "filed, last page": "/desk/step/archive/?state=filed",
    "answered": "/desk/cases/?state=answered",
    "sealed, last page": "/desk/step/review/?state=sealed",
}
LINE = "<p>甲村、乙村的水渠由各村管护，费用按受益田亩分摊，每季度公布一次收支。</p>"
NUMBERS = 40
PARAGRAPHS = 400
"""Twenty pages of some seven hundred characters."""


def run(items: int = ITEMS) -> list[Series]:
    """Three lines for each page."""
    township = laying.fill(10)
    office.lay(township, items)
    settings.ALLOWED_HOSTS = ["testserver"]
    manager, auditor = (_signed_in(township, post) for post in ("党政办主任", "纪委书记"))
    places = {
        "item": f"{items - office.IN_HAND - office.UNFILED // 2:010d}",
        "case": Case.objects.latest("pk").number,
        "draft": f"{items:010d}",
    }
    clerk = _signed_in(township, "组织干事")
    saved = [*_saving(clerk, places["draft"]), *_masking(clerk, places["draft"])]
    pages = {name: page.format(**places) for name, page in PAGES.items()}
    who = {"the acts": auditor, "writing a draft": clerk}
    return saved + [
        line for name, page in pages.items() for line in _page(who.get(name, manager), name, page)
    ]


def _signed_in(township: Organisation, post: str) -> Client:
    client, member = Client(), cast.officer_named(township, post).member
    client.force_login(make_account(member=member, username=f"bench{member.pk}", by=SYSTEM))
    return client


def _saving(client: Client, address: str) -> Iterator[Series]:
    """What the editor sends while somebody writes: each time one more paragraph."""
    path = f"/desk/i/{address}/"
    count = Draft.objects.get(disclosure__address=address).edits

    def save() -> None:
        nonlocal count
        _save(client, path, LINE * (PARAGRAPHS + count))
        count += 1

    return _counting("a draft saved", save)


def _masking(client: Client, address: str) -> Iterator[Series]:
    """Forty telephones put under their mask in one act, and saved there again each time."""
    path = f"/desk/i/{address}/"
    listed = "".join(f"<p>电话1380013{n:04d}。</p>" for n in range(NUMBERS))
    times = []
    for _turn in range(ROUNDS):
        edits = _save(client, path, LINE * PARAGRAPHS + listed)
        asked = {"edits": edits, "reason": "person", "kind": "mobile"}
        times.append(used(lambda: client.post(f"{path}check/mask/", asked)))  # noqa: B023, at once
        assert "1380013" not in Draft.objects.get(disclosure__address=address).body
    yield Series("forty numbers masked", "ms", (median(times) * 1e3,))


def _save(client: Client, path: str, html: str) -> int:
    """Save the text as the editor does, and say how often it has been saved."""
    draft = Draft.objects.get(disclosure__address=path.split("/")[3])
    data = {name: getattr(draft, name) for name in ("title", "kind", "form", "channels")}
    data |= {f"take_{step['scope']}": "on" for step in draft.plan}
    answer = client.post(f"{path}autosave/", {**data, "edits": draft.edits, "html": html})
    assert answer.status_code == 200, answer.content.decode()
    return int(answer.json()["edits"])


def _page(client: Client, name: str, page: str) -> Iterator[Series]:
    def ask() -> None:
        assert client.get(page).status_code == 200, page

    return _counting(name, ask)


def _counting(name: str, ask: Callable[[], None]) -> Iterator[Series]:
    ask()  # what is loaded or compiled once does not count
    queries, steps = _counted(ask)
    yield Series(f"{name}: queries", "", (queries,))
    yield Series(f"{name}: SQLite's steps", "k", (steps,))
    yield Series(name, "ms", (median(used(ask) for _ in range(ROUNDS)) * 1e3,))


def _counted(ask: Callable[[], None]) -> tuple[int, float]:
    """Queries and thousands of SQLite's steps of one request."""
    steps = 0

    def stepped() -> int:
        nonlocal steps
        steps += STEPS_AT_ONCE
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(stepped, STEPS_AT_ONCE)
    with CaptureQueriesContext(connection) as asked:
        ask()
    connection.connection.set_progress_handler(None, 0)
    return len(asked), steps / 1000
