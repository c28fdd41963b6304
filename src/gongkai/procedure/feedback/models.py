"""Every voice and its answer: one case model."""

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
    HeldState,
    Moment,
    NoteKind,
    Outcome,
    PatternState,
    Verdict,
    WallReason,
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


class Second(models.Model):
    """One who seconded a topic (附议): a keyed digest of network and day, or of a receipt."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("附议")
        constraints = (
            models.UniqueConstraint(fields=["topic", "by"], name="nobody_seconds_twice"),
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


class Contact(models.Model):
    """How to reach a voice (联系方式), encrypted, destroyed by the tick on the charter's day."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    destroy_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("联系方式")


class Phrase(models.Model):
    """A phrase of the organisation's block list (拦截词): a voice in which it stands is read by a
    supervisor first. ``spelt`` is what it is compared by; see :mod:`phrases`.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    phrase = models.CharField(max_length=60)
    spelt = models.CharField(max_length=200)
    why = models.CharField(max_length=200)
    listed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    listed_post = models.CharField(max_length=300)
    listed_on = models.DateField()

    class Meta:
        verbose_name = _("拦截词")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "spelt"], name="a_phrase_is_listed_once"
            ),
        )

    def __str__(self) -> str:
        return self.phrase


class Held(models.Model):
    """A voice that a supervisor reads before it becomes a case (先看的意见), and what they decided.

    It has its receipt like any other, and the day it came counts. ``text`` and ``sealed``, the
    encrypted contact data, go when it becomes a case, when its sender takes it back, and else on
    ``destroy_on``. Nobody decides on what their own phrase has held.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=CaseKind.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    asked = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    show = models.BooleanField(default=False)
    sealed = models.BinaryField(null=True)
    destroy_on = models.DateField(db_index=True)
    receipt = models.CharField(max_length=64, unique=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    came_at = models.DateTimeField()
    look_by = models.DateField()
    phrase = models.CharField(max_length=60)
    listed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_post = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("先看的意见")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"], decided_by__isnull=True)
                | Q(state="passed", decided_by__isnull=False, case__isnull=False, text="")
                | Q(state="refused", decided_by__isnull=False, case__isnull=True) & ~Q(why=""),
                name="what_was_held_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("listed_by")),
                name="nobody_decides_on_what_their_phrase_held",
            ),
        )
        indexes = (models.Index(fields=["organisation", "state"], name="held_by_state"),)


class Heard(models.Model):
    """That these words came today from one network (来过的话), so that they make one case.

    ``network`` is a keyed digest of network and day, ``words`` one of network, day and words:
    neither can be turned back. Rows go after a day.
    """

    network = models.CharField(max_length=64)
    words = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("来过的话")
        indexes = (models.Index(fields=["network", "at"], name="heard_from_a_network"),)


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


class Wording(models.Model):
    """What the wall is to show of a voice, as somebody proposes it (上墙稿).

    It counts from ``passed_at``: when a second person passed it, or at once under the charter's
    named ``exemption``. ``off`` proposes to show nothing. Where the words differ from the voice's
    own, which stay in the case, ``reason`` and ``why`` say so to everybody. ``item`` is the
    disclosure that the reply leads to.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    off = models.BooleanField(default=False)
    reason = models.CharField(max_length=10, choices=WallReason.choices, blank=True)
    why = models.CharField(max_length=200, blank=True)
    item = models.ForeignKey(Disclosure, null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    at = models.DateTimeField()
    passed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    passed_post = models.CharField(max_length=300, blank=True)
    passed_at = models.DateTimeField(null=True)
    exemption = models.CharField(max_length=100, blank=True)
    returned_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("上墙稿")
        constraints = (
            models.CheckConstraint(
                condition=Q(passed_at__isnull=True) | Q(passed_by__isnull=False) | ~Q(exemption=""),
                name="a_wording_counts_by_passing_or_exemption",
            ),
            models.CheckConstraint(
                condition=Q(passed_by__isnull=True) | ~Q(passed_by=models.F("member")),
                name="nobody_passes_their_own_wording",
            ),
            models.CheckConstraint(
                condition=Q(off=False) | Q(text="") & ~Q(reason=""),
                name="what_is_kept_off_has_its_reason",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(passed_at__isnull=True, returned_reason=""),
                name="one_wording_of_a_case_waits",
            ),
        )


class Hanging(models.Model):
    """A voice's place on the wall (上墙): a permanent address, and the wording passed last.

    ``record`` is the key of its newest public record; none while it is kept off, or its item is not
    for everybody. Taken down, it keeps the address, with the day and the reason.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=10, unique=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    record = models.BigIntegerField(null=True)
    down_at = models.DateTimeField(null=True)
    down_reason = models.CharField(max_length=10, choices=WallReason.choices, blank=True)
    down_why = models.CharField(max_length=200, blank=True)
    down_post = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("上墙")
        constraints = (
            models.CheckConstraint(
                condition=Q(down_at__isnull=True) | ~Q(down_reason=""),
                name="what_was_taken_down_has_its_reason",
            ),
        )


class Attempt(models.Model):
    """How often one network knocked in ten minutes (访问计数), against floods from robots.

    ``network`` is a keyed hash of the shortened address, ``hour`` when these minutes began; past
    rows are deleted.
    """

    door = models.CharField(max_length=10)
    network = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("访问计数")
        constraints = (
            models.UniqueConstraint(
                fields=["door", "network", "hour"], name="a_network_counts_once_an_hour"
            ),
        )
