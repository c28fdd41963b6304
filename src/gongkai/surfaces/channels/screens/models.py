"""Displays, what they are told to show, and what they tell: the latest word and daily totals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.screens.states import Layout

WHOLE_DAY = 24 * 60
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def every_day() -> list[int]:
    """The days of the week, Monday first."""
    return list(EVERY_DAY)


class Playlist(models.Model):
    """What is shown, by rule and by hand (节目单). It holds addresses and never a text.

    By rule: what is open to the public, names the screen among its channels and lies in
    ``categories`` (all when empty), for its period 公示期 or for ``days`` since its opening, the
    newest ``most``. By hand: ``pinned`` come first, ``picked`` next, whatever their age; with
    ``by_hand`` nothing else. The titles of what stands under the catalogue entries ``slogans`` run
    in the ticker. It plays on ``weekdays`` (0 is Monday) from ``begins`` to ``ends``, minutes of
    the civil day. A display that is cut off shows an item ``keep_hours`` longer, then drops it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    categories = models.JSONField(default=list, blank=True)
    days = models.PositiveSmallIntegerField(default=30)
    most = models.PositiveSmallIntegerField(default=20)
    by_hand = models.BooleanField(default=False)
    pinned = models.JSONField(default=list, blank=True)
    picked = models.JSONField(default=list, blank=True)
    slogans = models.JSONField(default=list, blank=True)
    weekdays = models.JSONField(default=every_day)
    begins = models.PositiveSmallIntegerField(default=0)
    ends = models.PositiveSmallIntegerField(default=WHOLE_DAY)
    keep_hours = models.PositiveSmallIntegerField(default=24)

    class Meta:
        verbose_name = _("节目单")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"], name="a_playlist_has_a_name_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(begins__lt=models.F("ends"), ends__lte=WHOLE_DAY),
                name="a_playlist_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Screen(models.Model):
    """A display that hangs somewhere (显示屏). ``code`` stands in its address.

    Of its token only the digest is kept; ``next_token`` is the one it was handed to use from now
    on, and takes the place of the other when it is first used. ``batch`` is the number of the last
    batch of plays that was taken in. What follows ``seen_at`` is its latest report; ``holds`` is
    whether its browser keeps contents for when there is no network, which needs https.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, unique=True)
    place = models.CharField(max_length=60)
    layout = models.CharField(max_length=10, choices=Layout.choices, default=Layout.TICKER)
    playlists = models.ManyToManyField(Playlist, related_name="+")
    token = models.CharField(max_length=64, blank=True, db_index=True)
    next_token = models.CharField(max_length=64, blank=True, db_index=True)
    token_at = models.DateTimeField(null=True)
    batch = models.BigIntegerField(default=0)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    storage = models.BigIntegerField(default=0)
    storage_full = models.BooleanField(default=False)
    holds = models.BooleanField(default=True)
    clock_offset = models.BigIntegerField(default=0)
    playing = models.CharField(max_length=64, blank=True)
    lost_plays = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("显示屏")
        constraints = (
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(token="", next_token=""),
                name="a_revoked_screen_has_no_token",
            ),
        )
        indexes = (models.Index(fields=["organisation", "revoked_at"], name="screens_of_a_body"),)

    def __str__(self) -> str:
        return f"{self.code} {self.place}"


class Pairing(models.Model):
    """A code that a display shows until a clerk enters it (配对).

    ``secret`` is the digest of what the display alone holds; ``screen`` is what it became.
    """

    code = models.CharField(max_length=6, unique=True)
    secret = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    screen = models.ForeignKey(Screen, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("配对")


class Urgent(models.Model):
    """An item that interrupts every display of an organisation (紧急插播), never a free text."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    post = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("紧急插播")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_urgent_item_at_a_time",
            ),
        )


class Play(models.Model):
    """How often a display showed an edition on a civil day (播出记录): daily totals alone."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("播出记录")
        constraints = (
            models.UniqueConstraint(
                fields=["screen", "day", "digest"], name="a_day_of_an_edition_on_a_screen"
            ),
        )


class Presence(models.Model):
    """How many reports of a display came on a civil day (每日联机)."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("每日联机")
        constraints = (models.UniqueConstraint(fields=["screen", "day"], name="a_day_of_a_screen"),)


class Change(models.Model):
    """Counts what the desk changed, in one row: so the keeper sees that files are due (变动)."""

    number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("变动")
