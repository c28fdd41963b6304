"""Reads about lists and who is on them."""

from django.db.models import Count, Q, QuerySet

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.lists.models import FAMILY, MailingList
from gongkai.surfaces.channels.models import Subscription


def names(organisation: Organisation) -> list[str]:
    """What the lists of an organisation are called."""
    found = MailingList.objects.filter(organisation=organisation)
    return list(found.order_by("name").values_list("name", flat=True))


def lists(organisation: Organisation) -> list[MailingList]:
    """The lists of an organisation, by name: one query."""
    found = MailingList.objects.filter(organisation=organisation).select_related("organisation")
    return list(found.order_by("name"))


def numbers(organisation: Organisation) -> dict[str, dict[str, int]]:
    """How many are on each of its lists: ``told``, ``asked`` (not confirmed yet), ``paused``."""
    prefix = f"{FAMILY}:{organisation.slug}:"
    rows = Subscription.objects.filter(what__startswith=prefix).order_by().values("what")
    counted = rows.annotate(
        told=Count("pk", filter=Q(confirmed_at__isnull=False, paused_at__isnull=True)),
        asked=Count("pk", filter=Q(confirmed_at__isnull=True)),
        paused=Count("pk", filter=Q(paused_at__isnull=False)),
    )
    return {
        what: {"told": told, "asked": asked, "paused": paused}
        for what, told, asked, paused in counted.values_list("what", "told", "asked", "paused")
    }


def mailing_list(organisation: Organisation, pk: int) -> MailingList | None:
    """One list of the organisation; none if it has no such."""
    found = MailingList.objects.filter(organisation=organisation, pk=pk)
    return found.select_related("organisation").first()


def recipients(chosen: MailingList) -> QuerySet[Subscription]:
    """Who is on it, confirmed or not, in the order in which they came."""
    return Subscription.objects.filter(what=chosen.what).order_by("pk")


def named(what: str) -> MailingList | None:
    """The list that is followed under this name; none if it is no list, or is gone."""
    family, _, rest = what.partition(":")
    slug, _, pk = rest.partition(":")
    if family != FAMILY or not pk.isdecimal():
        return None
    found = MailingList.objects.filter(pk=int(pk), organisation__slug=slug)
    return found.select_related("organisation").first()


def concerned(organisation: str, category: str) -> tuple[str, ...]:
    """The names of the lists that something of this category concerns: one query."""
    found = MailingList.objects.filter(organisation__slug=organisation)
    return tuple(
        each.what
        for each in found.select_related("organisation").order_by("pk")
        if not each.categories or category in each.categories
    )
