"""A voice, what is said and done about it, and its answers."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.core.deadlines import UNKNOWN
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.feedback.states import (
    CaseKind,
    CaseState,
    Ground,
    Moment,
    NoteKind,
    Outcome,
    Verdict,
)
from gongkai.procedure.proposals.models import Disclosure


class Case(models.Model):
    """A voice and what became of it (办件). Contact data stands apart, in :class:`Contact`.

    ``receipt`` is the SHA-256 of the receipt code, which only its holder knows. ``show`` says
    that the voice agreed to stand on the wall. ``ground`` says what is wrong with the item, for a
    voice of the kind ``problem`` and no other; what tells of personal data is never shown.

    The clock began on ``started_on`` and runs for ``term`` working days, or days when
    ``every_day``, and ``extension`` more; ``promised_on`` is what that comes to with its pauses,
    the last of all days while nobody can say. ``asked`` is the post that is questioned, ``head``
    the case that answers in this one's place, ``told`` how many reminders of its lateness went out.
    ``separated_on`` is the day on which a merge by mistake was undone. ``entry`` is that of the
    item, which keeps it once it is public: an index leads from it to its voices.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.ForeignKey(
        Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=CaseKind.choices, default=CaseKind.OPINION)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RECEIVED)
    text = models.TextField()
    show = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, unique=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    received_at = models.DateTimeField()
    promised_on = models.DateField()
    started_on = models.DateField()
    term = models.PositiveIntegerField()
    every_day = models.BooleanField(default=False)
    extension = models.PositiveIntegerField(default=0)
    extended_why = models.TextField(blank=True)
    accepted_on = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    callback = models.BooleanField(default=False)
    entered_by = models.CharField(max_length=300, blank=True)
    asked = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    told = models.PositiveIntegerField(default=0)
    separated_on = models.DateField(null=True)
    post = models.ForeignKey(
        Post, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reopened = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("办件")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], name="a_case_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "merged", "handed", "withdrawn"])
                | Q(post__isnull=False),
                name="a_case_in_hand_has_its_post",
            ),
            models.CheckConstraint(
                condition=Q(kind="problem", disclosure__isnull=False) & ~Q(ground="")
                | ~Q(kind="problem") & Q(ground=""),
                name="a_problem_has_its_item_and_ground",
            ),
            models.CheckConstraint(
                condition=~Q(ground="privacy") | Q(show=False),
                name="what_tells_of_privacy_is_not_shown",
            ),
            models.CheckConstraint(
                condition=Q(kind="question") | Q(asked__isnull=True),
                name="only_a_question_asks_a_post",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["merged", "handed"], head__isnull=False)
                | ~Q(state__in=["merged", "handed"]) & Q(head__isnull=True),
                name="what_another_case_answers_has_its_head",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state", "promised_on"], name="cases_by_state"),
            models.Index(fields=["organisation", "received_at"], name="cases_by_day"),
            models.Index(fields=["entry", "state", "promised_on"], name="cases_of_an_entry"),
            models.Index(fields=["disclosure", "state"], name="cases_of_a_disclosure"),
            models.Index(fields=["post", "state", "promised_on"], name="cases_of_a_post"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def promised(self) -> date | None:
        """The promised day; none while the clock stands still, or has not begun."""
        return None if self.promised_on == UNKNOWN else self.promised_on


class Pause(models.Model):
    """Days on which a case's clock stands still (暂停计时), for a reason that the charter names.

    The days between ``stopped_on`` and ``resumed_on`` do not count; both of them do. It ends by
    itself on ``ends_on``, where that was said.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)
    text = models.TextField()
    post = models.CharField(max_length=300)
    stopped_on = models.DateField()
    resumed_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("暂停计时")
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(resumed_on__isnull=True), name="a_clock_stops_once"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=models.F("stopped_on")),
                name="a_pause_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("stopped_on")),
                name="a_pause_is_to_end_after_it_begins",
            ),
        )
        indexes = (
            models.Index(
                fields=["ends_on"], condition=Q(resumed_on__isnull=True), name="pauses_to_end"
            ),
        )


class Turn(models.Model):
    """What a voice said after an answer (追问、重办理由): why it is not content."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("追问")


class Note(models.Model):
    """What the office writes down for itself (内部记录); it never leaves the desk."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    text = models.TextField()
    post = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("内部记录")


class Helper(models.Model):
    """A post that helps with a case (协办岗位): it sees the case and writes notes."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("协办岗位")
        constraints = (models.UniqueConstraint(fields=["case", "post"], name="a_post_helps_once"),)


class CaseFile(models.Model):
    """A file that came with a voice (意见附件); ``name`` as its sender calls it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("意见附件")


class Answer(models.Model):
    """An answer to a case (答复).

    It counts from ``settled_at``: when a second person approved it, or at once under the charter's
    named ``exemption``; ``due_on`` is the day that was promised then. ``record`` is the key of the
    public record it opened as: for a voice that agreed to be shown, and for every problem, whose
    outcome is counted in public.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    passed_to = models.CharField(max_length=100, blank=True)
    post = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_post = models.CharField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True)
    exemption = models.CharField(max_length=100, blank=True)
    returned_reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, db_index=True)
    due_on = models.DateField(null=True)
    record = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("答复")
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | Q(approved_by__isnull=False)
                | ~Q(exemption=""),
                name="an_answer_counts_by_approval_or_exemption",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("member")),
                name="nobody_approves_their_own_answer",
            ),
        )


class Survey(models.Model):
    """Whether a voice was content (满意度评价): at closing, and again four weeks later."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    moment = models.CharField(max_length=10, choices=Moment.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("满意度评价")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "round", "moment"], name="a_voice_is_asked_once_each_time"
            ),
        )
