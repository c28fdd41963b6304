"""The charter in force and the entries of the disclosure catalogue."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.catalogue.charter import Charter, parse
from gongkai.procedure.catalogue.states import UNFINISHED, RevisionState

MOST_PARSED = 64
_PARSED: dict[str, Charter] = {}


def parsed(digest: str) -> Charter | None:
    """The charter whose text has this digest, where this process has read it before.

    The text names its organisation, so no two organisations share a digest.
    """
    return _PARSED.get(digest)


class CharterVersion(models.Model):
    """A charter as it was applied (实施办法): the text, and the same as data. Never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    source = models.TextField()
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("实施办法")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], name="a_charter_has_one_text_of_a_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} v{self.number}"

    @property
    def charter(self) -> Charter:
        """The text as data. Parsed once a process: ``digest`` names the text exactly, so a list
        may leave ``source`` out and still ask for this.
        """
        return _remembered(self)


def _remembered(text: "CharterVersion | Revision") -> Charter:
    if text.digest not in _PARSED:
        if len(_PARSED) >= MOST_PARSED:
            _PARSED.clear()
        _PARSED[text.digest] = parse(text.source)
    return _PARSED[text.digest]


class Entry(models.Model):
    """One line of the disclosure catalogue 公开目录 (目录事项), as the charter in force has it.

    The remaining columns of the line are read from the charter; here stand those that lists
    select by, and the identity that disclosures point to for ever.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    box = models.CharField(max_length=40)
    department = models.CharField(max_length=100, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("目录事项")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "code"], name="an_entry_has_its_own_code"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Revision(models.Model):
    """A catalogue on its way to be changed (目录修改稿): the charter with other entries.

    ``base`` is the version it was made from, ``source`` the whole text that would be in force.
    ``kept`` says whether the comments of the base are all in it. ``text`` is why, in the
    proposer's words; ``answer`` why it was returned, in the decider's.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="+")
    source = models.TextField()
    digest = models.CharField(max_length=64)
    kept = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=RevisionState.choices)
    proposer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposer_post = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    decider = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decider_post = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("目录修改稿")
        constraints = (
            models.CheckConstraint(
                condition=Q(decider=None) | ~Q(decider=F("proposer")),
                name="nobody_decides_on_their_own_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "returned")) | Q(decider__isnull=False),
                name="a_decided_revision_has_a_decider",
            ),
            models.UniqueConstraint(
                fields=["organisation", "proposer"],
                condition=Q(state__in=UNFINISHED),
                name="a_proposer_has_one_unfinished_revision",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "id"],
                condition=Q(state__in=UNFINISHED),
                name="revisions_in_hand",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def charter(self) -> Charter:
        """The proposed text as data."""
        return _remembered(self)
