"""Reads about letters."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.notices.models import Letter


def undelivered() -> QuerySet[Letter]:
    """The letters given up, newest first: shown to the administrator until they set them aside."""
    return given_up("").order_by("-given_up_at", "-pk")


def given_up(origin: str) -> QuerySet[Letter]:
    """The letters of one origin that were given up; of none: those that people wrote."""
    return Letter.objects.filter(given_up_at__isnull=False, origin=origin)


def about(origin: str, word: str) -> QuerySet[Letter]:
    """The letters of one origin about one thing, waiting or given up."""
    return Letter.objects.filter(origin=origin, about=word)


def mail_works() -> bool:
    """Whether letters go out; a demonstration says so too, and keeps them in a folder."""
    return bool(settings.EMAIL_HOST or settings.DEMONSTRATION)


def waits(path: str) -> bool:
    """Whether a task of this kind is in the queue and has not begun."""
    found = DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY)
    return found.exists()


def waiting(since: datetime) -> int:
    """How many letters have been waiting since before ``since``."""
    return Letter.objects.filter(given_up_at=None, made_at__lt=since).count()
