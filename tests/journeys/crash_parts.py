"""What the processes of the crash harness do, each in a fork of its own."""

# ruff: noqa: E402  (Django is set up before anything of ours is brought in)

import gc
import logging
import os
import random
import re
import signal
import time
from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from itertools import count
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Mod
from django.test import Client
from django.urls import get_resolver
from tests import cast
from tests.journeys import crash_faults as faults
from tests.journeys import crash_witness as witness
from tests.journeys.crash import Outcome
from tests.procedure import editions
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, sealed

from gongkai.config import keeper
from gongkai.config.keys import make_keys
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger import jobs, logs
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import spoken
from gongkai.foundation.ui.jinja import environment
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Release, Withdrawal
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.publication.states import ReleaseState
from gongkai.surfaces.board import addresses
from gongkai.surfaces.board import build as board

STEPS = (*(name for name, _step in keeper.STEPS), keeper.UPKEEP, keeper.BACKGROUND)
DEATHS = (*STEPS, "fsync", "rename", "anywhere", "publisher", "reader", *witness.DEATHS)
CLERK, DEPUTY = "党政办主任", "党委副书记"
STAGES = (Step(MEMBERS), Step(PUBLIC))
VOICE = {"show": "yes", "kind": "topic", "website": ""}
LATE = ("brotli", "chinese_calendar", "icalendar", "rjieba", "segno", "tantivy")
"""What the program loads where it is first used."""
jobs.GATHERED = (
    timedelta()
)  # no act waits for company, so that every pass can die at the office log
LIFETIME = 60.0
"""Seconds within which a keeper that is to die at a write comes to that write."""


def warm() -> None:
    """Load what the children need, so that they need not; nothing is opened (``crash.alone``)."""
    for name in LATE:
        import_module(name)
    get_resolver().check()
    for language, _root in addresses.LANGUAGES:
        with spoken.speaking(language):
            templates = environment()
            for name in templates.list_templates(extensions=["jinja"]):
                templates.get_template(name)
    gc.collect()
    gc.freeze()


def prepare() -> None:
    """A township with keys."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    make_keys(settings.HOME, settings.LOG_ORIGIN)
    cast.township()


def begin(told: Path) -> None:
    """Publish a first thing, so that both logs have a checkpoint."""
    work(told)
    keeper.run_once()


# -- people ----------------------------------------------------------------------------------------


def publish(told: Path, chance: random.Random, pause: float) -> None:
    """Plan edition after edition, and take some of the open ones back; write down what was done."""
    clerk, deputy, turn = officer(CLERK), officer(DEPUTY), chance.randrange(3)
    while True:
        plan_one(told, clerk)
        if chance.random() < 0.3:
            withdraw_one(told, deputy, turn)
        if chance.random() < 0.3:
            file_one(told, clerk)
        time.sleep(chance.random() * pause)


def speak(told: Path, chance: random.Random, pause: float) -> None:
    """Say one thing after the other as a reader does, and write down each code that was shown.

    Each in words of its own: the same words from one network make one case a day.
    """
    while True:
        reader = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"10.0.{chance.randrange(256)}.1")
        words = f"水渠什么时候修好？（{chance.getrandbits(64)}）"
        confirm = reader.post("/say/", {**VOICE, "say": words})
        answer = reader.post("/say/", {"token": _found(r'name="token" value="([^"]+)"', confirm)})
        say(told, "spoken", _found(r'class="receipt">([^<]+)<', answer))
        time.sleep(chance.random() * pause)


def _found(pattern: str, answer: object) -> str:
    page = answer.content.decode()
    found = re.search(pattern, page)
    if found is None:
        raise AssertionError(f"the office answered {answer}: {page}")
    return found[1]


def work(told: Path) -> None:
    """One more publication, and what there is to take back and to file."""
    plan_one(told, officer(CLERK))
    withdraw_one(told, officer(DEPUTY))
    file_one(told, officer(CLERK))


def plan_one(told: Path, clerk: Officer) -> None:
    """Seal an edition, and plan it for members first, then the public."""
    editions._seals = count(1 + Release.objects.count() * 1000 + os.getpid())
    with transaction.atomic():
        edition = sealed(disclosure_of(clerk.organisation, title="关于渠道清淤的决定"))
    publication.schedule(edition=edition, officer=clerk, steps=STAGES)
    say(told, "planned", edition.disclosure.address)


def withdraw_one(told: Path, deputy: Officer, turn: int = 0) -> None:
    """Take back an open item that has not been taken back."""
    taken = Withdrawal.objects.values("disclosure")
    opened = Release.objects.filter(state=ReleaseState.OPEN, scope=PUBLIC)
    waiting = opened.exclude(disclosure__in=taken).order_by(Mod("pk", 3), "pk")
    release = waiting[turn:].first()
    if release is None:
        return
    try:
        publication.withdraw(disclosure=release.disclosure, officer=deputy, reason="数字有误")
    except (Conflict, Refused):
        return
    say(told, "withdrawn", release.disclosure.address)


def file_one(told: Path, clerk: Officer) -> None:
    """File the oldest item that was taken back and is not filed."""
    filed = Filing.objects.values("disclosure")
    gone = Withdrawal.objects.exclude(disclosure__in=filed).order_by("pk").first()
    if gone is None:
        return
    try:
        archive.file(disclosure=gone.disclosure, officer=clerk)
    except (Conflict, Refused):
        return
    say(told, "filed", gone.disclosure.address)


def officer(post: str) -> Officer:
    """The township's holder of ``post``."""
    return cast.officer_named(Organisation.objects.get(slug="qingxi"), post)


