"""How often a subscriber is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pace(models.TextChoices):
    """How often alerts go out (多久寄一次); a day's and a week's at eight in the morning."""

    NOW = "now", _("一公开就寄")
    DAY = "day", _("每天早上8点，有新的才寄")
    WEEK = "week", _("每星期一早上8点，有新的才寄")
