"""``gongkai import``: a cabinet of old files becomes drafts, to be looked at and submitted."""

import csv
from collections.abc import Sequence
from pathlib import Path

import click
from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries as organisations
from gongkai.procedure.imports import cabinet, loading
from gongkai.procedure.imports.loading import Outcome

SHEET = "录入.xlsx"
REPORT = "gongkai-import.csv"


@click.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--sheet", is_flag=True, help="Only write a proposed sheet into FOLDER.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The sheet (.xlsx or .csv), where it does not lie in FOLDER.",
)
@click.option("--org", default="", help="The organisation's slug.")
@click.option("--as", "post", default="", help="The post whose holder acts, by its key.")
@click.option("--check", is_flag=True, help="Only look whether the sheet and all files are fit.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=REPORT,
    show_default=True,
    help="Where to write what became of each row.",
)
def import_(
    folder: Path,
    sheet: bool,
    mapping: Path | None,
    org: str,
    post: str,
    check: bool,
    report: Path,
) -> None:
    """Make the old files of FOLDER drafts, as its sheet says; done again, it goes on."""
    if sheet:
        return _propose(folder)
    if not org or not (post or check):
        raise click.UsageError(_("请写明 --org 单位 和 --as 岗位。"))
    organisation = organisations.organisation(org)
    rows = cabinet.read(mapping or cabinet.found_sheet(folder), folder, organisation)
    if check:
        return click.echo(_("录入表没有错误：%d行。") % len(rows))
    today = organisations.today(organisation)
    officer = organisations.officer_of_post(organisation, post, today)
    outcomes: list[Outcome] = []
    with click.progressbar(
        loading.load(rows, officer), length=len(rows), label=_("录入"), show_pos=True
    ) as bar:
        outcomes.extend(bar)
    _write(report, outcomes)
    _tell(report, outcomes)


def _propose(folder: Path) -> None:
    target = folder / SHEET
    if target.exists():
        raise click.ClickException(_("%s已经有了，没有动它。请改名或者删掉，再来一次。") % target)
    target.write_bytes(cabinet.proposed(folder))
    click.echo(_("写好了：%s。请填上目录编号，核对标题和日期。") % target)


def _write(report: Path, outcomes: Sequence[Outcome]) -> None:
    """The report, readable by spreadsheets; no cell of it is a formula."""
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("行"), _("文件"), _("结果"), _("地址"), _("说明")])
        for each in outcomes:
            words = " ".join(each.words)
            row = [each.old.name, _result(each), each.address, words]
            writer.writerow([each.old.line, *map(_plain, row)])


def _plain(words: str) -> str:
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t")) else words


def _result(each: Outcome) -> str:
    if each.address:
        return _("录入了")
    return _("以前录过") if each.before else _("没有录入")


def _tell(report: Path, outcomes: Sequence[Outcome]) -> None:
    told = {
        "came": sum(1 for each in outcomes if each.address),
        "before": sum(1 for each in outcomes if each.before),
        "failed": sum(1 for each in outcomes if not each.address and not each.before),
        "report": report,
    }
    wording = _(
        "录入%(came)d件，以前录过%(before)d件，没有录入%(failed)d件。都是草稿，要在办公台上核对、"
        "送审。每一行的结果在%(report)s。"
    )
    click.echo(wording % told)
    if told["failed"]:
        raise SystemExit(1)
