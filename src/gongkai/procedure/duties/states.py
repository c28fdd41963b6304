"""A duty's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyKind(models.TextChoices):
    """What a duty arises from (任务由来)."""

    FIRST = "first", _("首次公开")
    PERIOD = "period", _("定期公开")
    MILESTONE = "milestone", _("逐段公开")
    EVENT = "event", _("即时公开")
    CHANGE = "change", _("变更更新")
    REVIEW = "review", _("年度复核")


class DutyState(models.TextChoices):
    """Where a duty stands (任务状态)."""

    OPEN = "open", _("待公开")
    MET = "met", _("已公开")
    WAIVED = "waived", _("免于公开")
    VOID = "void", _("不再适用")


MOVES: dict[str, tuple[DutyState, ...]] = {
    DutyState.OPEN: (DutyState.MET, DutyState.WAIVED, DutyState.VOID),
    DutyState.MET: (DutyState.OPEN,),
    DutyState.WAIVED: (DutyState.OPEN,),
}
"""What was taken back is owed again, and so is what was waived by mistake."""
