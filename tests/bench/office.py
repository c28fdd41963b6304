"""The office's own rows, laid as if it had worked for years: all steps, most of it done and filed.

Rows as the verbs leave them, written by the thousand. The newest :data:`IN_HAND` disclosures are at
work, spread over the steps; a year's worth before them stands open; everything older is filed.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from tests import cast
from tests.bench.laying import hasty
from tests.procedure.editions import MEMBERS, PUBLIC, planned

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication.models import Release
from gongkai.procedure.review.models import Edition, Hand, Opinion, Review

AT_ONCE = 2000
IN_HAND = 100
UNFILED = 500
APART = timedelta(minutes=90)
VOICED = 4
"""One disclosure in so many has a voice."""
TEXT = "为做好水利设施管护工作，保障灌溉用水，现就有关事项决定如下。"
STEPS = ("draft", "review", "passed", "sealed", "planned")
VERBS = ("draft.begin", "draft.submit", "review.pass", "review.seal", "release.plan")


def lay(township: Organisation, count: int) -> None:
    """``count`` disclosures of ``township`` with all that their steps left in the database."""
    with hasty():
        rest = _Office(township, count).rows()
        while portion := list(islice(rest, AT_ONCE)):
            rows: dict[type[models.Model], list[dict[str, Any]]] = {}
            for each in portion:
                for model, values in each:
                    rows.setdefault(model, []).append(values)
            with transaction.atomic():
                for model, values in rows.items():
                    insert(model, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def insert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Rows as they are; what a row does not say is the field's default."""
    fields = [
        each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)
    ]
    usual = {
        field.attname: field.get_db_prep_save(field.get_default(), connection) for field in fields
    }
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    names = [field.attname for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})",
            [tuple((usual | row)[name] for name in names) for row in rows],
        )


Rows = list[tuple[type[models.Model], dict[str, Any]]]


