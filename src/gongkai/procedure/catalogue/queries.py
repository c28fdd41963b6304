"""Reads about the charter in force and its entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.models import CharterVersion, Entry, Revision
from gongkai.procedure.catalogue.states import EDITABLE, UNFINISHED, RevisionState

_known: ContextVar[dict[int, CharterVersion] | None] = ContextVar("_known", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, the charter in force is asked for once, however often it is needed.

    For one short piece of work, as the answer to one request: whoever is promised something is
    promised it by one charter, though a new one should come into force meanwhile.
    """
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def charter_of(organisation: Organisation) -> tuple[CharterVersion, Charter]:
    """The charter in force, as applied and as data: 1 query. ``Refused`` before the first."""
    known = _known.get()
    version = known.get(organisation.pk) if known else None
    version = version or latest_version(organisation)
    if known is not None and version is not None:
        known[organisation.pk] = version
    if version is None:
        wording = _("%(organisation)s还没有实施办法。请先用gongkai charter apply生效一份。")
        raise Refused([wording % {"organisation": organisation}])
    return version, version.charter


def latest_version(organisation: Organisation) -> CharterVersion | None:
    """The version in force, without its text until asked for; none before the first."""
    return versions(organisation).defer("source").first()


def versions(organisation: Organisation) -> QuerySet[CharterVersion]:
    """Every charter there was, newest first."""
    return CharterVersion.objects.filter(organisation=organisation).order_by("-number")


def entries(organisation: Organisation) -> QuerySet[Entry]:
    """The lines of the catalogue in force, by code."""
    return Entry.objects.filter(organisation=organisation, retired=False).order_by("code")


def entry(organisation: Organisation, code: str) -> Entry:
    """The line ``code``, also one that has been retired. ``Refused`` when there never was one."""
    found = Entry.objects.filter(organisation=organisation, code=code).first()
    if found is None:
        raise Refused([_("公开目录里没有“%(code)s”这一项。") % {"code": code}])
    return found


# -- revisions -------------------------------------------------------------------------------------


def revisions(organisation: Organisation) -> QuerySet[Revision]:
    """Every revision of the catalogue there was, newest first, without its text."""
    found = Revision.objects.filter(organisation=organisation).select_related("base")
    return found.defer("source", "base__source").order_by("-pk")


def revision(organisation: Organisation, key: int) -> Revision | None:
    """The revision ``key`` of the organisation; none when there is none."""
    return revisions(organisation).select_related("organisation").filter(pk=key).first()


def revision_in_hand(officer: Officer) -> Revision | None:
    """The unfinished revision of ``officer``; there is never more than one."""
    found = revisions(officer.organisation).select_related("organisation")
    return found.filter(proposer=officer.member, state__in=UNFINISHED).first()


def decides(officer: Officer, charter: Charter) -> bool:
    """Whether one of the posts of ``officer`` decides on revisions: those that fix the seal."""
    return any(officer.holds(post) for post in charter.seal.posts)


def revisions_for(officer: Officer, charter: Charter) -> list[Revision]:
    """The revisions that wait for ``officer``, to decide or to go on with: 1 query, or none."""
    wanted = Q()
    if officer.may(Right.PROPOSE):
        wanted |= Q(proposer=officer.member, state__in=EDITABLE)
    if decides(officer, charter):
        proposed = Q(state=RevisionState.PROPOSED)
        wanted |= proposed & ~Q(proposer=officer.member)
    if not wanted:
        return []
    return list(revisions(officer.organisation).filter(wanted).order_by("pk"))
