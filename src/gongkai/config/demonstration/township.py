"""The demonstration's organisation: its people, its items, its voices."""

import io
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from gongkai.config.demonstration import (
    FOLDER,
    ITEMS,
    Correction,
    Item,
    Reach,
    Voice,
    walls,
)
from gongkai.config.demonstration.days import Rota
from gongkai.config.demonstration.papers import PAPERS
from gongkai.foundation.core import clock
from gongkai.foundation.core.deadlines import notice_period
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.files import jobs as file_jobs
from gongkai.foundation.files import queries as files_read
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.states import ReadingState
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as people
from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.foundation.ui import marks
from gongkai.procedure.archive import queries as archive_read
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.feedback import queries as feedback_read
from gongkai.procedure.feedback import topics, wall
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import texts
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication import jobs as publication_jobs
from gongkai.procedure.publication import queries as publication_read
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Erasure
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as review_read
from gongkai.procedure.review import workflow as review
from gongkai.procedure.review.models import Edition, Review
from gongkai.procedure.review.states import ReviewState

READER = "member"


READER_NAME = "党员"
"""The account and the name of a Party member without a post, who only reads."""


CONSULTATION = timedelta(days=16)


OPENING_HOUR = timedelta(hours=9)


AWAY, DEPUTY = "youth", "organiser"
"""Whose holder is away for training, and who acts on their turns meanwhile."""


AWAY_FOR = timedelta(days=4)