def say(told: Path, *words: str) -> None:
    """One line, ended by a dot, so that a line cut off by death is known as such."""
    with told.open("a", encoding="utf-8") as file:
        file.write(" ".join((*words, ".\n")))


# -- the keeper ------------------------------------------------------------------------------------


def keep(death: str, pace: int, report: Path) -> None:
    """Be keeper; die at the ``pace``-th beginning of the step ``death``, or live until killed."""
    left = pace

    def perhaps_die(name: str) -> None:
        nonlocal left
        left -= name == death
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    durable, moved, replaced = os.fsync, Path.rename, os.replace
    os.fsync = lambda handle: (perhaps_die("fsync"), durable(handle))[1]
    Path.rename = lambda old, new: (perhaps_die("rename"), moved(old, new))[1]
    os.replace = lambda old, new: (perhaps_die("rename"), replaced(old, new))[1]
    logging.getLogger().addHandler(Complaints(report))
    until = time.monotonic() + LIFETIME
    lease = Lease()
    while not lease.acquire():
        time.sleep(0.02)
    for log in (logs.PUBLIC, logs.OFFICE):
        write_down(report, faults.tiles_faults(log))
    jobs.check_head()
    while time.monotonic() < until:
        keeper.run_once(lease, perhaps_die)
        time.sleep(0.01)


def settle(report: Path) -> None:
    """What a keeper does once nobody kills it any more; then the board is as the records say."""
    logging.getLogger().addHandler(Complaints(report))
    for _ in range(2):
        keeper.run_once()
    write_down(report, faults.left_behind())


def build_anew(share: float) -> None:
    """Lose a share of the pages, and build them again."""
    pages = sorted(Path(settings.HOME.board).glob("i/*.html"))
    for page in pages[: int(share * len(pages))]:
        page.unlink()
    board.build(hands=2)


def audit(outcome: Outcome, neighbour: witness.Neighbourhood | None, report: Path) -> None:
    """Write down every promise that was not kept."""
    write_down(report, faults.faults(outcome, steps=len(STAGES)))
    if neighbour:
        write_down(report, neighbour.faults(outcome.given, outcome.heard))


class Complaints(logging.Handler):
    """What a keeper reports as an error is a broken promise, even if it goes on."""

    def __init__(self, report: Path) -> None:
        super().__init__(logging.ERROR)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down; the one that says it may be killed at once."""
        write_down(self._report, [f"a keeper said: {record.getMessage()}"])


def write_down(report: Path, found: Iterable[str]) -> None:
    """Add broken promises to the report."""
    told = list(found)
    with report.open("a", encoding="utf-8") as file:
        file.writelines(f"{fault}\n" for fault in told)
