"""Attachments by content: one row and one file for each distinct sequence of bytes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.states import What


class StoredFile(models.Model):
    """Bytes that were uploaded (附件文件), named by digest; the bytes stand in the home folder.

    ``media_type`` is what the content is, never what the uploader called it. ``text`` is what a
    person could read in it, for the privacy check; empty with ``readable`` false when it could
    not be extracted. ``erased_at`` is set when an erasure has destroyed the bytes.
    """

    digest = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    readable = models.BooleanField(default=False)
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("附件文件")

    def __str__(self) -> str:
        return self.digest[:12]


class Damage(models.Model):
    """Something kept that is no longer what it was (损坏): a file, a tile of a log, a row.

    ``path`` names it: a file by its path in the home, a row by its table's word and its number
    (``act:812``). It is told once; ``mended_at`` is when it was found whole again.
    """

    path = models.CharField(max_length=300, unique=True)
    what = models.CharField(max_length=20, choices=What)
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("损坏")
        indexes = (
            models.Index(fields=["id"], condition=Q(mended_at=None), name="damages_that_stand"),
        )

    def __str__(self) -> str:
        return self.path
