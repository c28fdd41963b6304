"""The catalogue as a sheet, out and in."""

import io
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.procedure.catalogue import sheet_reading
from gongkai.procedure.catalogue.charter import PERIODS, PRIVACY, parse, sample
from gongkai.procedure.catalogue.commands import catalogue
from gongkai.procedure.catalogue.models import CharterVersion
from gongkai.procedure.catalogue.sheet_writing import workbook
from gongkai.procedure.catalogue.vetting import TEMPLATES
from gongkai.procedure.catalogue.workflow import apply

TOWNSHIP = parse(sample("township"))
VILLAGE = parse(sample("village"))


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(charter=TOWNSHIP, **cells):
    """The sheet of a charter with some cells filled in otherwise."""
    book = load_workbook(io.BytesIO(workbook(charter)))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    return saved(book)


def mistakes(data, charter=TOWNSHIP):
    with pytest.raises(Refused) as refusal:
        sheet_reading.read(data, charter)
    return refusal.value.obstacles


@pytest.mark.parametrize("charter", [TOWNSHIP, VILLAGE])
def test_what_comes_back_unchanged_changes_nothing(charter):
    assert sheet_reading.read(workbook(charter), charter) == charter.entries


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=30)
SAID = TEXTS.filter(lambda text: text.strip() and text.isprintable())


@st.composite
def entries(draw):
    """Entries that differ from the village's in whatever a sheet can say."""
    found = []
    for rule in VILLAGE.entries[:3]:
        values = {name: draw(SAID) for name in ("title", "title_en", "content", "cycle")}
        values |= {name: draw(st.integers(0, 12)) for name in ("due_month", "due_day", "workdays")}
        values |= {name: draw(st.booleans()) for name in ("choice", "consult", "confirm")}
        values |= {"period": draw(st.sampled_from(PERIODS)), "basis": draw(SAID)}
        values |= {"privacy": draw(st.sampled_from(PRIVACY))}
        values |= {"template": draw(st.sampled_from(["", *TEMPLATES]))}
        values |= {"scopes": draw(st.sampled_from([("C",), ("C", "S"), ("S",)]))}
        values["confirm"] &= "C" in values["scopes"]  # only members are asked
        values |= {"channels": draw(st.sampled_from([(), ("wall",), ("wall", "website")]))}
        found.append(replace(rule, **values))
    return tuple(found)


@given(entries())
@settings(max_examples=10, deadline=None)
def test_every_charter_comes_back_as_it_went(found):
    charter = replace(VILLAGE, entries=found)
    data = workbook(charter)
    assert sheet_reading.read(data, charter) == found
    stripped = [replace(rule, **{n: getattr(rule, n).strip() for n in TEXT}) for rule in found]
    read = sheet_reading.read(data, VILLAGE)
    assert [replace(r, **{n: getattr(r, n).strip() for n in TEXT}) for r in read] == stripped


TEXT = ("title", "title_en", "content", "cycle", "basis")


def test_no_text_is_ever_a_formula_and_no_formula_is_worked_out():
    evil = replace(TOWNSHIP.entries[0], title='=HYPERLINK("x")', content="@SUM(1)", basis="-1+1")
    data = workbook(replace(TOWNSHIP, entries=(evil, *TOWNSHIP.entries[1:])))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert sheet_reading.read(data, TOWNSHIP)[0] == evil
    assert mistakes(changed(C5="=1+1", I6="=A1", E7="#REF!")) == [
        "第5行“二级事项”（C5）：这一格是公式。请改成文字。",
        "第6行“公开对象”（I6）：这一格是公式。请改成文字。",
        "第7行“公开依据”（E7）：这一格是表格软件报的错误。请重新填。",
    ]


def test_every_mistake_is_named_by_its_cell():
    found = mistakes(
        changed(
            F12=None,
            Q6="随便",
            T9="每旬",
            I10="■特定群众",
            H11="■政府网",
            L13="JC-09",
            V14="三",
            T15=None,
            P16="A1→A3",
            B17="别的",
            G18="林业站",
        )
    )
    assert found == [
        "第6行“公开范围可以选”（Q6）：请填“是”或“否”，不能填“随便”。",
        "第9行“周期”（T9）：不能填“每旬”。是不是“每月”？",
        "第10行“公开对象”（I10）：写的是“特定群体”，而照“公开范围”应当是“全社会、特定群体”。"
        "请改成一致的。",
        "第11行“公开渠道和载体”（H11）：没有“政府网”这个公开渠道。"
        "可以写：网站、公开栏、电子显示屏、电视、公告、简报、党员大会、群众代表会。",
        "第12行“公开时限”（F12）：“周期或者截止”不能是空的。",
        "第13行“编号”（L13）：“JC-09”写了两次，要各不相同。",
        "第14行“截止在当月几日”（V14）：要填整数，不能填“三”。",
        "第15行“周期”（T15）：定期公开的要选周期：每月、每季度、每半年或每年。",
        "第16行“公开对象”（I16）：写的是“特定群体”，而照“公开范围”应当是“全社会、特定群体”。"
        "请改成一致的。",
        "第16行“公开范围”（P16）：“LZ-05”先向社会公开（A1），再向内部公开（A3）。"
        "请把内部的写在前面：先党内后党外。",
        "第17行“一级事项”（B17）：没有“别的”。可以写："
        + "、".join(each.name for each in TOWNSHIP.categories)
        + "。",
        "第18行“公开主体”（G18）：没有“林业站”。",
    ]


