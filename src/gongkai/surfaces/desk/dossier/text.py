"""The text of an item as its page shows it, and what is looked at before the seal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile
from gongkai.procedure.proposals.states import EDITABLE, DraftState
from gongkai.procedure.review import checking
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import Edition
from gongkai.procedure.review.queries import Checked
from gongkai.surfaces.desk import acts as doing
from gongkai.surfaces.desk import flagging, sheet
from gongkai.surfaces.desk.dossier.facts import Facts


@dataclass(frozen=True)
class Check:
    """A line of what is looked at before review ends (审核前检查)."""

    good: bool
    words: str
    note: str = ""
    act: Act | None = None


@dataclass(frozen=True)
class Sheet:
    """The text on the page (拟公开的正文).

    ``files``: title, where to download it, where to read it, extension and size; no address where
    there is nothing.
    """

    title: Markup
    body: Markup
    document_number: str
    files: Sequence[tuple[str, str, str, str, int]]


class Text(Facts):
    """The text in hand or sealed, and what the checks say of it (正文和检查)."""

    def sheet(self) -> Sheet | None:
        """The text in hand, else the text that was sealed last."""
        if self.draft:
            return self._draft_sheet(self.draft)
        if self.edition and self.edition.data is not None:
            return self.edition_sheet(self.edition)
        if self.drafts and not self.edition and self.drafts[-1].body:
            return self._draft_sheet(self.drafts[-1])
        return None

    def _draft_sheet(self, draft: Draft) -> Sheet:
        return Sheet(
            title=sheet.line(draft.title),
            body=self._marked.body if self._marked else sheet.flagged(draft.body, numbered=True),
            document_number=draft.document_number,
            files=[self._draft_file(each) for each in self.files],
        )

    @cached_property
    def files(self) -> list[DraftFile]:
        """The attachments of the draft in hand."""
        return proposals.attachments(self.draft) if self.draft else []

    def _draft_file(self, each: DraftFile) -> tuple[str, str, str, str, int]:
        where = [self.disclosure.address, each.pk]
        href, read = reverse("desk:draft-file", args=where), reverse("desk:draft-read", args=where)
        if each.file.erased_at is not None:
            href = read = ""
        return masked(each.title), href, read, each.file.extension, each.file.size

    def edition_sheet(self, edition: Edition) -> Sheet:
        """The sealed text; flagged too, since a finding may have been let stand."""
        data = review.edition_data(edition)
        return Sheet(
            title=sheet.line(data["title"]),
            body=sheet.flagged(data["body"]),
            document_number=data["document_number"],
            files=[self._sealed_file(edition, each) for each in data["attachments"]],
        )

    def _sealed_file(
        self, edition: Edition, each: dict[str, Any]
    ) -> tuple[str, str, str, str, int]:
        name = f"{each['digest'][:16]}.{each['extension']}"
        where = [self.disclosure.address, edition.number, name]
        return (
            masked(each["title"]),
            reverse("desk:edition-file", args=where),
            "",
            each["extension"],
            each["size"],
        )

    def checks(self) -> list[Check]:
        """What is looked at before the seal; nothing once sealed."""
        if self.draft is None:
            return []
        lines = [self._statement_check(), *self._finding_checks()]
        if self.entry:
            codes = [self.scope_name(step["scope"]) for step in self.draft.plan]
            lines.append(
                Check(bool(codes), _("公开范围：%(scopes)s") % {"scopes": _("，").join(codes)})
                if codes
                else Check(False, _("还没有选公开范围"))
            )
        return sorted(lines, key=lambda check: check.good)

    def _statement_check(self) -> Check:
        assert self.draft is not None
        said = self.draft.statement
        if said and self.draft.state == DraftState.SUBMITTED:
            at = marks.moment(clock.unstamp(said["at"]), self.zone, year=False)
            told = {"post": said["post"], "at": at}
            return Check(True, _("%(post)s已作真实性承诺（%(at)s）") % told, said["text"])
        return Check(False, _("还没有送审：送审时由提出人作真实性承诺"))

    def _finding_checks(self) -> list[Check]:
        if not self._being_checked:
            where = reverse("desk:check", args=[self.disclosure.address])
            act = Act(_("现在查一遍"), where, quiet=True)
            return [Check(False, _("还没有检查"), _("送审时也会自动查。"), act)]
        open_ones = [each for each in self.checked if not each.clearance]
        if any(each.finding.blocking for each in open_ones):
            return []
        if self.checked:
            return [Check(True, _("没有挡住审核的发现"))]
        return [Check(True, _("检查没有发现要处理的地方"))]

    @property
    def _being_checked(self) -> bool:
        return self.review is not None and self.review.state in review.OPEN

    @cached_property
    def checked(self) -> list[Checked]:
        """What the checks found in the round that is open, and what was cleared."""
        if self.review is None or not self._being_checked:
            return []
        return review.findings_of(self.review)

    @cached_property
    def _marked(self) -> flagging.Text | None:
        """The draft's text with those findings."""
        if self.draft is None or not self.checked:
            return None
        told = [each.finding for each in self.checked]
        return flagging.Text(self.draft, self._read_files(told), told)

    def _read_files(self, told: Sequence[Finding]) -> Sequence[DraftFile]:
        """The attachments with their texts, where a sentence of one is to be quoted."""
        if not any(place.part == "line" for each in told for place in each.places):
            return ()
        return list(DraftFile.objects.filter(draft=self.draft).select_related("file"))

    @cached_property
    def looked(self) -> flagging.Text | None:
        """The draft that is being written, as the checks find it now; nothing is kept of it."""
        if self.draft is None or self.draft.state not in EDITABLE:
            return None
        files = DraftFile.objects.filter(draft=self.draft).select_related("file").order_by("order")
        with_texts = list(files)
        told = checking.read(self.draft, with_texts, self.charter).findings
        return flagging.Text(self.draft, with_texts, told)

    def looked_sheet(self) -> Sheet | None:
        """The text with what they found marked."""
        if self.draft is None or self.looked is None:
            return self.sheet()
        return replace(self._draft_sheet(self.draft), body=self.looked.body)

    def findings(self) -> list[flagging.Section]:
        """What the checks found, group by group, with what the officer may do about it."""
        return flagging.sections(self._marked, self.checked, self._clearing) if self._marked else []

    def _clearing(self, finding: Finding) -> Act | None:
        if not self._may_clear:
            return None
        where = [self.disclosure.address, finding.code]
        return Act(_("核对后保留"), reverse("desk:clear", args=where), quiet=True)

    @cached_property
    def _may_clear(self) -> bool:
        """Whether the officer may let findings stand: what holds for one open one holds for all."""
        blocking = (each for each in self.checked if each.finding.blocking and not each.clearance)
        one = next(blocking, None)
        return one is not None and not doing.clear_obstacles(self.at, self.officer, one.finding)
