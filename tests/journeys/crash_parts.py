"""What the processes of the crash harness do, each in a fork of its own."""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import translation  # noqa: E402
from tests import cast  # noqa: E402
from tests.journeys.crash import Outcome  # noqa: E402
from tests.procedure.editions import MEMBERS, PUBLIC, disclosure_of, sealed  # noqa: E402

from gongkai.config import keeper  # noqa: E402
from gongkai.config.keys import make_keys  # noqa: E402
from gongkai.foundation.core.errors import Conflict, Refused  # noqa: E402
from gongkai.foundation.ledger import jobs, logs  # noqa: E402
from gongkai.foundation.ledger.audit import altered_acts  # noqa: E402
from gongkai.foundation.ledger.lease import Lease  # noqa: E402
from gongkai.foundation.ledger.models import PublicRecord  # noqa: E402
from gongkai.foundation.ledger.queries import exposed_records, head, unlogged  # noqa: E402
from gongkai.foundation.organisations.models import Organisation  # noqa: E402
from gongkai.foundation.organisations.queries import Officer  # noqa: E402
from gongkai.foundation.translog.checkpoint import open_checkpoint  # noqa: E402
from gongkai.foundation.translog.note import Verifier  # noqa: E402
from gongkai.foundation.translog.verify import verify_log  # noqa: E402
from gongkai.foundation.ui.jinja import environment  # noqa: E402
from gongkai.procedure.archive import folders  # noqa: E402
from gongkai.procedure.archive import workflow as archive  # noqa: E402
from gongkai.procedure.archive.models import Filing  # noqa: E402
from gongkai.procedure.publication import workflow as publication  # noqa: E402
from gongkai.procedure.publication.models import Release, Withdrawal  # noqa: E402
from gongkai.procedure.publication.plans import Step  # noqa: E402
from gongkai.procedure.publication.states import ReleaseState  # noqa: E402
from gongkai.procedure.review.models import Edition  # noqa: E402
from gongkai.surfaces.board import build as board  # noqa: E402
from gongkai.surfaces.board import check  # noqa: E402

CLERK, DEPUTY = "党政办主任", "党委副书记"
STAGES = (Step(MEMBERS), Step(PUBLIC))
jobs.GATHERED = (
    timedelta()
)  # no act waits for company, so that every pass can die at the office log
LIFETIME = 5.0
"""Seconds after which a keeper that was to die at a write gives up waiting for one."""


def prepare(count: int) -> None:
    """A township with keys and ``count`` sealed editions, for members first, then the public."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    make_keys(settings.HOME, settings.LOG_ORIGIN)
    township = cast.township()
    with transaction.atomic():
        for number in range(count):
            sealed(disclosure_of(township, title=f"关于第{number + 1}段渠道清淤的决定"))


def compile_templates() -> None:
    """All pages' templates, once for all forks: a keeper that dies young is to die at its work.

    After ``prepare``, since they name the assets that it has collected.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            made = environment()
            for name in made.list_templates(extensions=["jinja"]):
                made.get_template(name)


def publish(told: Path, chance: random.Random, pause: float) -> None:
    """Plan edition after edition, and take some of the open ones back; write down what was done."""
    clerk, deputy = officer(CLERK), officer(DEPUTY)
    waiting = Edition.objects.exclude(pk__in=Release.objects.values("edition")).order_by("pk")
    for edition in waiting.select_related("disclosure"):
        publication.schedule(edition=edition, officer=clerk, steps=STAGES)
        say(told, "planned", edition.disclosure.address)
        if chance.random() < 0.3:
            withdraw_one(told, deputy)
        if chance.random() < 0.3:
            file_one(told, clerk)
        time.sleep(chance.random() * pause)


def work(told: Path) -> None:
    """One more publication, and what there is to take back and to file."""
    clerk = officer(CLERK)
    taken = Release.objects.values("edition")
    edition = Edition.objects.exclude(pk__in=taken).select_related("disclosure").first()
    if edition is not None:
        publication.schedule(edition=edition, officer=clerk, steps=STAGES)
        say(told, "planned", edition.disclosure.address)
    withdraw_one(told, officer(DEPUTY))
    file_one(told, clerk)


def withdraw_one(told: Path, deputy: Officer) -> None:
    """Take back the oldest open item that has not been taken back."""
    taken = Withdrawal.objects.values("disclosure")
    opened = Release.objects.filter(state=ReleaseState.OPEN, scope=PUBLIC)
    release = opened.exclude(disclosure__in=taken).order_by("pk").first()
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


