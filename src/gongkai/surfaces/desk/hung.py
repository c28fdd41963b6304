"""How a voice stands with the wall, as the desk says it in a few words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.procedure.feedback import hanging, queries, wall_rules
from gongkai.procedure.feedback.models import Case, Hanging, Wording


@dataclass(frozen=True)
class Stand:
    """How a voice stands with the wall (上墙情况): what hangs and what waits."""

    case: Case
    place: Hanging | None
    waiting: Wording | None

    @property
    def up(self) -> bool:
        """Whether it hangs."""
        place = self.place
        return place is not None and place.record is not None and self.said == ""

    @property
    def said(self) -> str:
        """Why it does not hang, for good; empty when it does, or may still."""
        if self.place is None:
            return ""
        if self.place.down_at is not None:
            return _("已经从墙上撤下：%(reason)s") % {
                "reason": self.place.get_down_reason_display()
            }
        if self.place.wording.off:
            reason = self.place.wording.get_reason_display()
            return _("审定不上墙：%(reason)s") % {"reason": reason}
        return ""

    @property
    def line(self) -> str:
        """In a few words, for the case's page."""
        if self.waiting:
            return _("上墙稿等审定")
        if self.said:
            return self.said
        if self.up:
            return _("已经上墙")
        return _("还没有提请上墙，答复审定时一起上墙")


def stand(case: Case) -> Stand | None:
    """How the case stands with the wall: 2 queries; none and no query for one that never hangs."""
    if not wall_rules.hangable(case) and not case.show:
        return None
    place = hanging.of(case)
    waiting = queries.waiting_wording(case)
    return Stand(case, place, waiting) if wall_rules.hangable(case) or place else None
