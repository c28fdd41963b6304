"""What people say of postings: that a sheet was put up, still hangs, came down, could not go out.

Each verb takes many at once, as somebody walks along the board with the checklist; either all are
written down or none.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import IO

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.publication import posting_rules as rules
from gongkai.procedure.publication import postings
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.procedure.publication.postings import Proof
from gongkai.procedure.publication.states import EvidenceKind

Rule = Callable[[Posting], list[str]]


@transaction.atomic
def put_up(
    *, chosen: Sequence[Posting], officer: Officer, at: datetime | None = None, said: str = ""
) -> list[Posting]:
    """These went out, at ``at`` or just now, on the word of ``officer`` 登记贴出."""
    now = clock.now()
    day = at or now
    rows = held(chosen, lambda each: rules.put_up_obstacles(each, officer, day, now))
    for posting in rows:
        _note(posting, officer, "up", day, said)
        postings.out(posting, False, day, officer, said)
    return rows


@transaction.atomic
def confirm(*, chosen: Sequence[Posting], officer: Officer, said: str = "") -> list[Posting]:
    """``officer`` has looked, and these are where they should be 证实."""
    now = clock.now()
    rows = held(chosen, lambda each: rules.confirm_obstacles(each, officer))
    for posting in rows:
        _note(posting, officer, "seen", now, said)
        postings.out(posting, True, now, officer, said)
    return rows


@transaction.atomic
def bring_down(
    *, chosen: Sequence[Posting], officer: Officer, at: datetime | None = None, said: str = ""
) -> list[Posting]:
    """These came down, or were not there 登记取下."""
    now = clock.now()
    day = at or now
    rows = held(chosen, lambda each: rules.bring_down_obstacles(each, officer, day, now))
    for posting in rows:
        _note(posting, officer, "down", day, said)
        postings.down(posting, day, said, officer)
    return rows


@transaction.atomic
def fail(*, chosen: Sequence[Posting], officer: Officer, reason: str) -> list[Posting]:
    """These could not go out, for a ``reason`` 登记没有发成."""
    now = clock.now()
    rows = held(chosen, lambda each: rules.fail_obstacles(each, officer, reason))
    for posting in rows:
        postings.failed(posting, now, reason.strip(), officer)
    return rows


def photograph(
    *,
    posting: Posting,
    officer: Officer,
    upload: IO[bytes],
    name: str,
    key: str,
    at: datetime,
    place: str = "",
) -> Posting:
    """A photograph of it where it hangs, taken at ``at`` 拍照佐证.

    It is drawn anew like every picture. ``key`` is the telephone's: sent twice, it counts once.
    Of something that has come down already the photograph is kept, and says nothing new.
    ``Refused`` when it is no picture, or of something that is not to hang.
    """
    if Evidence.objects.filter(posting=posting, key=key).exists():
        return posting
    if obstacles := rules.photo_obstacles(posting, officer, at, clock.now()):
        raise Refused(obstacles)
    file = files.keep(upload, name, officer)
    if obstacles := rules.picture_obstacles(file.media_type):
        raise Refused(obstacles)
    return _photographed(posting, officer, Proof(EvidenceKind.PHOTO, key, at, place), file)


@transaction.atomic
def _photographed(posting: Posting, officer: Officer, proof: Proof, file: StoredFile) -> Posting:
    posting = postings.lock(posting)
    if Evidence.objects.filter(posting=posting, key=proof.key).exists():
        return posting
    if obstacles := rules.photo_obstacles(posting, officer, proof.at, clock.now()):
        raise Refused(obstacles)
    postings.keep(posting, proof, officer.post_names, file)
    return postings.out(posting, True, proof.at, officer)


def held(chosen: Sequence[Posting], asks: Rule) -> list[Posting]:
    """The postings, held in one order, once ``asks`` finds nothing wrong with any of them."""
    keys = sorted({posting.pk for posting in chosen})
    rows = Posting.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    related = ("release__disclosure__organisation", "release__edition", "organisation")
    held = list(rows.select_related(*related).order_by("pk"))
    obstacles = rules.none_chosen(held)
    for posting in held:
        title = posting.release.disclosure.title
        obstacles += [rules.named(title, said) for said in asks(posting)]
    if obstacles:
        raise Refused(obstacles)
    return held


def _note(posting: Posting, officer: Officer, what: str, at: datetime, said: str) -> None:
    """Somebody's word, kept under the number it is of this posting."""
    number = Evidence.objects.filter(posting=posting).count() + 1
    proof = Proof(EvidenceKind.NOTE, f"{what}:{number}", at, said=said)
    postings.keep(posting, proof, officer.post_names)
