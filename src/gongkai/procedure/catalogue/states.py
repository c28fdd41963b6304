"""Where a revision of the catalogue stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RevisionState(models.TextChoices):
    """How far a revision has come (修改情况)."""

    DRAFT = "draft", _("正在改")
    PROPOSED = "proposed", _("等审定")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已生效")
    WITHDRAWN = "withdrawn", _("已撤销")


EDITABLE = (RevisionState.DRAFT, RevisionState.RETURNED)
"""While the proposer works on it."""
UNFINISHED = (*EDITABLE, RevisionState.PROPOSED)
