"""Reads about letters."""

from datetime import datetime

from django.db.models import QuerySet

from gongkai.foundation.notices.models import Letter


def undelivered() -> QuerySet[Letter]:
    """The letters given up, newest first: shown to the administrator until they set them aside."""
    return given_up("").order_by("-given_up_at", "-pk")


def given_up(origin: str) -> QuerySet[Letter]:
    """The letters of one origin that were given up; of none: those that people wrote."""
    return Letter.objects.filter(given_up_at__isnull=False, origin=origin)


def waiting(since: datetime) -> int:
    """How many letters have been waiting since before ``since``."""
    return Letter.objects.filter(given_up_at=None, made_at__lt=since).count()
