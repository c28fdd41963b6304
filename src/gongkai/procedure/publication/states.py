"""The lives of a release and of its postings."""

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


class PostingState(models.TextChoices):
    """Where a channel's delivery of a release stands (张贴状态)."""

    PLANNED = "planned", _("还没有发出")
    DELIVERED = "delivered", _("已发出")
    CONFIRMED = "confirmed", _("已证实")
    FAILED = "failed", _("没有发成")
    TAKEN_DOWN = "taken_down", _("已取下")


WAITING = (PostingState.PLANNED, PostingState.FAILED)
"""States of a posting that is still to go out."""

OUT = (PostingState.DELIVERED, PostingState.CONFIRMED)
"""States of a posting that is out."""


class EvidenceKind(models.TextChoices):
    """What shows that something went out (佐证种类)."""

    PHOTO = "photo", _("照片")
    PLAY = "play", _("播放记录")
    DELIVERY = "delivery", _("送达记录")
    MINUTES = "minutes", _("会议记录")
    NOTE = "note", _("登记")


TICKED = (EvidenceKind.PLAY, EvidenceKind.DELIVERY)
"""What machines send, perhaps very often."""

PROVING = (EvidenceKind.PHOTO, EvidenceKind.PLAY, EvidenceKind.MINUTES)
"""What shows by itself that a thing was out; the rest is somebody's word."""
