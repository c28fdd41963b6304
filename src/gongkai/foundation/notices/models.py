"""Letters on their way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.notices.states import Carrier, Trouble


class Letter(models.Model):
    """A letter that mail, or a short message, has still to carry (信件).

    It holds personal text, so it is deleted once it was handed to the mail server. A letter given
    up loses recipient and text, and stands as a reminder: ``shown`` names the recipient as far as
    an administrator needs (``z…@example.org``), ``trouble`` says what was wrong. ``origin`` names
    the later step that looks after its own letters, whose recipients are shown to nobody; ``about``
    is that step's own word for what the letter is about.
    """

    sender = models.CharField(max_length=320)
    recipients = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    carrier = models.CharField(max_length=4, choices=Carrier, default=Carrier.MAIL)
    origin = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=40, blank=True)
    shown = models.CharField(max_length=320)
    made_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True, choices=Trouble)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("信件")
        indexes = (
            models.Index(
                fields=["origin", "about"], condition=~Q(origin=""), name="letters_of_an_origin"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(given_up_at=None) | Q(content={}, recipients=[]),
                name="a_letter_given_up_holds_no_text",
            ),
        )

    def __str__(self) -> str:
        return f"letter {self.pk}"