class Township:
    """The demonstration's organisation, and what is done for it (演示的乡镇)."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.today = organisations.today(organisation)
        self.words = _words(self.today)
        self.stored: dict[str, StoredFile] = {}
        self._officers: dict[str, Officer] = {}
        self.rota = Rota(organisation, self.officer)

    # -- people ------------------------------------------------------------------------------------

    def staff(self) -> list[tuple[str, Member]]:
        """A Party member in every vacant post, named after it, and one reader more.

        Returns who signs in under which user name.
        """
        for post in organisations.vacant_posts(self.organisation, self.today):
            people.appoint(post=post, member=self._member(post.name), since=self.today, by=SYSTEM)
        holders = {
            post.key: organisations.holder(post, self.today)
            for post in organisations.posts(self.organisation)
        }
        named = [(key, member) for key, member in holders.items() if member]
        return [*named, (READER, self._member(READER_NAME))]

    def _member(self, name: str) -> Member:
        found = Member.objects.filter(organisation=self.organisation, name=name).first()
        return found or people.make_member(
            organisation=self.organisation, name=name, party=True, by=SYSTEM
        )

    def officer(self, post: str) -> Officer:
        """Who holds ``post`` today; asked once, since nobody is moved while this runs."""
        if post not in self._officers:
            found = organisations.officer_of_post(self.organisation, post, self.today)
            self._officers[post] = found
        return self._officers[post]

    def send_away(self) -> None:
        """Register that the holder of one post is away; once, even if they come back early."""
        if Act.objects.filter(verb="post.away", organisation=self.organisation.slug).exists():
            return
        tenure = organisations.place(organisations.post(self.organisation, AWAY), self.today).held
        if tenure is None:
            return
        people.register_absence(
            tenure=tenure,
            deputy=organisations.post(self.organisation, DEPUTY),
            since=self.today,
            until=self.today + AWAY_FOR,
            kind=AbsenceKind.STUDY,
            by=SYSTEM,
        )

    # -- items -------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read every text, before the transactions begin."""
        for item in ITEMS:
            self._text(item)
            for paper in PAPERS.get(item.file, ()) if self._found(item) is None else ():
                stored = files.keep(io.BytesIO(paper.make()), paper.name)
                self._read_pages(stored.digest)
                self.stored[paper.name] = stored

    def _read_pages(self, digest: str) -> None:
        """Have the pages made as the worker would, so that review knows what they say."""
        while (reading := files_read.reading(digest)) and reading.state == ReadingState.WAITING:
            file_jobs.read.call(digest)

    def bring(self, item: Item) -> None:
        """Bring ``item`` as far as it is to go; once it is there, it is the reader's to act on."""
        if self._found(item):
            return
        draft = self._begin(item)
        for paper in PAPERS.get(item.file, ()):
            officer, file = self.officer(item.proposer), self.stored[paper.name]
            proposals.attach(draft=draft, officer=officer, file=file, title=paper.name)
            draft.refresh_from_db()
        while _reached(draft) < item.reach:
            self._next(draft, item)
            draft.refresh_from_db()
        if item.returned and draft.state == DraftState.SUBMITTED:
            round_ = review_read.open_review(draft.disclosure)
            officer = self._reviewer(round_.posts, draft)
            review.return_draft(review=round_, officer=officer, reason=item.returned)

    def hang(self) -> list[str]:
        """Put up some sheets and read two items out, unless things have gone on; say why not."""
        found = {item.file: self._found(item) for item in ITEMS}
        standing = {file: each for file, each in found.items() if each}
        try:
            with transaction.atomic():
                walls.hang(standing, self.officer("office"))
        except Refused as refusal:
            return refusal.obstacles
        return []

    def follow_up(self, item: Item) -> None:
        """Correct or withdraw ``item``, where that is to be."""
        if not (item.correction or item.withdrawn):
            return
        disclosure = self._found(item)
        if disclosure is None or publication_read.erasure_of(disclosure):
            return
        taken_back = publication_read.withdrawal_of(disclosure)
        if item.withdrawn and not taken_back:
            officer = self.officer("deputy")
            publication.withdraw(disclosure=disclosure, officer=officer, reason=item.withdrawn)
        corrected = Draft.objects.filter(disclosure=disclosure, number__gt=1).exists()
        if item.correction and not (taken_back or corrected):
            self._correct(disclosure, item, item.correction)

    def file(self, item: Item) -> None:
        """Put ``item`` into the archive, where that is to be."""
        if not item.filed:
            return
        disclosure = self._found(item)
        if disclosure is None or publication_read.erasure_of(disclosure):
            return
        if archive_read.filing_of(disclosure) is None:
            archive.file(disclosure=disclosure, officer=self.officer("office"))

    def open_due(self) -> list[str]:
        """Open what has been arranged for now; say what should be open and is not."""
        publication_jobs.open_due(clock.now())
        waiting = publication_read.due(clock.now())
        return [_("“%(item)s”没有公开。") % {"item": each.disclosure.title} for each in waiting]

    def _found(self, item: Item) -> Disclosure | None:
        """What ``item`` has become: known by the title it began with, whatever happened since.

        An erasure takes that title as well; so an erased one under the entry is taken for it.
        """
        begun = Act.objects.filter(
            verb="draft.begin",
            organisation=self.organisation.slug,
            subject_label=self._text(item).title,
        )
        under = Disclosure.objects.filter(
            organisation=self.organisation, entry__code=item.entry
        ).order_by("pk")
        found = under.filter(address__in=begun.values("subject")).first()
        return (
            found or under.filter(Exists(Erasure.objects.filter(disclosure=OuterRef("pk")))).first()
        )

    def _text(self, item: Item) -> texts.Text:
        return text_of(item.file, tuple(self.words.items()))

    def _begin(self, item: Item) -> Draft:
        text = self._text(item)
        return proposals.begin(
            organisation=self.organisation,
            entry=proposals_read.entry_of(self.organisation, item.entry),
            officer=self.officer(item.proposer),
            title=text.title,
            body=text.html,
            kind=item.kind,
            document_number=text.document_number,
            form=item.form,
            plan=[{"scope": scope, "keys": [], "opens": ""} for scope in item.scopes],
        )

    def _next(self, draft: Draft, item: Item) -> None:
        """The next act on ``draft`` by whoever has to act."""
        if draft.state == DraftState.WRITING:
            review.submit(draft=draft, officer=self.officer(item.proposer))
            return
        if draft.state == DraftState.SEALED:
            self._schedule(Edition.objects.get(review__draft=draft), item)
            return
        round_ = review_read.open_review(draft.disclosure)
        officer = self._reviewer(round_.posts, draft)
        if round_.state == ReviewState.PASSED:
            review.seal(review=round_, officer=officer)
        else:
            self._clear(round_, officer, item)
            review.pass_stage(review=round_, officer=officer)

    def _clear(self, round_: Review, officer: Officer, item: Item) -> None:
        """Let stand what no program can read, for the reason that is written beside it."""
        reasons = [paper.cleared for paper in PAPERS.get(item.file, ()) if paper.cleared]
        unread = [each for each in review_read.open_findings(round_) if each.kind == "unreadable"]
        for finding, reason in zip(unread, reasons, strict=False):
            review.clear(review=round_, officer=officer, finding=finding, reason=reason)

    def _reviewer(self, posts: list[str], draft: Draft) -> Officer:
        """One of ``posts`` who did not write the draft."""
        officers = (self.officer(key) for key in posts)
        return next(each for each in officers if each.member.key not in draft.authors)

    def _schedule(self, edition: Edition, item: Item) -> None:
        stages = publication_read.sealed_stages(edition)
        steps = [Step(stage.scope) for stage in stages]
        if item.last_in:
            day = self.today + timedelta(days=item.last_in)
            opens = clock.start_of(day, self.organisation.zone) + OPENING_HOUR
            steps[-1] = Step(stages[-1].scope, opens_at=opens)
        publication.schedule(edition=edition, officer=self.officer("office"), steps=steps)

    def _correct(self, disclosure: Disclosure, item: Item, correction: Correction) -> None:
        officer = self.officer(item.proposer)
        draft = publication.correct(
            disclosure=disclosure, officer=officer, note=correction.note, privacy=False
        )
        if correction.before in draft.body and draft.state == DraftState.WRITING:
            body = draft.body.replace(correction.before, correction.after)
            draft = proposals.edit(draft=draft, officer=officer, edits=draft.edits, body=body)
        if correction.after not in draft.body:
            raise Broken(f"{item.file} does not hold what its correction changes")
        while _reached(draft) < Reach.OPEN:
            self._next(draft, item)
            draft.refresh_from_db()

    # -- voices ------------------------------------------------------------------------------------

    def hear(self, voice: Voice) -> None:
        """Take ``voice`` down, and bring it as far as it is to go; once, as an item."""
        token = f"demonstration-{voice.key}"
        if Case.objects.filter(token=token).exists():
            return
        case, code = feedback.receive(
            organisation=self.organisation,
            disclosure=self._about(voice),
            text=voice.text,
            show=True,
            token=token,
            kind=voice.kind,
            ground=voice.ground,
            asked=self._post(voice.asked),
        )
        if post := self._post(voice.post):
            case = feedback.assign(case=case, officer=self.officer("office"), post=post)
        if voice.wording:
            topics.show(case=case, officer=self.officer("deputy"), wording=voice.wording)
        self._hang(voice, case)
        if voice.answer:
            officer = self.officer(voice.asked or voice.post)
            feedback.answer(case=case, officer=officer, text=voice.answer, outcome=voice.outcome)
            case.refresh_from_db()
        answer = feedback_read.draft_answer(case)
        if voice.approver and answer:
            feedback.approve(answer=answer, officer=self.officer(voice.approver))
            case.refresh_from_db()
        if voice.judged:
            feedback.judge(case=case, receipt=code, verdict=voice.judged)

    def _hang(self, voice: Voice, case: Case) -> None:
        """Bring ``voice`` to the wall before it is answered, or keep it off, by two people."""
        office, second = self.officer("office"), self.officer("deputy")
        if voice.hung:
            reason, why = voice.changed or ("", "")
            written = wall.propose(
                case=case, officer=office, text=voice.hung, reason=reason, why=why
            )
        elif voice.off:
            reason, why = voice.off
            written = wall.keep_off(case=case, officer=office, reason=reason, why=why)
        else:
            return
        if voice.passed:
            wall.pass_wording(wording=written, officer=second)

    def _post(self, key: str) -> Post | None:
        return organisations.post(self.organisation, key) if key else None

    def _about(self, voice: Voice) -> Disclosure | None:
        if not voice.file:
            return None
        return self._found(next(item for item in ITEMS if item.file == voice.file))