class _Office:
    """The rows of one disclosure after another, oldest first, keys counted from one (办公室)."""

    def __init__(self, township: Organisation, count: int) -> None:
        self.township, self.count = township, count
        self.version = charter_of(township)[0]
        self.stages = len(self.version.charter.stages)
        self.entries = list(Entry.objects.filter(organisation=township).order_by("pk"))
        self.proposer = cast.officer_named(township, "组织干事")
        self.reviewer = cast.officer_named(township, "党委副书记")
        self.office = cast.officer_named(township, "党政办主任")
        self.post = Post.objects.get(organisation=township, name="党政办主任")
        self.now = clock.now()
        self.plan = _json(planned(MEMBERS, PUBLIC))
        self.keys = {scope: _json([scope]) for scope in (MEMBERS, PUBLIC)}
        self.cases = self.acts = 0

    def rows(self) -> Iterator[Rows]:
        """What each disclosure left."""
        for n in range(1, self.count + 1):
            yield self._disclosure(n, self.count - n)

    def _disclosure(self, n: int, age: int) -> Rows:
        at = self.now - APART * (age + 1)
        done = age >= IN_HAND
        step = "open" if done else STEPS[age % len(STEPS)]
        entry = self.entries[n % len(self.entries)]
        filed = age >= IN_HAND + UNFILED
        rows: Rows = [
            (
                Disclosure,
                {
                    "organisation_id": self.township.pk,
                    "entry_id": entry.pk,
                    "address": f"{n:010d}",
                    "number": f"QX-{entry.category}-{n}" if done else None,
                    "title": f"关于第{n}项水利设施管护的决定",
                    "made_at": _at(at),
                    "waits": step == "sealed",
                    "filed": filed,
                },
            ),
            (Draft, self._draft(n, step, at)),
        ]
        rows += self._acts(n, step, at)
        if step != "draft":
            rows += self._review(n, step, at)
        if step in {"sealed", "planned", "open"}:
            rows.append((Edition, self._edition(n, at)))
        if step in {"planned", "open"}:
            rows += [(Release, each) for each in self._releases(n, step, at)]
        if step == "open" and n % VOICED == 0:
            rows += self._case(n, age < IN_HAND + 4 * VOICED * 5, at)
        if filed:
            rows.append((Filing, self._filing(n, at)))
        return rows

    def _draft(self, n: int, step: str, at: datetime) -> dict[str, Any]:
        states = {"draft": "writing", "review": "submitted", "passed": "submitted"}
        submitted = step != "draft"
        return {
            "disclosure_id": n,
            "number": 1,
            "state": states.get(step, "sealed"),
            "title": f"关于第{n}项水利设施管护的决定",
            "body": f"<p>{TEXT * 15}</p>",
            "kind": "notice" if n % 20 == 0 else "document",
            "form": "daily",
            "plan": self.plan,
            "channels": "[]",
            "authors": _json([self.proposer.member.key]),
            "proposer_id": self.proposer.member.pk,
            "proposer_post": self.proposer.post_names,
            "statement": _json({"text": "属实"}) if submitted else None,
            "changed_at": _at(at),
            "submitted_at": _at(at) if submitted else None,
        }

    def _review(self, n: int, step: str, at: datetime) -> Rows:
        state = {"review": "pending", "passed": "passed"}.get(step, "sealed")
        posts = {"review": [self.post.key], "passed": list(self.version.charter.seal.posts)}
        review = {
            "draft_id": n,
            "round": 1,
            "charter_id": self.version.pk,
            "state": state,
            "stage": 0 if step == "review" else self.stages,
            "posts": _json(posts.get(step, [])),
            "began_at": _at(at),
            "due_on": _on(at + timedelta(days=3)),
        }
        key, member = self._of(n, "draft"), self.reviewer.member.pk
        part = {"review_id": key, "member_id": member}
        hand = {"key": f"{key}:{member}:", **part}
        opinion = {
            **part,
            "hand_id": hand["key"],
            "stage": 0,
            "post": "党委副书记",
            "decision": "pass",
            "text": "内容属实，同意公开。",
            "at": _at(at),
        }
        passed = [(Hand, hand), (Opinion, opinion)]
        return [(Review, review), *(passed if step != "review" else [])]

    def _edition(self, n: int, at: datetime) -> dict[str, Any]:
        return {
            "disclosure_id": n,
            "review_id": self._of(n, "draft"),
            "number": 1,
            "digest": canonical.digest(self._sealed(n)),
            "data": self._sealed(n),
            "seal_number": f"青审〔{n}〕号",
            "sealed_at": _at(at),
            "sealed_by": "党委书记",
        }

    def _sealed(self, n: int) -> bytes:
        """What the pages read of the sealed bytes."""
        return canonical.encode(
            {
                "title": f"关于第{n}项水利设施管护的决定",
                "body": f"<p>{TEXT * 15}</p>",
                "kind": "document",
                "document_number": "",
                "attachments": [],
                "plan": planned(MEMBERS, PUBLIC),
                "channels": [],
                "charter": self.version.digest,
                "note": "",
            }
        )

    def _releases(self, n: int, step: str, at: datetime) -> Iterator[dict[str, Any]]:
        opened = step == "open"
        for order, scope in enumerate((MEMBERS, PUBLIC)):
            yield {
                "edition_id": self._of(n, "draft", "review", "passed"),
                "disclosure_id": n,
                "order": order,
                "scope": scope,
                "audience": '["public"]' if scope == PUBLIC else '["party"]',
                "last": order == 1,
                "state": "open" if opened else "planned",
                "opens_at": _at(at if opened else self.now + timedelta(days=1)),
                "opened_at": _at(at) if opened else None,
                "record": 2 * n + order if opened else None,
            }

    def _case(self, n: int, waits: bool, at: datetime) -> Rows:
        self.cases += 1
        case = {
            "organisation_id": self.township.pk,
            "disclosure_id": n,
            "number": f"QX-{self.cases:07d}",
            "state": "assigned" if waits else "answered",
            "text": "水渠什么时候修好？" * 5,
            "show": True,
            "receipt": f"{n:064x}",
            "received_at": _at(at),
            "promised_on": _on(at + timedelta(days=7)),
            "started_on": _on(at),
            "term": 5,
            "post_id": self.post.pk,
        }
        if waits:
            return [(Case, case)]
        answer = {
            "case_id": self.cases,
            "text": "已经安排修复，本月完工。",
            "outcome": "done",
            "post": "党政办主任",
            "member_id": self.office.member.pk,
            "at": _at(at),
            "approved_by_id": self.reviewer.member.pk,
            "approved_post": "党委副书记",
            "approved_at": _at(at),
            "settled_at": _at(at),
        }
        return [(Case, case), (Answer, answer)]

    def _filing(self, n: int, at: datetime) -> dict[str, Any]:
        return {
            "disclosure_id": n,
            "file_number": f"C001-GK-{n}",
            "retention": "Y",
            "title": f"关于第{n}项水利设施管护的决定",
            "year": at.year,
            "member_id": self.office.member.pk,
            "post": "党政办主任",
            "filed_at": _at(at),
            "written_at": _at(at),
            "manifest": f"{n:064x}",
        }

    def _acts(self, n: int, step: str, at: datetime) -> Rows:
        self.acts += len(VERBS)
        reached = {"draft": 1, "review": 2, "passed": 3, "sealed": 4, "planned": 5, "open": 5}
        return [
            (
                Act,
                {
                    "at": _at(at),
                    "verb": verb,
                    "organisation": self.township.slug,
                    "actor": f"member:{self.proposer.member.key}",
                    "actor_label": ("组织干事", "党政办主任", "党委副书记")[place % 3],
                    "subject": f"{n:010d}",
                    "subject_label": f"关于第{n}项水利设施管护的决定",
                    "facts": "{}",
                    "seq": self.acts + place,
                },
            )
            for place, verb in enumerate(VERBS[: reached[step]])
        ]

    def _of(self, n: int, *without: str) -> int:
        """The key that a row of disclosure ``n`` has, of a table in which some steps have none."""
        first = self.count - IN_HAND  # all before it have one
        before = range(first + 1, n + 1)
        return min(n, first) + sum(
            STEPS[(self.count - each) % len(STEPS)] not in without for each in before
        )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _at(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _on(at: datetime) -> Any:
    return connection.ops.adapt_datefield_value(at.date())
