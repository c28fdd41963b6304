"""Opening an edition to an audience at a time, where it then hangs, and taking it back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.states import EvidenceKind, PostingState, ReleaseState
from gongkai.procedure.review.models import Edition


class Release(models.Model):
    """An edition opened to one audience at one time (发布). ``order`` is its place in the plan.

    ``audience`` holds the keys that ``scope``, a code of the charter, stood for when planned;
    ``last`` says that the sealed plan ends with it. ``record`` is the key of the public record it
    opened as.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    scope = models.CharField(max_length=20)
    audience = models.JSONField()
    last = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ReleaseState.choices, default=ReleaseState.PLANNED
    )
    opens_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    record = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("发布")
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "order"],
                condition=~Q(state="cancelled"),
                name="a_plan_has_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled", "erased"])
                | Q(record__isnull=False, opened_at__isnull=False),
                name="an_open_release_has_its_record",
            ),
        )
        indexes = (
            models.Index(fields=["state", "opens_at"], name="releases_to_open"),
            models.Index(fields=["disclosure", "state"], name="releases_of_a_disclosure"),
        )


class Withdrawal(models.Model):
    """A dated, reasoned taking back (撤回); its tombstone stands at the item's address for ever."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    post = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("撤回")


class Erasure(models.Model):
    """The destruction of sealed bytes (清除), asked for by one person and confirmed by another."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_post = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_post = models.CharField(max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    files_gone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("清除")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("asked_by")),
                name="two_persons_erase",
            ),
            models.UniqueConstraint(fields=["disclosure"], name="a_disclosure_is_erased_once"),
        )
        indexes = (
            models.Index(
                fields=["confirmed_at"],
                condition=Q(files_gone_at__isnull=True),
                name="erasures_to_finish",
            ),
        )


class Posting(models.Model):
    """One channel's delivery of a release (张贴／播出).

    ``since`` is when it first went out, ``at`` the time of its state, ``post`` and ``said`` whose
    and which words came last. ``comes_down`` is when it has to come down, as far as that is known;
    ``ticks`` counts the evidence of machines that was kept. ``noted_at`` is when something was
    written down of it that belongs into a 件: a state, or what people said or showed.
    """

    # Both are found by the first column of an index below.
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=PostingState.choices, default=PostingState.PLANNED
    )
    planned_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)
    comes_down = models.DateTimeField(null=True)
    post = models.CharField(max_length=300, blank=True)
    said = models.CharField(max_length=500, blank=True)
    ticks = models.PositiveIntegerField(default=0)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("张贴")
        constraints = (
            models.UniqueConstraint(
                fields=["release", "channel"], name="a_release_goes_once_to_a_channel"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "confirmed"])
                | Q(since__isnull=False, at__isnull=False),
                name="what_is_out_has_its_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "state", "channel", "id"], name="postings_by_state"
            ),
            models.Index(
                fields=["organisation", "comes_down", "id"],
                condition=Q(comes_down__isnull=False) & ~Q(state="taken_down"),
                name="postings_to_take_down",
            ),
            models.Index(
                fields=["organisation", "id"],
                condition=Q(state__in=["planned", "failed"]),
                name="postings_to_put_up",
            ),
            models.Index(
                fields=["comes_down"],
                condition=Q(comes_down__isnull=False) & Q(state__in=["planned", "failed"]),
                name="postings_that_lapse",
            ),
            models.Index(
                fields=["release"],
                condition=Q(channel="website", state="planned"),
                name="postings_of_pages_to_come",
            ),
            models.Index(fields=["noted_at"], name="postings_by_note"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.release_id}"


class Evidence(models.Model):
    """What shows that a posting went out, or came down (佐证). Told once by its ``key``.

    ``place`` and ``said`` are the office's; nothing of them is shown to readers. ``at`` is the time
    of what it shows, ``noted_at`` when it was written down.
    """

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    said = models.CharField(max_length=500, blank=True)
    post = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("佐证")
        constraints = (
            models.UniqueConstraint(fields=["posting", "key"], name="evidence_counts_once"),
            models.CheckConstraint(
                condition=~Q(kind="photo") | Q(file__isnull=False), name="a_photo_is_a_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Assembly(models.Model):
    """A meeting at which items were read out (宣读会议): one record, however many items.

    ``channel`` is the charter's that means this kind of meeting. ``called`` is how many were to
    come, ``came`` how many did; who they were is not kept. ``quorum`` is which part of them the
    charter asked for then, empty where for none. ``minutes`` are its evidence, and may come later.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=40)
    at = models.DateTimeField()
    place = models.CharField(max_length=200)
    called = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    quorum = models.CharField(max_length=7, blank=True)
    minutes = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("宣读会议")
        constraints = (
            models.CheckConstraint(
                condition=Q(came__gte=1) & Q(came__lte=models.F("called")),
                name="as_many_came_as_were_called_at_most",
            ),
        )
        indexes = (models.Index(fields=["organisation", "-at", "-id"], name="assemblies_by_time"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d}"

    @property
    def quorate(self) -> bool:
        """Whether as many came as the charter asked for; where it asks for none, any do."""
        part, _of, whole = self.quorum.partition("/")
        return not whole or self.came * int(whole) >= self.called * int(part)

    @property
    def key(self) -> str:
        """Under which key it is the evidence of a posting."""
        return f"assembly:{self.pk}"