def keep(death: str, pace: int) -> None:
    """Be keeper; die at the ``pace``-th beginning of the step ``death``, or live until killed."""
    left = pace

    def perhaps_die(name: str) -> None:
        nonlocal left
        left -= name == death
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    durable, moved = os.fsync, Path.rename
    os.fsync = lambda handle: (perhaps_die("fsync"), durable(handle))[1]
    Path.rename = lambda old, new: (perhaps_die("rename"), moved(old, new))[1]  # type: ignore[method-assign]
    until = time.monotonic() + LIFETIME
    lease = Lease()
    while not lease.acquire():
        time.sleep(0.02)
    while death not in {"fsync", "rename"} or time.monotonic() < until:
        keeper.run_once(lease, perhaps_die)
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)


def settle() -> None:
    """What a keeper does once nobody kills it any more."""
    for _ in range(2):
        keeper.run_once()


def build_anew(share: float) -> None:
    """Lose a share of the pages, and build them again."""
    pages = sorted(Path(settings.HOME.board).glob("i/*.html"))
    for page in pages[: int(share * len(pages))]:
        page.unlink()
    board.build(hands=2)


def board_faults() -> Iterator[str]:
    """What is wrong with the board after the killed builds, once one has come to its end."""
    board.build(hands=2)
    yield from (f"{path} is not what the records say" for path in check.check().wrong)


def audit(outcome: Outcome, report: Path) -> None:
    """Write down every promise that was not kept."""
    found = [*log_faults(logs.PUBLIC, outcome.notes)]
    found += log_faults(logs.OFFICE, outcome.office_notes)
    found += act_faults()
    found += board_faults()
    for address in outcome.planned | outcome.withdrawn:
        found += [f"{address} {fault}" for fault in item_faults(address)]
    kept = set(Withdrawal.objects.values_list("disclosure__address", flat=True))
    found += [f"{address} the withdrawal was lost" for address in outcome.withdrawn - kept]
    found += archive_faults(outcome.filed)
    twice = PublicRecord.objects.filter(kind="release", version__gt=len(STAGES))
    found += [f"{record.subject} opened twice" for record in twice]
    report.write_text("".join(f"{fault}\n" for fault in found), "utf-8")


def log_faults(log: logs.Log, notes: list[str]) -> Iterator[str]:
    """What an outsider finds wrong: in the log itself, or against the checkpoints it kept."""
    vkey = (log.folder / "vkey").read_text().strip()
    yield from verify_log(log.folder, vkey).faults
    verifier = Verifier.parse(vkey)
    for note in notes:
        kept = open_checkpoint(note, verifier)
        if log.store.root(kept.size) != kept.root:
            yield f"the {log.name} log no longer extends the checkpoint of {kept.size}"


def act_faults() -> Iterator[str]:
    """What the auditor finds wrong: acts that the office log lacks, or tells otherwise."""
    size = head(logs.OFFICE.name).exposed_size
    yield from (str(finding) for finding in altered_acts(size, size))
    if left := unlogged():
        yield f"{left} acts are not in the office log"


def archive_faults(filed: set[str]) -> Iterator[str]:
    """What is wrong with the 件: each acknowledged one stands, whole, with its list."""
    rows = Filing.objects.filter(disclosure__address__in=filed).select_related("disclosure")
    found = {filing.disclosure.address: filing for filing in rows}
    yield from (f"{address} the filing was lost" for address in sorted(filed - set(found)))
    for address, filing in found.items():
        if filing.written_at is None:
            yield f"{address} was filed and has no folder"
        else:
            wrong = folders.faults(folders.folder_of(filing))
            yield from (f"{path} is {what}" for path, what in wrong)


def item_faults(address: str) -> Iterator[str]:
    """What is wrong with one acknowledged item, looking at its records and its page."""
    kinds = sorted(exposed_records().filter(subject=address).values_list("kind", flat=True))
    taken_back = Withdrawal.objects.filter(disclosure__address=address).exists()
    filed = ["filing"] if Filing.objects.filter(disclosure__address=address).exists() else []
    if kinds != filed + (["withdrawal"] if taken_back else ["release"] * len(STAGES)):
        yield f"has the open records {kinds}"
    page = Path(settings.HOME.board) / f"i/{address}.html"
    if not page.exists():
        yield "has no page"
        return
    if ("<!--sealed-->" in page.read_text("utf-8")) == taken_back:
        yield "has a page that shows the wrong thing"
    for twin in (page.with_name(f"{page.name}.br"), page.with_name(f"{page.name}.gz")):
        if twin.exists() and twin.stat().st_mtime_ns != page.stat().st_mtime_ns:
            yield f"has the stale twin {twin.name}"


def officer(post: str) -> Officer:
    """The township's holder of ``post``."""
    return cast.officer_named(Organisation.objects.get(slug="qingxi"), post)


def say(told: Path, *words: str) -> None:
    """One line, ended by a dot, so that a line cut off by death is known as such."""
    with told.open("a", encoding="utf-8") as file:
        file.write(" ".join((*words, ".\n")))
