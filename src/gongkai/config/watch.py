"""The integrity watch 完整性巡查: everything kept is read again within a set number of days.

    tick, each hour ──► one task ──► worker: what was damaged, again; then a share of each part

The keeper never hashes. Each part has a cursor in the order of an index, so a share costs the same
at a thousand things and at a million; a worker that died, or slept, goes on where the cursor stands
and takes a larger share. What is damaged is told once by mail, and at the desk and by ``gongkai
doctor`` as long as it is.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.files import queries, storage
from gongkai.foundation.files.models import Damage, StoredFile
from gongkai.foundation.files.workflow import note_mended, report
from gongkai.foundation.ledger import inspection
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC, Log
from gongkai.foundation.ledger.models import Cursor
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive import folders
from gongkai.procedure.archive.models import Deposit, Filing
from gongkai.procedure.review.models import Edition

logger = logging.getLogger(__name__)

HOUR, LAST = 3600, "watch:hour"
LONGEST = 600.0
"""Seconds after which a task leaves the rest of its share to the next one."""
NAMED = 20
"""Damages that a letter names; the desk names all."""

Fault = tuple[str, str]
Look = tuple[int, list[Fault]]


@dataclass(frozen=True)
class Part:
    """One kind of what is kept (巡查的部分): how much there is, and how to look.

    ``look(after, count)`` gives, one by one, the next cursor and what is wrong there, and ends
    early when there is no more.
    """

    name: str
    total: Callable[[], int]
    look: Callable[[int, int], Iterator[Look]]


def due(now: datetime) -> int:
    """For the tick: have the worker look, once an hour. Returns how many hours it is to make up."""
    hour = int(now.timestamp()) // HOUR
    last = Cursor.objects.filter(name=LAST).values_list("seq", flat=True).first()
    if last is not None and last >= hour:
        return 0
    hours = min(hour - last, _hours()) if last is not None else 1
    with transaction.atomic():
        Cursor.objects.update_or_create(name=LAST, defaults={"seq": hour})
        look.enqueue(hours)
    return hours


@task
def look(hours: int) -> None:
    """What is known to be damaged, then the shares of so many hours. May run twice."""
    look_again()
    until = time.monotonic() + LONGEST
    for part in parts():
        share = -(-part.total() * hours // _hours())
        _walk(part, max(1, share), until)


def whole() -> None:
    """All of it at once, from the beginning; for whoever does not want to wait."""
    look_again()
    for part in parts():
        _to_cursor(part, 0)
        _walk(part, part.total() + 1, float("inf"))


def parts() -> tuple[Part, ...]:
    """Everything that is kept and cannot be made anew."""
    return (
        Part("files", partial(_last, StoredFile), _files),
        Part("editions", partial(_last, Edition), _editions),
        Part("archive", partial(_last, Filing), _filings),
        Part("deposits", partial(_last, Deposit), _deposits),
        Part("log", partial(inspection.bundles, PUBLIC), partial(_bundles, PUBLIC)),
        Part("audit", partial(inspection.bundles, OFFICE), partial(_bundles, OFFICE)),
    )


def _hours() -> int:
    days: int = settings.WATCH_DAYS
    return max(1, days * 24)


def _walk(part: Part, share: int, until: float) -> None:
    """Look at ``share`` things after the cursor; from the beginning again next time, at the end."""
    cursor = Cursor.objects.get_or_create(name=f"watch:{part.name}")[0].seq
    done, found = [cursor], dict[str, str]()
    for place, faults in part.look(cursor, share):
        found |= dict(faults)
        done.append(place)
        if time.monotonic() > until:
            break
    else:
        done.append(done[-1] if len(done) > share else 0)
    cursor = done[-1]
    _note(found)
    _to_cursor(part, cursor)


def _to_cursor(part: Part, place: int) -> None:
    Cursor.objects.update_or_create(name=f"watch:{part.name}", defaults={"seq": place})


# -- looking ---------------------------------------------------------------------------------------


def _last(model: type[StoredFile | Edition | Filing | Deposit]) -> int:
    found = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


def _files(after: int, count: int) -> Iterator[Look]:
    rows = StoredFile.objects.filter(pk__gt=after, erased_at=None).order_by("pk")
    for pk, digest in rows.values_list("pk", "digest")[:count].iterator():
        yield pk, _file(digest)


def _file(digest: str) -> list[Fault]:
    what = storage.fault(digest)
    if what and StoredFile.objects.filter(digest=digest, erased_at=None).exists():
        return [(_inner(storage.path(digest)), what)]
    return []  # sound, or erased meanwhile


def _editions(after: int, count: int) -> Iterator[Look]:
    rows = Edition.objects.filter(pk__gt=after, data__isnull=False).order_by("pk")
    for pk, digest, data in rows.values_list("pk", "digest", "data")[:count].iterator():
        right = canonical.digest(bytes(data or b"")) == digest
        yield pk, [] if right else [(f"edition:{pk}", "changed")]


def _filings(after: int, count: int) -> Iterator[Look]:
    rows = Filing.objects.filter(pk__gt=after, written_at__isnull=False).order_by("pk")
    for filing in rows[:count].iterator():
        yield filing.pk, _filing(filing)


def _deposits(after: int, count: int) -> Iterator[Look]:
    rows = Deposit.objects.filter(pk__gt=after, written_at__isnull=False).order_by("pk")
    for deposit in rows[:count].iterator():
        yield deposit.pk, _standing(deposit, deposit.manifest)


def _filing(filing: Filing) -> list[Fault]:
    found = _standing(filing, filing.manifest if filing.erased_at is None else "")
    if found and Filing.objects.filter(pk=filing.pk, erased_at=filing.erased_at).exists():
        return found
    return []  # sound, or replaced meanwhile


def _standing(kept: Filing | Deposit, written: str) -> list[Fault]:
    folder = folders.folder_of(kept)
    found = [(_inner(path), what) for path, what in folders.faults(folder)]
    listing = folder / folders.MANIFEST
    if not found and written and canonical.digest(listing.read_bytes()) != written:
        found.append((_inner(listing), "changed"))
    return found


def _bundles(log: Log, after: int, count: int) -> Iterator[Look]:
    for number in range(after, min(after + count, inspection.bundles(log))):
        yield number + 1, inspection.faults(log, number)


def _inner(path: Path) -> str:
    return path.relative_to(settings.HOME.path).as_posix()


# -- telling ---------------------------------------------------------------------------------------


def _note(found: dict[str, str]) -> None:
    """Write down what is damaged, and tell the administrators what nobody knew of."""
    if not found:
        return
    with transaction.atomic():
        if news := report(found, clock.now()):
            logger.error("integrity watch: %s damaged, the first is %s", len(news), news[0].path)
            _write(_("保存的内容有损坏"), news, _("请运行 gongkai doctor，照它说的办。"))


def look_again() -> None:
    """Whether what was damaged is whole again."""
    mended = [each for each in queries.damages() if is_whole(each)]
    if mended:
        with transaction.atomic():
            note_mended(mended, clock.now())
            _write(_("损坏的内容已经修好"), mended, "")


def is_whole(damage: Damage) -> bool:
    """Whether nothing is wrong any more with what ``damage`` names."""
    kind, _colon, number = damage.path.partition(":")
    top = kind.partition("/")[0]
    if top == "files":
        return not _file(Path(kind).name)
    if top == "archive":
        return not any(damage.path == path for path, _what in _archived(Path(kind)))
    if kind == "edition":
        return not any(faults for _pk, faults in _editions(int(number) - 1, 1))
    log = OFFICE if kind in {"act", "unlogged"} or top == "audit" else PUBLIC
    found = dict(inspection.faults(log, inspection.bundle_of(log, damage.path)))
    files = any("/" in path for path in found)  # then nobody looked at the rows
    return not files and damage.path not in found


def _archived(path: Path) -> list[Fault]:
    """What is wrong with the 件 that ``path`` lies in: the archive's third level."""
    folder = Path(settings.HOME.path) / Path(*path.parts[:3])
    found = [(_inner(file), what) for file, what in folders.faults(folder)]
    for filing in Filing.objects.filter(year=int(path.parts[1])).iterator():
        if folders.folder_of(filing) == folder:
            return _filing(filing)
    for deposit in Deposit.objects.filter(year=int(path.parts[1])).iterator():
        if folders.folder_of(deposit) == folder:
            return _standing(deposit, deposit.manifest)
    return found


def _write(subject: str, damages: list[Damage], then: str) -> None:
    """A letter to whoever administers the installation and has an address."""
    installation = organisations.installation()
    if installation is None:
        return
    today = organisations.today(installation)
    holders = (
        organisations.holder(post, today)
        for post in organisations.posts_with_right(installation, Right.ADMINISTER)
    )
    accounts = (holder.account for holder in holders if holder)
    addresses = sorted({each.email for each in accounts if each and each.email})
    lines = [f"{each.path}  {each.get_what_display()}" for each in damages[:NAMED]]
    if len(damages) > NAMED:
        lines.append(_("一共%(count)s处。") % {"count": len(damages)})
    if addresses:
        body = "\n".join([*lines, "", then, settings.OFFICE_URL]) + "\n"
        send_mail(f"{installation}：{subject}", body, None, addresses)
