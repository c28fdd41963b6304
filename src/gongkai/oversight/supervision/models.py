"""The office's periodic reports."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member
from gongkai.oversight.supervision.states import ReportKind, ReportState
from gongkai.procedure.archive.models import OfficePaper
from gongkai.procedure.archive.states import UNFINISHED


class Report(OfficePaper):
    """The office's report to the leading group over a period (向领导小组的报告).

    A report of the kind ``answers`` 办理情况月报 is begun by the tick, once a month, with nobody as
    its ``drafter`` and nothing in it but figures.

    ``reasons`` are the office's words on what was late, by the ledger's name of the duty.
    """

    kind = models.CharField(max_length=10, choices=ReportKind.choices, default=ReportKind.GENERAL)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    introduction = models.TextField(blank=True)
    reasons = models.JSONField(default=dict)
    drafter = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    drafter_post = models.CharField(max_length=300, blank=True)
    finisher = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("向领导小组的报告")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "kind", "first", "last"],
                condition=Q(state__in=UNFINISHED),
                name="a_period_has_one_report_in_hand",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "first"],
                condition=Q(kind=ReportKind.ANSWERS),
                name="a_month_has_one_report_on_answers",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "year", "number"], name="a_report_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.ANSWERS) | Q(drafter__isnull=False),
                name="only_a_report_on_answers_has_no_drafter",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_period_has_days"),
            models.CheckConstraint(
                condition=~Q(state="finished")
                | Q(
                    number__isnull=False,
                    facts__isnull=False,
                    finisher__isnull=False,
                    deposit__isnull=False,
                ),
                name="a_finished_report_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finisher=None) | ~Q(finisher=F("drafter")),
                name="nobody_finishes_their_own_report",
            ),
        )
        indexes = (models.Index(fields=["organisation", "id"], name="reports_by_organisation"),)

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"
