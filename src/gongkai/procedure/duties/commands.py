"""``gongkai calendar``: the years' holidays, loaded and looked at."""

from datetime import date, timedelta
from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.workdays import NATIONAL
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.ui import marks
from gongkai.procedure.duties import calendars, workflow


@click.group()
def calendar() -> None:
    """The State Council's holidays and make-up days, year by year."""


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def load(file: Path) -> None:
    """Take FILE, in the JSON form of holiday-cn, as the arrangement of its year."""
    year = workflow.load_calendar(calendars.read(file), by=SYSTEM)
    told = {"year": year.year, "off": year.off, "made_up": year.made_up}
    click.echo(
        _("%(year)s年：放假%(off)s天，补班%(made_up)s天。暂定的日期一分钟以内会重新算。") % told
    )


@calendar.command()
@click.argument("year", type=click.IntRange(calendars.YEARS[0], calendars.YEARS[-1]))
def show(year: int) -> None:
    """Print the holidays and make-up days of YEAR."""
    calendars.notice()
    if NATIONAL.is_provisional(year):
        click.echo(_("%(year)s年的放假安排还没有装入，按周末推算。") % {"year": year})
        return
    day = date(year, 1, 1)
    while day.year == year:
        worked = NATIONAL.is_workday(day)
        if NATIONAL.is_holiday(day) or (worked and day.weekday() >= 5):
            kind = _("补班") if worked else _("放假")
            click.echo(f"{day.isoformat()} {marks.weekday(day)} {kind}")
        day += timedelta(days=1)
