"""How to reach whoever gave a voice, and what they are still to be told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.procedure.feedback.models.cases import Case
from gongkai.procedure.feedback.states import Happened


class Contact(models.Model):
    """How to reach a voice (联系方式), encrypted, destroyed by the tick on the charter's day.

    ``by_mail`` and ``by_text`` say whether its sender asked to be told when something happens, in
    ``language``; ``handle`` is what a letter's link and the queue know it by, ``mark`` a keyed
    digest of the address, so that nobody has hundreds of voices send letters to one. A letter came
    back for good on ``unreached_on``. At ``ask_at`` the sender is asked again whether it was really
    done.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    destroy_on = models.DateField(db_index=True)
    by_mail = models.BooleanField(default=False)
    by_text = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    handle = models.CharField(max_length=16, null=True, unique=True)
    mark = models.CharField(max_length=64, blank=True)
    unreached_on = models.DateField(null=True)
    ask_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("联系方式")
        constraints = (
            models.CheckConstraint(
                condition=Q(by_mail=False, by_text=False) | Q(handle__isnull=False),
                name="who_is_told_has_a_handle",
            ),
        )
        indexes = (
            models.Index(
                fields=["ask_at"], condition=Q(ask_at__isnull=False), name="contacts_to_ask"
            ),
            models.Index(fields=["mark"], condition=~Q(mark=""), name="contacts_by_address"),
        )


class Tiding(models.Model):
    """Something that whoever gave a voice is still to be told (待告知); gone once it is written.

    ``number`` is the one that they know it by; ``day`` the one that is promised, or up to which the
    clock stands still.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=Happened)
    number = models.CharField(max_length=40)
    day = models.DateField(null=True)

    class Meta:
        verbose_name = _("待告知")
