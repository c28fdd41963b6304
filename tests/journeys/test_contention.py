"""Four processes write at once on one database, and none of their verbs fails.

With Django's default transaction mode, more than half of them fail on SQLite with "locked"; with
ours (see ``settings._database``) the writers wait for one another.
"""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from tests.cast import officer_named
from tests.procedure.editions import township

from gongkai.foundation.ledger.models import Act
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import workflow
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.review.models import Review

__all__ = ["township"]

PROCESSES, ROUNDS = 4, 12

BEGIN = """
import json, os, sys
import django
from django.conf import settings
settings.DATABASES["default"].update(json.loads(os.environ["CONTENTION_DATABASE"]))
django.setup()
from gongkai.foundation.core.errors import Conflict
from gongkai.foundation.organisations import queries as organisations
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.review import workflow as review

number, rounds = int(sys.argv[1]), int(sys.argv[2])
township = organisations.organisation("qingxi")
line = entry(township, "JC-05")
today = organisations.today(township)
officer = organisations.officer_of_post(township, ("organiser", "youth")[number % 2], today)
sys.stdin.readline()
failures = []
"""

MANY_DRAFTS = """
for turn in range(rounds):
    try:
        draft = proposals.begin(
            organisation=township, entry=line, officer=officer,
            title=f"第{number}个进程第{turn}件", body="<p>正文</p>", kind="document",
        )
        draft = proposals.edit(draft=draft, officer=officer, edits=0, body="<p>改过</p>")
        review.submit(draft=draft, officer=officer)
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")
print(json.dumps(failures))
"""

ONE_DRAFT = """
from gongkai.procedure.proposals.models import Draft
for turn in range(rounds):
    while True:
        seen = Draft.objects.get()
        try:
            proposals.edit(
                draft=seen, officer=officer, edits=seen.edits,
                body=seen.body + f"<p>{number}-{turn}</p>",
            )
            break
        except Conflict:
            continue
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")
            break
print(json.dumps(failures))
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_of_verbs_fail_nowhere(township):
    _run(MANY_DRAFTS)
    whole = PROCESSES * ROUNDS
    assert Disclosure.objects.count() == whole
    assert Draft.objects.filter(state="submitted", edits=1, body="<p>改过</p>").count() == whole
    assert Review.objects.filter(state="pending", round=1).count() == whole
    done = Counter(
        Act.objects.filter(subject_label__startswith="第").values_list("verb", flat=True)
    )
    assert done == {"draft.begin": whole, "draft.edit": whole, "draft.submit": whole}


@pytest.mark.django_db(transaction=True)
def test_four_people_at_one_draft_lose_no_word(township):
    officer = officer_named(township, "组织干事")
    workflow.begin(
        organisation=township,
        entry=entry(township, "JC-05"),
        officer=officer,
        title="大家一起改的一件",
        body="",
        kind="document",
    )
    _run(ONE_DRAFT)
    draft = Draft.objects.get()
    written = draft.body.replace("<p>", "").replace("</p>", "").split()
    expected = {f"{number}-{turn}" for number in range(PROCESSES) for turn in range(ROUNDS)}
    assert (draft.edits, len(written), set(written)) == (len(expected), len(expected), expected)
    assert Act.objects.filter(verb="draft.edit").count() == len(expected)


def _run(what):
    """Let the processes go at the same moment; every one must end without a failure."""
    writers = [_writer(number, what) for number in range(PROCESSES)]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [writer.communicate(timeout=120) for writer in writers]
    assert [json.loads(out or "null") for out, _err in told] == [[]] * PROCESSES, told


def _writer(number, what):
    """A process of its own on the test's database, ready to go."""
    database = {
        key: str(connection.settings_dict[key])
        for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + what, str(number), str(ROUNDS)],
        env={
            **os.environ,
            "CONTENTION_DATABASE": json.dumps(database),
            "GONGKAI_HOME": str(settings.HOME.path),
            "PYTHONIOENCODING": "utf-8",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
