"""Reads about what is kept."""

from django.db.models import QuerySet

from gongkai.foundation.files.models import Damage


def damages() -> QuerySet[Damage]:
    """What was found damaged and has not been found whole since, the oldest first."""
    return Damage.objects.filter(mended_at=None).order_by("id")
