"""The review of a submitted draft, and the edition that sealing makes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.procedure.catalogue.models import CharterVersion
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.review.states import (
    Advice,
    Asked,
    Decision,
    PriorState,
    ReviewState,
    WordKind,
)


class Review(models.Model):
    """One round of review of one submission (审核), through the stages of the charter in force.

    ``stage`` is the number of stages passed. ``posts`` are the keys of the posts of which any may
    act now, ``due_on`` is the day by which one should; ``asked`` are those whose opinion is waited
    for beside the stages. ``claimed_by`` has taken the stage on, ``claimed_as`` which post, until
    ``claimed_until``: nobody else decides it meanwhile. ``findings`` are what the checks found in
    this submission, each as blocking or advisory as the charter had it, without the numbers
    themselves.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=ReviewState.choices, default=ReviewState.PENDING
    )
    stage = models.PositiveIntegerField(default=0)
    posts = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    claimed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_as = models.CharField(max_length=100, blank=True)
    claimed_until = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    began_at = models.DateTimeField()
    due_on = models.DateField()

    class Meta:
        verbose_name = _("审核")
        constraints = (
            models.UniqueConstraint(fields=["draft", "round"], name="a_review_has_its_round"),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True) | Q(claimed_until__isnull=False),
                name="a_claim_ends_by_itself",
            ),
        )
        indexes = (models.Index(fields=["state", "due_on"], name="reviews_by_state"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.round} {self.state}"

    def claimed(self, now: datetime) -> bool:
        """Whether somebody has taken the stage on, and it has not gone back by itself."""
        return self.claimed_until is not None and now < self.claimed_until

    @cached_property
    def parts(self) -> dict[int, str]:
        """What each member is in this round: a post's key, or :data:`AUTHOR`. 1 query; whoever
        takes part forgets it.
        """
        return dict(Hand.objects.filter(review=self).values_list("member", "post"))


AUTHOR = "*"
"""In place of a post's key, the part of whoever wrote the draft: no post can be called so."""


def hand_key(post: str) -> Concat:
    """How the database itself computes the key of a :class:`Hand` from a row that names review
    and member, and in the column ``post`` the post.
    """
    text: models.CharField[str, str] = models.CharField()
    colon = Value(":")
    return Concat(Cast(F("review"), text), colon, Cast(F("member"), text), colon, F(post))


class Hand(models.Model):
    """What one member is in one round (经手): an author of the draft, or who decides by one post.

    Four eyes in the database: a member has one part in a round, authors have theirs from the day
    it begins, and an opinion must point to the part that its own columns spell out. So neither an
    author's opinion nor one by a second post can be stored, whoever writes it.
    """

    key = models.CharField(max_length=90, primary_key=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("经手")
        constraints = (
            models.UniqueConstraint(
                fields=["review", "member"], name="a_member_has_one_part_in_a_round"
            ),
            models.CheckConstraint(
                condition=Q(key=hand_key("post")), name="a_hand_is_called_by_what_it_is"
            ),
        )

    def __str__(self) -> str:
        return self.key


class Opinion(models.Model):
    """What one stage's post holder decided, in words (审核意见).

    ``stage`` counts from 0; a return by the sealing post has the number of stages. ``post`` reads
    as papers name it, with the deputy where one acted, whose own post's key is ``deputy``. ``seen``
    are the digests of the advisory findings that stood on the page when it was given.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    hand = models.ForeignKey(Hand, on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveIntegerField()
    post = models.CharField(max_length=100)
    post_key = models.CharField(max_length=40, blank=True)
    deputy = models.CharField(max_length=40, blank=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=6, choices=Decision.choices)
    text = models.TextField()
    seen = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("审核意见")
        constraints = (
            models.CheckConstraint(
                condition=Q(hand=hand_key("post_key")) & ~Q(post_key=AUTHOR),
                name="four_eyes_see_a_round",
            ),
            models.UniqueConstraint(fields=["review", "stage"], name="a_stage_is_decided_once"),
        )


class Clearance(models.Model):
    """A reviewer's signed reason to let a blocking finding stand (放行)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=64)
    label = models.TextField()
    reason = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("放行")
        constraints = (
            models.UniqueConstraint(fields=["review", "finding"], name="a_finding_is_cleared_once"),
        )


class Consultation(models.Model):
    """A post asked for its opinion beside the stages (会签): several at once, in any order.

    ``asked_as`` and ``answered_as`` name posts as papers do; ``due_on`` is the day by which it
    should answer.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Asked.choices, default=Asked.WAITING)
    question = models.TextField(blank=True)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    advice = models.CharField(max_length=10, choices=Advice.choices, blank=True)
    text = models.TextField(blank=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    answered_as = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("会签")
        constraints = (
            models.UniqueConstraint(
                fields=["review", "post"], name="a_post_is_consulted_once_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | Q(member__isnull=False, answered_at__isnull=False) & ~Q(advice=""),
                name="an_answered_consultation_says_who_and_what",
            ),
        )


class PriorApproval(models.Model):
    """The superior's approval of a matter outside the catalogue, asked before the seal (事前报批).

    It is about what was submitted in that round, whose ``digest`` it bears: the same words
    submitted again need no second approval, changed ones do. ``asked_as`` and ``answered_as`` name
    posts as papers do, the latter with its organisation; ``due_on`` is the day by which the
    superior should decide.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=PriorState.choices, default=PriorState.WAITING)
    question = models.TextField(blank=True)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    text = models.TextField(blank=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    answered_as = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("事前报批")
        constraints = (
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state="waiting"),
                name="one_request_upward_waits_in_a_round",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "refused"))
                | Q(member__isnull=False, answered_at__isnull=False),
                name="a_decided_request_upward_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | ~Q(member=F("asked_by")),
                name="nobody_approves_their_own_request_upward",
            ),
        )
        indexes = (
            models.Index(
                fields=["superior", "due_on"],
                condition=Q(state="waiting"),
                name="requests_upward_waiting",
            ),
        )


