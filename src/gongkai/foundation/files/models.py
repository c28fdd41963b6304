"""Attachments by content: one row and one file for each distinct sequence of bytes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.states import ReadingState, Trouble, What
from gongkai.foundation.organisations.models import Organisation


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


class Refusal(models.Model):
    """An upload that was not taken in (拒收), with every reason, as it was told to the sender.

    ``digest`` is empty when it did not arrive whole. What may do harm is ``harmful``: its bytes are
    kept apart 隔离 until ``destroyed_at``; of the rest nothing is kept. The name goes with the
    bytes: a name can be personal.
    """

    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sender = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    harmful = models.BooleanField(default=False)
    at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("拒收")
        indexes = (
            models.Index(fields=["organisation", "-id"], name="refusals_of_an_organisation"),
            models.Index(
                fields=["at"], condition=Q(destroyed_at=None), name="refusals_that_are_named"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.digest[:12]


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


class Reading(models.Model):
    """The making of a file's pages for reading online (阅读页), in the worker.

    The pages themselves stand on the disk (``pages.store``); this row says that they are wanted,
    when somebody last went on with them, and what came of it. ``seq`` is the place of a finished
    reading in their common order, given by the keeper alone: whoever follows readings keeps a
    cursor over it. A file read again gets a new place.
    """

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=10, choices=ReadingState, default=ReadingState.WAITING.value
    )
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True)
    pages = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("阅读页")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ReadingState.WAITING.value, finished_at=None)
                | (~Q(state=ReadingState.WAITING.value) & Q(finished_at__isnull=False)),
                name="a_finished_reading_has_its_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["touched_at"],
                condition=Q(state=ReadingState.WAITING.value),
                name="readings_waiting",
            ),
            models.Index(
                fields=["finished_at", "id"],
                condition=Q(seq=None, finished_at__isnull=False),
                name="readings_to_number",
            ),
            models.Index(
                fields=["id"],
                condition=Q(trouble=Trouble.NO_OFFICE.value),
                name="readings_without_office",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"
