"""Reads about the charter in force and its entries."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.models import CharterVersion, Entry


def charter_of(organisation: Organisation) -> tuple[CharterVersion, Charter]:
    """The charter in force, as applied and as data: 1 query. ``Refused`` before the first."""
    version = latest_version(organisation)
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
