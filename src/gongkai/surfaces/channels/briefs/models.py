"""Issues of the brief, and the items in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member
from gongkai.procedure.archive.models import OfficePaper
from gongkai.procedure.archive.states import UNFINISHED
from gongkai.surfaces.channels.briefs.states import BriefState, Share


class Brief(OfficePaper):
    """An issue of the brief (简报的一期) for one audience, of what opened in these days.

    ``clearance`` is why what the checks found was let stand. ``paper`` and ``word`` are the PDF and
    the .docx that the worker made, ``trouble`` why it could not. ``letters`` says to how many it
    was sent round. What an erasure took is ``erased_at``: then no file and no word is left.
    """

    scope = models.CharField(max_length=20)
    audience = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=BriefState.choices, default=BriefState.DRAFT)
    lead = models.TextField(blank=True)
    drafter = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    drafter_post = models.CharField(max_length=300)
    clearance = models.TextField(blank=True)
    sealer = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    paper = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    trouble = models.TextField(blank=True)
    circulated_at = models.DateTimeField(null=True)
    letters = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("简报")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "scope", "first", "last"],
                condition=Q(state__in=UNFINISHED),
                name="a_period_has_one_brief_in_hand",
            ),
            models.UniqueConstraint(
                fields=["organisation", "year", "number"], name="a_brief_has_its_number"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_brief_spans_days"),
            models.CheckConstraint(
                condition=~Q(state="sealed")
                | (
                    Q(number__isnull=False, sealer__isnull=False, deposit__isnull=False)
                    & (Q(facts__isnull=False) | Q(erased_at__isnull=False))
                ),
                name="a_sealed_brief_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(sealer=None) | ~Q(sealer=F("drafter")),
                name="nobody_seals_their_own_brief",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "id"], name="briefs_by_organisation"),
            models.Index(
                fields=["id"],
                condition=Q(state="sealed", paper=None, erased_at=None),
                name="briefs_to_make",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}-{self.number}" if self.number else f"{self.first}/{self.last}"


class BriefItem(models.Model):
    """An item of a brief (简报里的一件), by its address; ``share`` is how much of it."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=10)
    place = models.PositiveIntegerField()
    share = models.CharField(max_length=10, choices=Share.choices)

    class Meta:
        verbose_name = _("简报里的一件")
        constraints = (
            models.UniqueConstraint(
                fields=["brief", "address"], name="an_item_stands_in_a_brief_once"
            ),
        )
        indexes = (models.Index(fields=["address"], name="briefs_of_an_item"),)

    def __str__(self) -> str:
        return self.address


class Copy(models.Model):
    """The files of a public issue as the board hands them out (公开栏上的成品).

    The first are the sealed ones; ``left_out`` are the addresses of what later ones leave out,
    since it was taken away after the seal.
    """

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="+")
    left_out = models.JSONField(default=list)
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("简报的成品")

    def __str__(self) -> str:
        return f"{self.brief_id} {self.at:%Y-%m-%d}"


class Circulation(models.Model):
    """To whom an issue was sent round (分送名单), sealed, so that it can be called back.

    Destroyed after ``until``, and with the issue.
    """

    brief = models.OneToOneField(Brief, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("分送名单")
        indexes = (models.Index(fields=["until"], name="circulations_to_forget"),)

    def __str__(self) -> str:
        return str(self.brief_id)


class Recall(models.Model):
    """What was taken away after the seal, and to how many that was written (收回通知).

    Once for an issue and an item; ``letters`` is 0 where nobody had been sent the issue.
    """

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=10)
    at = models.DateTimeField()
    letters = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("收回通知")
        constraints = (
            models.UniqueConstraint(fields=["brief", "address"], name="an_item_is_recalled_once"),
        )

    def __str__(self) -> str:
        return f"{self.brief_id} {self.address}"
