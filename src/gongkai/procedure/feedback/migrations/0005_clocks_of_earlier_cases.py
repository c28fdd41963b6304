"""What stood before counts from receipt, by the working days that its promise came to."""

from typing import Any

from django.db import migrations

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.workdays import workdays_between

AT_ONCE = 2000


def fill(apps: Any, schema: Any) -> None:
    cases = apps.get_model("feedback", "Case").objects
    while portion := list(
        cases.filter(started_on=None).select_related("organisation").order_by("pk")[:AT_ONCE]
    ):
        for case in portion:
            case.started_on = civil_day(case.received_at, case.organisation.zone)
            case.term = max(0, workdays_between(case.started_on, case.promised_on))
        cases.bulk_update(portion, ["started_on", "term"])


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_a_case_keeps_its_clock")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
