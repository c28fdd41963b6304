"""A cabinet of old files: judged whole, taken in once, never opened by itself."""

import csv
import io

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from tests.foundation.files import made

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import posts
from gongkai.procedure.imports import cabinet, commands, loading, queries
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals import queries as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DraftState

pytestmark = pytest.mark.django_db
HEAD = ["文件", "标题", "目录编号", "原件日期", "文号", "文种", "公开范围", "用法", "附件"]


@pytest.fixture
def folder(tmp_path):
    """Three old files in a folder with one below."""
    found = tmp_path / "旧件"
    (found / "2019").mkdir(parents=True)
    letter = made.docx("关于水渠的决定", "甲村的水渠由甲村管护。")
    (found / "2019" / "20190305水渠.docx").write_bytes(letter)
    (found / "照片.png").write_bytes(made.picture())
    (found / "名单.csv").write_text("姓名,部门\n某人,党政办\n", "utf-8")
    return found


@pytest.fixture
def sheet(folder):
    """``sheet(row, row, …)``: the sheet of that folder, filled in."""

    def fill(*rows, head=HEAD):
        target = folder / "录入.csv"
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        return target

    return fill


DECISION = [
    "2019/20190305水渠.docx",
    "关于水渠的决定",
    "JC-05",
    "2019年3月5日",
    "青委发〔2019〕7号",
]
PHOTO = ["照片.png", "水渠的照片", "JC-05", "", "", "资料", "", "附件"]
LIST = ["名单.csv", "管护人员", "JC-05", "2019-03-05", "", "", "", "正文", "照片.png"]


def mistakes(path, folder, township):
    with pytest.raises(Refused) as refused:
        cabinet.read(path, folder, township)
    return refused.value.obstacles


def test_a_sheet_is_proposed_from_the_folder(folder):
    (folder / "~$锁.docx").write_bytes(b"x")
    (folder / "=1+1.txt").write_text("公式\n正文。", "utf-8")
    lines = list(load_workbook(io.BytesIO(cabinet.proposed(folder))).active.values)
    assert [line[:4] + line[7:8] for line in lines] == [
        ("文件", "标题", "目录编号", "原件日期", "用法"),
        ("2019/20190305水渠.docx", "20190305水渠", None, "2019年3月5日", "正文"),
        ("=1+1.txt", "=1+1", None, None, "正文"),
        ("名单.csv", "名单", None, None, "正文"),
        ("照片.png", "照片", None, None, "附件"),
    ]
    result = CliRunner().invoke(commands.import_, [str(folder), "--sheet"])
    assert result.exit_code == 0
    again = CliRunner().invoke(commands.import_, [str(folder), "--sheet"])
    assert again.exit_code == 1


def test_every_mistake_is_told_with_its_cell(sheet, folder, township):
    (folder / "宏.docx").write_bytes(made.docx("甲", parts={"word/vbaProject.bin": b"x"}))
    path = sheet(
        ["没有.docx", "题", "JC-05"],
        ["../外面.txt", "题", "JC-05"],
        ["宏.docx", "题", "ZZ-99"],
        [*DECISION[:3], "2019年13月1日", "长" * 61, "小说", "全世界", "随便"],
        ["照片.png", "长" * 121, "JC-05", "2999年1月1日"],
        DECISION,
        DECISION,
    )
    told = mistakes(path, folder, township)
    assert told[:2] == [
        "A2（文件）：没有“没有.docx”这个文件。",
        "A3（文件）：“../外面.txt”不在这个文件夹里。",
    ]
    assert [each.partition("：")[0] for each in told[2:]] == [
        "A4（文件）",
        "C4（目录编号）",
        "F5（文种）",
        "D5（原件日期）",
        "H5（用法）",
        "G5（公开范围）",
        "E5（文号）",
        "D6（原件日期）",
        "B6（标题）",
        "A7（文件）",
        "A8（文件）",
    ]
    assert Draft.objects.count() == 0


def test_a_sheet_says_what_it_lacks(sheet, folder, township):
    assert mistakes(sheet(["x"], head=["标题"]), folder, township) == [
        "录入表的第一行要有这些列名：文件、目录编号。"
    ]
    assert mistakes(sheet(), folder, township) == ["录入表里一行也没有。"]
    (folder / "录入.csv").unlink()
    with pytest.raises(Refused, match="没有录入表"):
        cabinet.found_sheet(folder)


def test_old_files_become_drafts_once_and_nothing_more(sheet, folder, township, who, home):
    rows = cabinet.read(sheet(DECISION, PHOTO, LIST), folder, township)
    officer = who("组织干事")
    begun = loading.load(rows, officer)
    first = next(begun)
    begun.close()  # as a kill would
    outcomes = list(loading.load(rows, officer))
    assert [(each.before, bool(each.address)) for each in outcomes] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert [each.before for each in loading.load(rows, officer)] == [True] * 3
    drafts = list(Draft.objects.order_by("id"))
    assert [(each.title, each.document_number, each.state) for each in drafts] == [
        ("关于水渠的决定", "青委发〔2019〕7号", DraftState.WRITING),
        ("水渠的照片", "", DraftState.WRITING),
        ("管护人员", "", DraftState.WRITING),
    ]
    now = clock.civil_day(clock.now(), township.zone)
    today = f"{now.year}年{now.month}月{now.day}日"
    assert drafts[0].disclosure.address == first.address
    assert drafts[0].body == (
        f"<p>甲村的水渠由甲村管护。</p>\n<p>（录入旧件：原件日期2019年3月5日，{today}录入。）</p>"
    )
    assert drafts[1].body == f"<p>原件见附件。</p>\n<p>（录入旧件：{today}录入。）</p>"
    assert drafts[2].body.startswith("<table><caption>名单</caption>")
    titles = [[a.title for a in proposals.attachments(draft)] for draft in drafts]
    assert titles == [[], ["水渠的照片"], ["照片"]]
    kept = queries.originals(drafts[0].disclosure)[0]
    assert (kept.name, str(kept.dated), drafts[0].disclosure.extra) == (
        DECISION[0],
        "2019-03-05",
        True,
    )


def test_the_command_reports_each_row(sheet, folder, township, home, tmp_path):
    sheet(DECISION, PHOTO)
    post = next(each.key for each in posts(township) if each.name == "组织干事")
    args = [str(folder), "--org", township.slug, "--as", post, "--report", str(tmp_path / "r.csv")]
    result = CliRunner().invoke(commands.import_, args)
    assert (result.exit_code, result.output.splitlines()[-1].partition("。")[0]) == (
        0,
        "录入2件，以前录过0件，没有录入0件",
    )
    with (tmp_path / "r.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert [row[:3] for row in rows] == [
        ["行", "文件", "结果"],
        ["2", "2019/20190305水渠.docx", "录入了"],
        ["3", "照片.png", "录入了"],
    ]
    assert Import.objects.count() == 2


def test_a_sheet_of_a_spreadsheet_reads_its_days(folder, township):
    from datetime import date

    book = Workbook()
    book.active.append(HEAD)
    book.active.append([*DECISION[:3], date(2019, 3, 5)])
    book.save(folder / "录入.xlsx")
    (row,) = cabinet.read(cabinet.found_sheet(folder), folder, township)
    assert row.dated == date(2019, 3, 5)
