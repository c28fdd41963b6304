"""The head of an item's page: the five steps, what it is, what counts now."""

from collections.abc import Sequence
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Step
from gongkai.procedure.proposals.states import EDITABLE, DocumentKind, DraftState
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.states import ReviewState
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import limits, pointing, steps
from gongkai.surfaces.desk.dossier.facts import Facts


class Head(Facts):
    """Where an item stands (进度)."""

    @cached_property
    def step(self) -> str:
        """The step the item stands in: the first of the five that is not over."""
        states = self._states()
        return next((key for key, over in states.items() if not over), steps.ARCHIVE)

    def _states(self) -> dict[str, bool]:
        """Which of the five steps are over, for the text in hand."""
        sealed = self.edition is not None and self.draft is None
        gone = bool(self.withdrawal or (self.erasure and self.erasure.confirmed_at))
        arranged = bool(self.standing) and all(
            release.state != ReleaseState.PLANNED for release in self.standing
        )
        public = sealed and (gone or (arranged and not self.at.unarranged))
        return {
            steps.PROPOSE: sealed or bool(self.draft and self.draft.state == DraftState.SUBMITTED),
            steps.REVIEW: sealed,
            steps.PUBLISH: public,
            steps.FEEDBACK: public and (self.filing is not None or not self.unanswered),
            steps.ARCHIVE: self.filing is not None,
        }

    def steps(self) -> list[Step]:
        """The five steps with their states, dates and posts."""
        states, said = self._states(), self._lines()
        return [
            Step(
                str(name),
                "done" if states[key] else "now" if key == self.step else "todo",
                [line for line in said[key] if line],
            )
            for key, name in steps.NAMES.items()
        ]

    def _lines(self) -> dict[str, Sequence[str]]:
        return {
            steps.PROPOSE: self._proposed(),
            steps.REVIEW: self._reviewed(),
            steps.PUBLISH: self._published(),
            steps.FEEDBACK: self._answered(),
            steps.ARCHIVE: self._filed(),
        }

    def _proposed(self) -> Sequence[str]:
        draft = self.draft or (self.drafts[-1] if self.drafts else None)
        if draft is None:
            return ()
        if draft.submitted_at and draft.state not in EDITABLE:
            day = marks.day(civil_day(draft.submitted_at, self.zone), year=False)
            return draft.proposer_post, _("%(day)s送审") % {"day": day}
        return draft.proposer_post, str(DraftState(draft.state).label)

    def _reviewed(self) -> Sequence[str]:
        under = self.review
        if under is None or under.state in (ReviewState.RETURNED, ReviewState.RECALLED):
            return ()
        if under.state == ReviewState.SEALED and self.edition and self.draft is None:
            day = marks.day(civil_day(self.edition.sealed_at, self.zone), year=False)
            return self.edition.seal_number, _("%(day)s盖章") % {"day": day}
        said = {
            "n": under.stage + 1,
            "of": len(under.charter.charter.stages),
            "day": marks.day(under.due_on, year=False),
        }
        before = _("%(day)s前") % said
        if under.claimed(self.now):
            claimed = _("%(post)s认领") % {"post": under.claimed_as}
            return _("共%(of)s级，正在办第%(n)s级") % said, claimed, before
        if under.state == ReviewState.PASSED:
            return _("都已通过，等盖章"), before
        return _("共%(of)s级，正在办第%(n)s级") % said, before

    def _published(self) -> Sequence[str]:
        if self.withdrawal:
            day = marks.day(civil_day(self.withdrawal.at, self.zone), year=False)
            return (_("%(day)s撤回") % {"day": day},)
        if self.draft is not None and self.draft.number == 1:
            return tuple(self.scope_name(step["scope"]) for step in self.draft.plan)
        lines = [
            f"{self.scope_name(release.scope)} "
            + marks.moment(release.opened_at or release.opens_at, self.zone, year=False)
            for release in self.standing
        ]
        return lines or [stage.name for stage in self.stages]

    def _answered(self) -> Sequence[str]:
        if self.unanswered:
            n = self.unanswered
            return (ngettext("%(n)s件意见等答复", "%(n)s件意见等答复", n) % {"n": n},)
        return (_("意见都已答复"),) if self.cases else ()

    def _filed(self) -> Sequence[str]:
        if self.filing:
            day = marks.day(civil_day(self.filing.filed_at, self.zone), year=False)
            return self.filing.file_number, _("%(day)s归档") % {"day": day}
        if self.entry is None:
            return ()
        kept = named(self.charter.retention(self.entry.retention))
        return (_("保管%(kept)s") % {"kept": kept},)

    def meta(self) -> list[str]:
        """Entry, place on the board, kind: the line below the title."""
        entry = self.disclosure.entry
        category = next((named(c) for c in self.charter.categories if c.code == entry.category), "")
        said = [_("目录%(code)s") % {"code": entry.code}, category]
        newest = self.draft or (self.drafts[-1] if self.drafts else None)
        if newest and newest.kind in DocumentKind.values:
            said.append(str(DocumentKind(newest.kind).label))
        if self.disclosure.number:
            said.append(self.disclosure.number)
        return [each for each in said if each]

    def badges(self) -> list[tuple[str, str]]:
        """Kind and words of the marks beside the title."""
        if self.erasure and self.erasure.confirmed_at:
            return [("gone", _("已清除"))]
        if self.withdrawal:
            return [("gone", _("已撤回"))]
        found = []
        newest = self.draft or (self.drafts[-1] if self.drafts else None)
        public = any(is_public(release.audience) for release in self.releases if release.opened_at)
        if newest and not public and (words := pointing.inner_first(newest.plan, self.charter)):
            found.append(("members", words))
        if self.emergency and not self.emergency.confirmed:
            refused = self.emergency.confirmed is False
            words = _("紧急公开，补审没有通过") if refused else _("紧急公开，待补审")
            found.append(("gone" if refused else "fixed", words))
        if self.draft and self.draft.corrects:
            found.append(("fixed", _("正在更正")))
        if self.erasure:
            found.append(("gone", _("已申请清除，等第二人确认")))
        return found

    def deadline(self) -> Deadline | None:
        """The limit that counts now."""
        if self.withdrawal or self.erasure or self.filing:
            return None
        if self.review and self.review.state in review.OPEN:
            return limits.to_review(self.review, self.opinions)
        if self.step in (steps.PROPOSE, steps.PUBLISH) and not self.opened:
            return limits.to_publish(self.disclosure, self.charter)
        return None
