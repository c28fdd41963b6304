"""Everything the page of an item shows: where it stands, its text, checks, plan, history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.deadlines import Deadline
from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.ledger.models import Act as Recorded
from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Event, Link, Step
from gongkai.procedure.acknowledgements import queries as acknowledgements
from gongkai.procedure.acknowledgements.queries import Reading
from gongkai.procedure.acknowledgements.rules import may_see_names
from gongkai.procedure.archive import queries as archive
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.feedback import rules as feedback_rules
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import UNANSWERED
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile, Submission
from gongkai.procedure.proposals.states import EDITABLE, DocumentKind, DraftState
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication.models import Erasure, Release, Withdrawal
from gongkai.procedure.publication.plans import Stage
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review import checking
from gongkai.procedure.review import queries as review
from gongkai.procedure.review import rules as review_rules
from gongkai.procedure.review.checks.finding import Finding
from gongkai.procedure.review.models import Edition, Emergency, Opinion, Review
from gongkai.procedure.review.queries import Checked
from gongkai.procedure.review.states import ReviewState
from gongkai.surfaces.board.words import named
from gongkai.surfaces.channels.paper.notice import SIZES
from gongkai.surfaces.desk import acts as doing
from gongkai.surfaces.desk import flagging, limits, owed, pointing, sheet, steps, story


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


@dataclass(frozen=True)
class Opening:
    """A stage of the release plan (公开安排的一步)."""

    name: str
    at: datetime | None
    state: str
    due: date | None
    acts: Sequence[Act]


@dataclass(frozen=True)
class Version:
    """A sealed edition (公开版本) in the list of them."""

    edition: Edition
    code: str
    href: str
    board: str


class Dossier:
    """One item as its page and its small pages see it (案卷). Each part is read once."""

    def __init__(self, disclosure: Disclosure, officer: Officer) -> None:
        self.disclosure, self.officer = disclosure, officer
        self.zone = disclosure.organisation.zone
        self.now = clock.now()
        self.today = civil_day(self.now, self.zone)

    # -- what there is -----------------------------------------------------------------------------

    @cached_property
    def charter(self) -> Charter:
        """The charter in force."""
        return charter_of(self.disclosure.organisation)[1]

    @cached_property
    def entry(self) -> EntryRule | None:
        """The catalogue's line; none when the charter in force has left it out."""
        code = self.disclosure.entry.code
        return next((rule for rule in self.charter.entries if rule.code == code), None)

    @cached_property
    def readings(self) -> list[Reading]:
        """How each edition was read by those who were asked, the newest first; nothing for
        whoever does not answer for the entry.
        """
        if not may_see_names(self.officer, self.disclosure, self.charter):
            return []
        return acknowledgements.readings(self.disclosure, self.today)

    @cached_property
    def drafts(self) -> list[Draft]:
        """Every draft, oldest first."""
        found = Draft.objects.filter(disclosure=self.disclosure).order_by("number")
        return list(
            found.select_related("disclosure__organisation", "disclosure__entry", "proposer")
        )

    @cached_property
    def draft(self) -> Draft | None:
        """The draft in hand; none between a seal and a correction."""
        over = (DraftState.SEALED, DraftState.DROPPED)
        return next((draft for draft in self.drafts if draft.state not in over), None)

    @cached_property
    def reviews(self) -> list[Review]:
        """Every round of review of every draft, oldest first."""
        return list(review.rows().filter(draft__disclosure=self.disclosure).order_by("pk"))

    @cached_property
    def review(self) -> Review | None:
        """The last round about the draft in hand, or about the last edition."""
        about = self.draft or (self.drafts[-1] if self.drafts else None)
        found = [each for each in self.reviews if about and each.draft_id == about.pk]
        return found[-1] if found else None

    @cached_property
    def opinions(self) -> list[Opinion]:
        """What was decided in that round."""
        return review.opinions(self.review) if self.review else []

    @cached_property
    def editions(self) -> list[Edition]:
        """The sealed editions, oldest first."""
        return review.editions(self.disclosure)

    @cached_property
    def edition(self) -> Edition | None:
        """The edition sealed last."""
        if not self.editions:
            return None
        self.editions[-1].disclosure = self.disclosure
        return self.editions[-1]

    @cached_property
    def emergency(self) -> Emergency | None:
        """That the last edition was opened in an emergency; nothing once it is taken back."""
        gone = self.withdrawal or (self.erasure and self.erasure.confirmed_at)
        return review.emergency_of(self.edition) if self.edition and not gone else None

    @cached_property
    def releases(self) -> list[Release]:
        """Every release, by edition and order."""
        return list(publication.releases(self.disclosure))

    @cached_property
    def withdrawal(self) -> Withdrawal | None:
        """The withdrawal, when there is one."""
        return publication.withdrawal_of(self.disclosure)

    @cached_property
    def erasure(self) -> Erasure | None:
        """The erasure asked for or done."""
        found = publication.erasure_of(self.disclosure)
        if found:
            found.disclosure = self.disclosure
        return found

    @cached_property
    def filing(self) -> Filing | None:
        """The 件 in the archive."""
        return archive.filing_of(self.disclosure)

    @cached_property
    def duties(self) -> list[Duty]:
        """What it was begun for, or has met."""
        return owed.of_item(self.disclosure)

    def elements(self) -> Sequence[owed.Element]:
        """What the text in hand has to say; nothing once sealed."""
        if self.draft is None or self.entry is None:
            return ()
        return owed.elements(self.entry, self.draft.title, self.draft.body, kind=self.draft.kind)

    @cached_property
    def cases(self) -> list[Case]:
        """The voices about the item that the officer may read, oldest first."""
        seen = feedback_rules.visible(self.officer).filter(disclosure=self.disclosure)
        return list(seen.order_by("pk"))

    @cached_property
    def unanswered(self) -> int:
        """How many voices still wait, whoever may read them."""
        found: QuerySet[Case] = feedback.cases_of(self.disclosure)
        return found.filter(state__in=UNANSWERED).count()

    @cached_property
    def stages(self) -> Sequence[Stage]:
        """The sealed plan of the last edition."""
        return publication.sealed_stages(self.edition) if self.edition else ()

    @cached_property
    def standing(self) -> list[Release]:
        """What stands of it."""
        edition = self.edition
        return [
            release
            for release in self.releases
            if edition
            and release.edition_id == edition.pk
            and release.state in publication.STANDING
        ]

    @property
    def opened(self) -> bool:
        """Whether anybody has ever been able to read it."""
        return any(release.opened_at for release in self.releases)

    # -- acts --------------------------------------------------------------------------------------

    @cached_property
    def at(self) -> doing.Standing:
        """Where it stands."""
        gone = self.withdrawal or (self.erasure and self.erasure.confirmed_at)
        return doing.Standing(
            disclosure=self.disclosure,
            charter=self.charter,
            draft=self.draft,
            review=self.review,
            edition=self.edition,
            emergency=self.emergency,
            erasure=self.erasure,
            opened=self.opened,
            unarranged=len(self.standing) < len(self.stages) and not gone,
            filed=self.filing is not None,
        )

    @cached_property
    def acts(self) -> list[Act]:
        """Everything that may be done, what is free first."""
        return doing.free(doing.acts(self.at, self.officer, self.now))

    @cached_property
    def bar(self) -> list[Act]:
        """All of them and what can be done with the plan, for the bar on phones."""
        moves = doing.release_acts(self.at, self.officer).values()
        return [*self.acts, *(act for acts in moves for act in acts if not act.obstacles)]

    # -- head --------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The title as the newest text has it, without the personal numbers in it."""
        return masked(self.draft.title if self.draft else self.disclosure.title)

    @property
    def note(self) -> str:
        """The public note of the correction in hand, the same way."""
        return masked(self.draft.note) if self.draft else ""

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
            return tuple(self._scope_name(step["scope"]) for step in self.draft.plan)
        lines = [
            f"{self._scope_name(release.scope)} "
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
        public = any(PUBLIC in release.audience for release in self.releases if release.opened_at)
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

    # -- text and checks ---------------------------------------------------------------------------

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
            codes = [self._scope_name(step["scope"]) for step in self.draft.plan]
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

    # -- plan, history, versions -------------------------------------------------------------------

    def plan(self) -> list[Opening]:
        """The stages with their times: as arranged, as sealed, or as the draft asks for."""
        if self.edition and self.draft is None:
            return [*self._arranged(), *self._unarranged()]
        draft = self.draft
        if draft is None:
            return []
        return [
            Opening(
                self._scope_name(step["scope"]),
                clock.unstamp(step["opens"]) if step.get("opens") else None,
                _("最早") if step.get("opens") else _("盖章后安排"),
                None,
                (),
            )
            for step in draft.plan
        ]

    def _arranged(self) -> list[Opening]:
        may = doing.release_acts(self.at, self.officer)
        return [
            Opening(
                self._scope_name(release.scope),
                release.opened_at or release.opens_at,
                str(ReleaseState(release.state).label),
                None if release.opened_at else civil_day(release.opens_at, self.zone),
                may.get(release.pk, ()),
            )
            for release in self.releases
            if self.edition
            and release.edition_id == self.edition.pk
            and release.state != ReleaseState.CANCELLED
        ]

    def _unarranged(self) -> list[Opening]:
        if not self.at.unarranged:
            return []
        taken = {release.scope for release in self.standing}
        return [
            Opening(stage.name, stage.earliest, _("还没有安排"), None, ())
            for stage in self.stages
            if stage.scope not in taken
        ]

    def story(self) -> list[Event]:
        """The history in sentences, newest first."""
        scopes = {scope.code: named(scope) for scope in self.charter.scopes}
        channels = {channel.key: named(channel) for channel in self.charter.channels}
        names = story.Names(scopes, self.zone, channels)
        return story.events(history(self.disclosure.address), names, self._story_link)

    def _story_link(self, act: Recorded) -> Link | None:
        if act.verb == "draft.submit" and act.facts.get("round", 1) > 1:
            where = [self.disclosure.address, act.facts.get("draft", 1), act.facts["round"]]
            return Link(_("看改动"), reverse("desk:changes", args=where))
        if act.verb in ("draft.mask", "draft.redact"):
            where = [self.disclosure.address]
            return Link(_("看遮盖登记"), reverse("desk:redactions", args=where))
        if act.verb.startswith("case.") and any(
            case.number == act.facts.get("case") for case in self.cases
        ):
            return Link(_("看意见"), reverse("desk:case", args=[act.facts["case"]]))
        return None

    def versions(self) -> list[Version]:
        """The sealed editions, newest first."""
        public = {
            release.edition_id
            for release in self.releases
            if release.state in (ReleaseState.OPEN, ReleaseState.REPLACED)
            and PUBLIC in release.audience
        }
        return [
            Version(
                edition=edition,
                code=verification_code(edition.digest),
                href=reverse("desk:edition", args=[self.disclosure.address, edition.number])
                if edition.data is not None
                else "",
                board=f"{settings.BOARD_URL}/i/{self.disclosure.address}"
                if edition.pk in public
                else "",
            )
            for edition in reversed(self.editions)
        ]

    @property
    def papers(self) -> list[Link]:
        """What can be printed of what is open: the document, and the wall's sheets of what the
        public may read.
        """
        open_now = [each for each in self.releases if each.state == ReleaseState.OPEN]
        address = self.disclosure.address
        found = [Link(_("公开件（PDF）"), reverse("paper:document", args=[address]))]
        if any(PUBLIC in each.audience for each in open_now):
            found += [
                Link(
                    _("公开栏张贴页%(size)s（PDF）") % {"size": size.upper()},
                    reverse("paper:sheet", args=[address, size]),
                )
                for size in SIZES
            ]
        return found if open_now else []

    def submissions(self) -> list[Submission]:
        """What the draft in hand said each time it was sent."""
        return proposals.submissions(self.draft) if self.draft else []

    def _scope_name(self, code: str) -> str:
        return next((named(scope) for scope in self.charter.scopes if scope.code == code), code)


def visible(address: str, officer: Officer) -> Disclosure | None:
    """The item at ``address`` when the officer may look into it."""
    found = review_rules.visible(officer).filter(address=address)
    return found.select_related("organisation", "entry").first()
