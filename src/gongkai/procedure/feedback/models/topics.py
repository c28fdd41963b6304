"""What others join: topics to second, and what several voices have in common."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.feedback.models.cases import Case
from gongkai.procedure.feedback.states import (
    PatternState,
)
from gongkai.procedure.proposals.models import Disclosure


class Topic(models.Model):
    """A topic that others may second (点题征集), in words that a second person has passed.

    ``owed_on`` is the day on which so many had seconded it that an answer is owed; ``became`` the
    disclosure that was begun from it.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    wording = models.CharField(max_length=200, blank=True)
    listed_at = models.DateTimeField(null=True, db_index=True)
    seconds = models.PositiveIntegerField(default=0)
    owed_on = models.DateField(null=True)
    became = models.ForeignKey(Disclosure, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("点题征集")


class Second(models.Model):
    """One who seconded a topic (附议): a keyed digest of network and day, or of a receipt."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("附议")
        constraints = (
            models.UniqueConstraint(fields=["topic", "by"], name="nobody_seconds_twice"),
        )


class Pattern(models.Model):
    """What several voices have in common, put forward to be mended (共性问题建议).

    Either the ``disclosure`` is to be corrected or, without one, the catalogue is to have one more
    line; ``text`` says what, as the senders read it. Whoever takes it up is another person: they
    begin the correction, or name the ``code`` of the line in their revision of the catalogue, and
    the approval of that machinery follows. ``answer`` is why it was not taken up.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    state = models.CharField(
        max_length=10, choices=PatternState.choices, default=PatternState.PROPOSED
    )
    proposer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    at = models.DateTimeField()
    decider = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_post = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("共性问题建议")
        constraints = (
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | ~Q(decider=models.F("proposer")),
                name="nobody_takes_up_their_own_suggestion",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decider__isnull=True)
                | ~Q(state="proposed") & Q(decider__isnull=False),
                name="a_suggestion_is_decided_by_somebody",
            ),
        )


class PatternCase(models.Model):
    """A voice that a suggestion came from (建议所据办件)."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("建议所据办件")
        constraints = (
            models.UniqueConstraint(
                fields=["pattern", "case"], name="a_voice_stands_once_in_a_suggestion"
            ),
        )
