"""What there is of an item, each part read once."""

from collections.abc import Sequence
from functools import cached_property

from django.db.models import QuerySet

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui.parts import Act
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
from gongkai.procedure.proposals.models import Disclosure, Draft, Submission
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication.models import Erasure, Release, Withdrawal
from gongkai.procedure.publication.plans import Stage
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Edition, Emergency, Opinion, Review
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import acts as doing
from gongkai.surfaces.desk import owed


class Facts:
    """What there is of one item, for the officer who looks (案卷所载). Each part is read once."""

    def __init__(self, disclosure: Disclosure, officer: Officer) -> None:
        self.disclosure, self.officer = disclosure, officer
        self.zone = disclosure.organisation.zone
        self.now = clock.now()
        self.today = civil_day(self.now, self.zone)

    @property
    def title(self) -> str:
        """The title as the newest text has it, without the personal numbers in it."""
        return masked(self.draft.title if self.draft else self.disclosure.title)

    @property
    def note(self) -> str:
        """The public note of the correction in hand, the same way."""
        return masked(self.draft.note) if self.draft else ""

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

    def submissions(self) -> list[Submission]:
        """What the draft in hand said each time it was sent."""
        return proposals.submissions(self.draft) if self.draft else []

    def scope_name(self, code: str) -> str:
        """What an audience of the charter is called."""
        return next((named(scope) for scope in self.charter.scopes if scope.code == code), code)

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
