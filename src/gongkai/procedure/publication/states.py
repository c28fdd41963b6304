"""A release's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReleaseState(models.TextChoices):
    """Where a release stands (发布状态)."""

    PLANNED = "planned", _("已安排")
    OPEN = "open", _("已公开")
    REPLACED = "replaced", _("已被更正")
    WITHDRAWN = "withdrawn", _("已撤回")
    ERASED = "erased", _("已清除")
    CANCELLED = "cancelled", _("已取消")


MOVES: dict[str, tuple[ReleaseState, ...]] = {
    ReleaseState.PLANNED: (ReleaseState.OPEN, ReleaseState.CANCELLED, ReleaseState.ERASED),
    ReleaseState.OPEN: (ReleaseState.REPLACED, ReleaseState.WITHDRAWN, ReleaseState.ERASED),
    ReleaseState.REPLACED: (ReleaseState.WITHDRAWN, ReleaseState.ERASED),
    ReleaseState.WITHDRAWN: (ReleaseState.ERASED,),
}