class Remark(models.Model):
    """A reviewer's comment at a place in the text (批注), for whoever writes on.

    ``block`` counts the blocks of the body from 1, ``opening`` is how it began; ``quote`` are words
    that stood in it, or empty for the whole block. It stays beside the draft until somebody marks
    it as dealt with, in this round or a later one, and never comes into an edition.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    block = models.PositiveIntegerField()
    quote = models.CharField(max_length=200, blank=True)
    opening = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_as = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("批注")
        indexes = (models.Index(fields=["review", "block"], name="remarks_of_a_round"),)


class ListedWord(models.Model):
    """A row of the organisation's word list (词表): a word that the checks look for.

    ``instead`` is a leader's title, the word to write instead, or empty.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=WordKind.choices)
    word = models.CharField(max_length=40)
    instead = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("词表")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "kind", "word"], name="a_word_is_listed_once"
            ),
        )

    def __str__(self) -> str:
        return self.word


class Editions(models.QuerySet["Edition"]):
    """Editions can be added and read. The one change there is takes an erased one's bytes."""

    def update(self, **changes: Any) -> int:
        """Only ``update(data=None, erased_at=…)``, for an erasure; ``Broken`` otherwise."""
        erases = set(changes) == {"data", "erased_at"} and changes["data"] is None
        if not erases or changes["erased_at"] is None:
            raise Broken("an edition never changes")
        return super().update(**changes)

    def _update(self, values: Any) -> int:
        """What ``Model.save`` and the loading of a dump try first: a row that exists stays."""
        if self.exists():
            raise Broken("an edition never changes")
        return 0

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never: ``Broken``."""
        raise Broken("an edition is never deleted")

    def _raw_delete(self, using: str | None) -> int:
        raise Broken("an edition is never deleted")

    def bulk_create(self, objs: Iterable["Edition"], *args: Any, **options: Any) -> list["Edition"]:
        """Adds only: no way round the constraints by way of a conflict."""
        if args or set(options) - {"batch_size"}:
            raise Broken("an edition never changes")
        return super().bulk_create(objs, **options)


class Edition(models.Model):
    """Immutable sealed bytes, named by digest (公开版本); made by ``review.workflow.seal`` alone.

    ``data`` is null only after an erasure. Nothing else of a row ever changes: saving it again,
    updating and deleting are refused here, and whoever goes round that by SQL is caught when the
    digest is compared at opening, and by the log.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    data = models.BinaryField(null=True)
    seal_number = models.CharField(max_length=80, unique=True)
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=100)
    erased_at = models.DateTimeField(null=True)

    objects = Editions.as_manager()

    class Meta:
        verbose_name = _("公开版本")
        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(
                fields=["disclosure", "number"], name="an_edition_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(data__isnull=False) | Q(erased_at__isnull=False),
                name="only_erasure_takes_an_editions_bytes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.disclosure_id} v{self.number} {self.digest[:12]}"

    def save_base(self, **options: Any) -> None:  # type: ignore[override]  # as Django calls it
        """Write a new row; ``Broken`` for one that exists."""
        if not self._state.adding or options.get("force_update") or options.get("update_fields"):
            raise Broken("an edition never changes")
        super().save_base(**{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Never: ``Broken``."""
        raise Broken("an edition is never deleted")


class ApprovalSheet(models.Model):
    """The approval sheet of an edition as a file (审批表), made by the worker soon after the seal.

    ``file`` is null until then; ``trouble`` says why there can be none.
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("审批表")
        indexes = (
            models.Index(
                fields=["id"],
                condition=Q(file__isnull=True, trouble=""),
                name="approval_sheets_to_make",
            ),
        )


class Emergency(models.Model):
    """An edition sealed and opened at once, before its review was over (紧急公开).

    ``confirmed`` is null until a second person has looked at it, which should be by ``due_on``;
    then ``decided_as`` names their post and ``text`` holds their words. ``post`` is who used the
    path, for ``reason``.
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    due_on = models.DateField()
    confirmed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_as = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("紧急公开")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("member")),
                name="two_persons_see_an_emergency",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_emergency_says_by_whom",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_on"],
                condition=Q(confirmed__isnull=True) | Q(confirmed=False),
                name="emergencies_in_hand",
            ),
        )