def foreign(*rows):
    """A sheet as another office makes it: a title above, the heading over two rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["某镇公开目录"])
    sheet.append([])
    heading = (
        "序号 公开事项 - 公开内容（要素） 公开依据 公开时限 公开主体 公开对象 - 公开方式 - 公开层级"
    )
    sheet.append([None if word == "-" else word for word in heading.split()])
    sheet.append(
        [
            None,
            "一级事项",
            "二级事项",
            *[None] * 4,
            "全社会",
            "特定群众",
            "主动",
            "依申请公开",
            "乡级",
        ]
    )
    for row in rows:
        sheet.append(row)
    return saved(book)


def test_a_sheet_of_another_office_is_understood():
    rows = [
        [
            *(n, TOWNSHIP.category(r.category).name if n in (1, 10) else None, r.title),
            *(r.content, r.basis, r.cycle, r.department),
            *("√" if open_ else None for open_ in ("A1" in r.scopes, set(r.scopes) - {"A1"})),
            *("√", None, "√"),
        ]
        for n, r in enumerate(TOWNSHIP.entries, 1)
        if r.category in ("JC", "LZ")
    ]
    rows[0][3] = "文件名、新的要素"
    rows.insert(3, [])
    read = {rule.code: rule for rule in _only(foreign(*rows))}
    assert read["JC-01"] == replace(TOWNSHIP.entries[0], content="文件名、新的要素")
    assert read["JC-05"] == TOWNSHIP.entry("JC-05")


def _only(data):
    """The entries of a sheet that leaves categories out, where nothing else names those."""
    front = replace(TOWNSHIP.front, rota="")
    bare = replace(TOWNSHIP, columns=(), systems=(), front=front, reception=None)
    return sheet_reading.read(data, bare)


def test_files_that_are_none_are_refused_before_they_are_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 40_000_000)
    broken = "文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。"
    assert mistakes(b"") == [broken]
    assert "大得不正常" in mistakes(bomb.getvalue())[0]
    assert mistakes(b"0" * (sheet_reading.LARGEST_FILE + 1)) == [
        "文件太大了，最多5 MB。请去掉图片和别的表。"
    ]
    assert mistakes(saved(Workbook()))[0].startswith("没有找到表头。")
    part = io.BytesIO()
    with zipfile.ZipFile(part, "w") as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
    assert mistakes(part.getvalue()) == [
        "读不出这个文件。请用表格软件另存为 .xlsx（不加密、不带宏），再传一次。"
    ]


def test_a_sheet_without_end_is_refused():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(sheet_reading.MOST_ROWS + 2):
        sheet.append(["公开事项", "公开内容", "公开时限"] if row == 0 else ["甲", "乙", "丙"])
    assert mistakes(saved(book)) == ["表太长了，最多2000行。请看是不是选错了文件。"]


@pytest.mark.django_db
def test_the_command_writes_reads_shows_and_applies(tmp_path):
    apply(source=sample("village"), by=SYSTEM)
    file = tmp_path / "out.xlsx"
    runner = CliRunner()
    assert runner.invoke(catalogue, ["export", str(file)]).output == f"写好了：{file}\n"
    assert runner.invoke(catalogue, ["export", str(file)]).exception.obstacles == [
        f"{file}已经有了，没有动它。请换一个文件名。"
    ]
    same = runner.invoke(catalogue, ["import", "--yes", str(file)])
    assert same.output == "和现行的实施办法一样，什么也不用改。\n"
    file.write_bytes(changed(VILLAGE, D3="收入、支出"))
    done = runner.invoke(catalogue, ["import", str(file)], input="y\n")
    assert "的内容要素由" in done.output
    version = CharterVersion.objects.latest("number")
    assert (version.number, version.charter.entries[0].content) == (2, "收入、支出")
    assert version.source.count("#") == sample("village").count("#")