def _reached(draft: Draft) -> Reach:
    """How far ``draft`` has come."""
    if draft.state == DraftState.SUBMITTED:
        round_ = review_read.open_review(draft.disclosure)
        return Reach.PASSED if round_.state == ReviewState.PASSED else Reach(1 + round_.stage)
    if draft.state == DraftState.SEALED:
        edition = Edition.objects.get(review__draft=draft)
        arranged = publication_read.releases(draft.disclosure).filter(edition=edition)
        return Reach.OPEN if arranged.exists() else Reach.SEALED
    return Reach.WRITTEN


_TEXTS: dict[tuple[str, tuple[tuple[str, str], ...]], texts.Text] = {}


def text_of(file: str, words: tuple[tuple[str, str], ...]) -> texts.Text:
    """The text of ``file`` as the office's own import reads it, with the days of today put in."""
    if (file, words) not in _TEXTS:
        data = (FOLDER / file).read_bytes()
        for mark, said in words if file.endswith(".txt") else ():
            data = data.replace(f"{{{mark}}}".encode(), said.encode())
        _TEXTS[file, words] = texts.from_bytes(data, file)
    return _TEXTS[file, words]


def _words(today: date) -> dict[str, str]:
    """What the texts leave open: days that depend on when the demonstration is loaded."""
    notice = notice_period(today, 5)
    return {
        "公示起": marks.day(notice.counted[0]),
        "公示止": marks.day(notice.due),
        "征求止": marks.day(today + CONSULTATION),
    }
