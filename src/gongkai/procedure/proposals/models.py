"""The thing disclosed through all its life, and its editable text."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.proposals.states import (
    DocumentKind,
    DraftState,
    RedactionReason,
    RedactionState,
    RevisionKind,
)


class Disclosure(models.Model):
    """The thing disclosed, through all its life (公开件). Its address ``/i/…`` never changes.

    ``duty`` is what it was begun for, if anything was due; what is ``extra`` was written for no
    duty and meets none. ``number`` is the human number 组织-类-年-序, given when it first opens to
    the public.

    Two marks keep the desk's lists as short as the work in hand, however much is done: ``waits``
    while an edition may have to be arranged, ``filed`` once it stands in the archive. They only say
    where to look; what is to be done is decided by the rows of those steps.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="+")
    extra = models.BooleanField(default=False)
    address = models.CharField(max_length=10, unique=True)
    number = models.CharField(max_length=60, null=True, unique=True)
    title = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    waits = models.BooleanField(default=False)
    filed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("公开件")
        indexes = (
            models.Index(
                fields=["organisation", "id"],
                condition=Q(waits=True),
                name="disclosures_to_arrange",
            ),
            models.Index(
                fields=["organisation", "id"], condition=Q(filed=False), name="disclosures_to_file"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """A disclosure's editable text (草稿). A correction is a further draft of the same disclosure.

    ``body`` is sanitised HTML. ``plan`` lists the intended stages in the order they shall open:
    ``{"scope": code of the charter, "keys": audience keys (only where the scope leaves the choice
    open), "opens": RFC 3339 text of the earliest time, or ""}``. ``statement`` is the proposer's
    authenticity statement, null until submitted. ``authors`` are the keys of all members who wrote
    in it: none of them may review it. ``corrects`` is the digest of the edition this draft is to
    replace, with the public ``note``; ``privacy`` says that the earlier edition must then close.
    ``edits`` counts the saves, so that two people at one draft are told apart.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.WRITING)
    title = models.CharField(max_length=300)
    body = models.TextField()
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    document_number = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=40)
    plan = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    proposer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposer_post = models.CharField(max_length=300)
    authors = models.JSONField(default=list)
    statement = models.JSONField(null=True)
    corrects = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    privacy = models.BooleanField(default=False)
    edits = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("草稿")
        constraints = (
            models.UniqueConstraint(fields=["disclosure", "number"], name="a_draft_has_its_number"),
            models.UniqueConstraint(
                fields=["disclosure"],
                condition=~Q(state__in=["sealed", "dropped"]),
                name="a_disclosure_has_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["writing", "returned", "dropped"])
                | Q(statement__isnull=False),
                name="a_submitted_draft_has_its_statement",
            ),
        )
        indexes = (models.Index(fields=["state", "submitted_at"], name="drafts_by_state"),)

    def __str__(self) -> str:
        return self.title


class Jotting(models.Model):
    """What somebody has typed on the page of something new and not yet saved (未存的字).

    No draft and no act: nobody but its writer sees it, and it goes when they save or give it up, or
    after ``rules.JOTTED`` days. ``said`` are the fields as they were typed, by their names, the
    text cleaned under ``html``; ``edits`` counts the saves, so that two windows are told apart.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    said = models.JSONField()
    edits = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("未存的字")
        constraints = (
            models.UniqueConstraint(fields=["member", "entry"], name="one_jotting_at_a_time"),
        )
        indexes = (models.Index(fields=["at"], name="jottings_by_age"),)


class DraftFile(models.Model):
    """An attachment of a draft (附件), in its order and under the name that readers see."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    order = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("附件")
        constraints = (
            models.UniqueConstraint(fields=["draft", "order"], name="attachments_have_an_order"),
        )


class Redaction(models.Model):
    """What is covered in an attachment (遮盖): the file becomes a copy in which it is not there.

    ``original`` is what was attached; whoever may see the draft may look at it, nobody else.
    ``marks`` list the places: ``{"page": from 1, "box": [left, top, right, bottom] in
    ten-thousandths of the page, "reason": a value of RedactionReason}``. ``pages`` and ``drawn``
    say how far the copy has come, ``trouble`` why it could not be made. ``turn`` counts the
    copies begun, so that a late worker's is told from the one that is wanted.
    """

    attachment = models.OneToOneField(DraftFile, on_delete=models.CASCADE, related_name="+")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=RedactionState.choices, default=RedactionState.MARKING
    )
    turn = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("遮盖")
        indexes = (
            models.Index(
                fields=["touched_at"],
                condition=Q(state=RedactionState.WORKING.value),
                name="redactions_at_work",
            ),
        )


class TextMask(models.Model):
    """A row of the register of what was put under a mask in a draft's text (遮盖登记).

    ``kind`` is that of the finding, ``masked`` what stands there now, ``digest`` tells two things
    apart and cannot be turned back; ``places`` are as a finding keeps them. ``edits`` is the
    draft's count after the act. What stood there is in the revision before, until the seal.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    edits = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    masked = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    places = models.JSONField()
    reason = models.CharField(max_length=10, choices=RedactionReason.choices)
    post = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("遮盖登记")
        constraints = (
            models.CheckConstraint(
                condition=Q(reason__in=RedactionReason.values), name="a_mask_has_its_reason"
            ),
        )


class Revision(models.Model):
    """What a draft said after a save (修订稿); it goes when the draft is sealed or given up.

    ``edits`` is the draft's count after that save; words set aside when two people met never became
    the draft's, and bear the count of what they met. ``began_at`` is when the sitting began whose
    last automatic save this is. ``author`` is the member's key. ``particulars`` are as in a
    submission.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    edits = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RevisionKind.choices)
    title = models.CharField(max_length=300)
    body = models.TextField()
    particulars = models.JSONField(default=dict)
    author = models.CharField(max_length=80)
    post = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("修订稿")
        constraints = (
            models.UniqueConstraint(
                fields=["draft", "edits"],
                condition=~Q(kind="aside"),
                name="a_save_has_one_revision",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """None: attachments stand beside the text, and are not taken back with it."""
        return []


class Submission(models.Model):
    """What a draft said each time it was submitted (提交稿), so that changes can be shown.

    ``attachments`` hold title and digest of each; ``particulars`` the document number, kind, form,
    plan and channels.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField()
    attachments = models.JSONField(default=list)
    particulars = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("提交稿")
        constraints = (
            models.UniqueConstraint(fields=["draft", "round"], name="a_submission_has_its_round"),
        )
