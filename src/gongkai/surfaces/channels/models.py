"""Who is told by mail of what is published, and what waits to be told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.notices.models import Letter
from gongkai.surfaces.channels.states import Pace


class Subscription(models.Model):
    """A mail address that follows a list of the board (邮件提醒), or some words within it.

    ``sealed`` holds the address, encrypted; ``key`` is a keyed digest of it, by which whoever
    knows the address finds the row, and nobody else. ``handle`` names the row in links. ``what`` is
    the name of a list (see ``board.shelves``). ``words`` are what the subscriber typed, ``terms``
    the same as search spells it, ``anchor`` two letters of it by which a publication finds the row.
    Nothing before ``since``, the length of the log at the confirmation, is told.

    The row is the subscriber's consent: unconfirmed for some days, or left, it is deleted.
    """

    handle = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField()
    what = models.CharField(max_length=140)
    words = models.CharField(max_length=100, blank=True)
    terms = models.CharField(max_length=300, blank=True)
    anchor = models.CharField(max_length=8, blank=True)
    pace = models.CharField(max_length=4, choices=Pace)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    since = models.BigIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("邮件提醒")
        constraints = (
            models.CheckConstraint(
                condition=Q(terms="", anchor="") | (~Q(terms="") & ~Q(anchor="")),
                name="words_are_found_by_their_anchor",
            ),
        )
        indexes = (
            models.Index(
                fields=["what", "anchor"],
                condition=Q(confirmed_at__isnull=False, paused_at__isnull=True),
                name="followers_of_a_list",
            ),
            models.Index(
                fields=["asked_at"], condition=Q(confirmed_at__isnull=True), name="unconfirmed"
            ),
            models.Index(fields=["paused_at"], condition=Q(paused_at__isnull=False), name="paused"),
        )

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Alert(models.Model):
    """One publication that one subscriber is to be told of (待寄提醒).

    Subscription and ``seq`` name it once, however often the log is followed. While ``letter`` is on
    its way the alert stands; when the mail server has taken the letter, both are gone together.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("待寄提醒")
        constraints = (
            models.UniqueConstraint(
                fields=["subscription", "seq"], name="a_subscriber_is_told_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at", "id"], condition=Q(letter__isnull=True), name="alerts_waiting"
            ),
        )
