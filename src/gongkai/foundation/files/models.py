"""Attachments by content: one row and one file for each distinct sequence of bytes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
