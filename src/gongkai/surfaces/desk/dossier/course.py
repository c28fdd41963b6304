"""How an item goes on and how it came so far: plan, history, versions, papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.identifiers import verification_code
from gongkai.foundation.ledger.models import Act as Recorded
from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.ui.parts import Act, Event, Link
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review.models import Edition
from gongkai.surfaces.board.words import named
from gongkai.surfaces.channels.paper.notice import SIZES
from gongkai.surfaces.desk import acts as doing
from gongkai.surfaces.desk import story
from gongkai.surfaces.desk.dossier.facts import Facts
from gongkai.surfaces.reach import queries as reach
from gongkai.surfaces.reach.models import Spot


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


class Course(Facts):
    """Plan and history of an item (安排和经过)."""

    def plan(self) -> list[Opening]:
        """The stages with their times: as arranged, as sealed, or as the draft asks for."""
        if self.edition and self.draft is None:
            return [*self._arranged(), *self._unarranged()]
        draft = self.draft
        if draft is None:
            return []
        return [
            Opening(
                self.scope_name(step["scope"]),
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
                self.scope_name(release.scope),
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
            and is_public(release.audience)
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
        if not any(each.state == ReleaseState.OPEN for each in self.releases):
            return []
        whole = reverse("paper:document", args=[self.disclosure.address])
        return [Link(_("公开件（PDF）"), whole), *self.sheets]

    @property
    def sheets(self) -> list[Link]:
        """The wall's sheets of what the public may read."""
        open_now = [each for each in self.releases if each.state == ReleaseState.OPEN]
        if not any(is_public(each.audience) for each in open_now):
            return []
        return [
            Link(
                _("公开栏张贴页%(size)s（PDF）") % {"size": size.upper()},
                reverse("paper:sheet", args=[self.disclosure.address, size]),
            )
            for size in SIZES
        ]

    @property
    def spots(self) -> list[Spot]:
        """The places for which those sheets can be marked."""
        return list(reach.spots(self.disclosure.organisation)) if self.sheets else []
