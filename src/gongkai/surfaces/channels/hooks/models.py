"""Where what is published is handed on to, and how each handing over went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.hooks.states import (
    Carrier,
    HookState,
    Service,
    Template,
    Trouble,
)


class Hook(models.Model):
    """A program or a group that is told of what is published (推送).

    ``sealed`` holds address and secrets, encrypted: they are never shown again; ``host`` is what of
    the address may be shown. ``old_until`` is when a secret that was replaced stops signing.
    ``categories`` are codes, none for all. Everything below ``cursor`` in the log has been handed
    over or concerns it not. After a failure ``attempts`` counts, ``failing_since`` says since when,
    ``next_at`` when it is tried again. ``queued_at`` says that the worker has it in hand.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    carrier = models.CharField(max_length=10, choices=Carrier)
    service = models.CharField(max_length=10, blank=True, choices=Service)
    template = models.CharField(max_length=10, blank=True, choices=Template)
    sealed = models.BinaryField()
    host = models.CharField(max_length=260)
    old_until = models.DateTimeField(null=True)
    categories = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=HookState, default=HookState.ON)
    cursor = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=12, blank=True, choices=Trouble)
    told_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("推送")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name"], name="hooks_have_names"),
            models.CheckConstraint(
                condition=Q(carrier=Carrier.WEBHOOK, service="", template="")
                | (Q(carrier=Carrier.MESSENGER) & ~Q(service="") & ~Q(template="")),
                name="a_messenger_has_service_and_template",
            ),
            models.CheckConstraint(
                condition=~Q(state=HookState.GIVEN_UP) | Q(failing_since__isnull=False),
                name="what_was_given_up_had_failed",
            ),
        )
        indexes = (
            models.Index(fields=["cursor"], condition=Q(state=HookState.ON), name="hooks_on"),
        )

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One attempt to hand one thing over (推送记录); ``seq`` is none where somebody tried it out.

    Nothing of what was said is kept but its digest.
    """

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField(null=True)
    item = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()
    attempt = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=12, blank=True, choices=Trouble)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("推送记录")
        indexes = (
            models.Index(fields=["hook", "-at", "-id"], name="deliveries_of_a_hook"),
            models.Index(fields=["at"], name="deliveries_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.hook_id} {self.seq}"
