"""Reading and writing charters: every mistake at once with its line, and back again unchanged."""

from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue import charter
from gongkai.procedure.catalogue.changes import changes
from gongkai.procedure.catalogue.charter import Charter, Front, dump, parse, sample, scope_keys

TOWNSHIP, VILLAGE = parse(sample("township")), parse(sample("village"))


def obstacles(source: str) -> list[str]:
    with pytest.raises(Refused) as refusal:
        parse(source)
    return refusal.value.obstacles


def line_of(source: str, text: str, nth: int = 1) -> int:
    """The line on which the ``nth`` ``text`` stands."""
    found = [n for n, line in enumerate(source.splitlines(), 1) if text in line]
    return found[nth - 1]


# -- the charters that come with the product -------------------------------------------------------


def test_the_township_is_the_one_of_the_domain_notes():
    boxes = [box for category in TOWNSHIP.categories for box in category.boxes]
    ours = [entry for entry in TOWNSHIP.entries if entry.basis != "固定栏目"]
    assert (len(TOWNSHIP.categories), len(boxes), len(ours)) == (8, 16, 45)
    assert [timing.kind for timing in TOWNSHIP.timings] == [
        "standing",
        "periodic",
        "staged",
        "prompt",
        "application",
    ]
    assert [scope.code for scope in TOWNSHIP.scopes] == ["A1", "A2", "A3", "A4"]
    assert len(TOWNSHIP.forms) == 4
    assert [stage.key for stage in TOWNSHIP.stages] == ["department", "leader", "principal"]
    assert TOWNSHIP.group("leading").seats[0] == ("secretary", "组长")


def test_the_columns_show_what_the_report_names_with_three_entries_of_their_own():
    assert [column.name for column in TOWNSHIP.columns] == [
        "领导班子分工",
        "民情日记",
        "党员先进事迹",
        "干部工作纪实",
        "先进表彰",
    ]
    added = [entry.code for entry in TOWNSHIP.entries if entry.basis == "固定栏目"]
    shown = [code for column in TOWNSHIP.columns for code in column.entries]
    assert (added, shown) == (
        ["SX-05", "BZ-06", "FW-06"],
        ["BZ-01", "FW-06", "SX-05", "BZ-06", "ZZ-08"],
    )
    assert len(TOWNSHIP.systems) == 6


def test_the_village_is_another_thing_altogether():
    assert len(VILLAGE.stages) == 2
    assert VILLAGE.exemption is not None
    for name in ("categories", "scopes", "posts", "entries", "stages"):
        key = "code" if name in {"categories", "scopes", "entries"} else "key"
        ours = {getattr(item, key) for item in getattr(VILLAGE, name)}
        theirs = {getattr(item, key) for item in getattr(TOWNSHIP, name)}
        assert ours & theirs == set(), name
    assert "党" not in dump(VILLAGE)


@pytest.mark.parametrize("charter", [TOWNSHIP, VILLAGE])
def test_every_stage_of_every_entry_has_a_reviewer_who_did_not_propose(charter):
    proposers = {post.key for post in charter.posts if Right.PROPOSE in post.rights}
    for entry in charter.entries:
        for stage in charter.stages:
            posts = charter.stage_posts(stage, entry)
            assert all(set(posts) - {proposer} for proposer in proposers), (entry.code, stage.key)


@pytest.mark.parametrize("charter", [TOWNSHIP, VILLAGE])
def test_whatever_a_reader_sees_has_an_english_name(charter):
    def walk(item):
        for each in fields(item):
            value = getattr(item, each.name)
            if isinstance(value, tuple):
                for part in value:
                    if not isinstance(part, str | int):
                        walk(part)
            elif hasattr(value, "__dataclass_fields__"):
                walk(value)
            elif hasattr(item, f"{each.name}_en") and value:
                assert getattr(item, f"{each.name}_en"), (type(item).__name__, each.name, value)

    walk(charter)


# -- there and back --------------------------------------------------------------------------------

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Zs")),
    min_size=1,
    max_size=30,
).filter(str.isprintable)


@st.composite
def charters(draw) -> Charter:
    """A valid charter, near one of ours: other words, other numbers, fewer entries."""
    base = draw(st.sampled_from([TOWNSHIP, VILLAGE]))
    kept = draw(st.lists(st.sampled_from(base.entries), min_size=1, unique_by=lambda e: e.code))
    entries = tuple(
        replace(
            entry,
            title=draw(words),
            content=draw(words),
            choice=draw(st.booleans()),
            workdays=draw(st.integers(0, 250)),
            period=draw(st.sampled_from(["month", "year"])),
            privacy=draw(st.sampled_from(["no", "depends", "yes"])),
        )
        for entry in kept
    )
    house = replace(base.organisation, name=draw(words), address=draw(words | st.just("")))
    deadlines = replace(base.deadlines, answer_workdays=draw(st.integers(1, 250)))
    return replace(
        base,
        organisation=house,
        entries=entries,
        columns=tuple(c for c in base.columns if {*c.entries} <= {e.code for e in kept}),
        systems=(),
        front=Front(),
        deadlines=deadlines,
        exemption=draw(st.sampled_from([None, base.exemption])),
        reception=draw(st.sampled_from([None, replace(base.reception, entry="")])),
    )


@given(charters())
@settings(deadline=None, max_examples=60)
def test_a_charter_written_and_read_again_is_the_same(charter):
    assert parse(dump(charter)) == charter
    assert changes(charter, parse(dump(charter))) == []


# -- mistakes --------------------------------------------------------------------------------------

MISTAKES = {
    "a voice questions nobody": (
        'questioned = ["secretary", "office",',
        'questioned = ["secretary", "offise",',
        "没有“offise”这个岗位。是不是“office”？",
    ),
    "a route to a post that answers nothing": (
        '[[voices.stops]]\nkey = "sender"',
        '[[voices.routes]]\npost = "secretary"\n\n[[voices.stops]]\nkey = "sender"',
        "党委书记没有答复意见的权限（answer），不能把意见分给它。",
    ),
    "a stop twice": ('key = "survey"', 'key = "sender"', "“sender”写了两次，要各不相同。"),
    "periodic without a period": (
        'cycle_en = "Every quarter"\nperiod = "quarter"\n',
        'cycle_en = "Every quarter"\n',
        "“JC-01”定期公开，却没有写周期。请写“period”：month、quarter、half、year之一。",
    ),
    "a reminder on no day": (
        "before = [7, 1]",
        "before = [0]",
        "“before”（提前几日提醒）要在1和90之间，现在是0。",
    ),
    "unknown group in the reminders": (
        'leaders = "leading"',
        'leaders = "leadin"',
        "没有“leadin”这个小组。是不是“leading”？",
    ),
    "an unknown entry for receptions": (
        'entry = "FW-01"\ndays_ahead',
        'entry = "FW-99"\ndays_ahead',
        "没有“FW-99”这个目录事项。是不是“FW-06”？",
    ),
    "unknown check": (
        "[reminders]",
        '[checks]\nplates = "advisory"\n\n[reminders]',
        "不认识“plates”。是不是“plate”？",
    ),
    "a level that a check does not have": (
        "[reminders]",
        '[checks]\nplate = "off"\n\n[reminders]',
        "“plate”（车牌号）不能是“off”。可以写：blocking、advisory。",
    ),
    "unknown template": (
        'title = "镇党委任期工作目标"',
        'template = "notis"\ntitle = "镇党委任期工作目标"',
        "“template”（文稿模板）不能是“notis”。是不是“notice”？",
    ),
    "unknown key": (
        'title = "镇党委任期工作目标"',
        'titel = "镇党委任期工作目标"',
        "不认识“titel”。是不是“title”？",
    ),
    "wrong type": (
        "answer_workdays = 5",
        'answer_workdays = "5"',
        "“answer_workdays”（答复意见的工作日数）应当是整数，现在是文字。",
    ),
    "truth is no number": (
        "answer_workdays = 5",
        "answer_workdays = true",
        "“answer_workdays”（答复意见的工作日数）应当是整数，现在是true或者false。",
    ),
    "number out of range": (
        "notice_workdays = 5",
        "notice_workdays = 0",
        "“notice_workdays”（公示最少多少个工作日）要在1和250之间，现在是0。",
    ),
    "unknown post in a stage": (
        'posts = ["deputy", "discipline"]',
        'posts = ["deputi", "discipline"]',
        "没有“deputi”这个岗位。是不是“deputy”？",
    ),
    "unknown right": (
        'rights = ["administer"]',
        'rights = ["administer", "seal"]',
        "“rights”（权限）不能是“seal”。",
    ),
    "duplicate code": ('code = "JC-02"', 'code = "JC-01"', "“JC-01”写了两次，要各不相同。"),
    "box of another category": (
        'box = "LZ-1"',
        'box = "JC-1"',
        "没有“JC-1”这个“党风廉政”类里的文件盒。是不是“LZ-1”？",
    ),
    "unknown category": (
        'category = "LZ"',
        'category = "LX"',
        "没有“LX”这个类别。是不是“SX”？",
    ),
    "unknown department": (
        'department = "财政所"\nprivacy',
        'department = "财政厅"\nprivacy',
        "没有“财政厅”这个责任部门。是不是“财政所”？",
    ),
    "unknown privacy": (
        'privacy = "depends"',
        'privacy = "depend"',
        "“privacy”（隐私检查）不能是“depend”。是不是“depends”？",
    ),
    "public before members": (
        'scopes = ["A3", "A1"]',
        'scopes = ["A1", "A3"]',
        "“JC-05”先向社会公开（A1），再向内部公开（A3）。请把内部的写在前面：先党内后党外。",
    ),
    "confirmed by nobody": (
        'scopes = ["A1"]',
        'scopes = ["A1"]\nconfirm = true',
        "“JC-02”要成员确认阅读，却没有一步向成员公开。请先写一个内部的公开范围。",
    ),
    "quorum of no meeting": (
        'name_en = "Brief"\npublic = false',
        'name_en = "Brief"\npublic = false\nquorum = "1/2"',
        "“简报”不是会议，不用写“quorum”。会议的代号以-meeting结尾。",
    ),
    "unknown group in a scope": (
        'keys = ["org"]',
        'keys = ["group:leadin"]',
        "没有“group:leadin”这个公开对象。是不是“group:leading”？",
    ),
    "public among others": (
        'keys = ["public"]',
        'keys = ["public", "org"]',
        "“向社会公开”向社会公开，不用再写别的对象。",
    ),
    "no such zone": (
        'number_code = "QX"',
        'number_code = "QX"\nzone = "Asia/Qingxi"',
        "没有“Asia/Qingxi”这个时区。例如可以写Asia/Shanghai。",
    ),
    "below itself": (
        'number_code = "QX"',
        'number_code = "QX"\nparent = "qingxi"',
        "上级不能是本单位自己。",
    ),
    "seals what it proposes": (
        'posts = ["secretary"]\n\n[archive]',
        'posts = ["organiser"]\n\n[archive]',
        "盖章的岗位也提出内容。提出人不能盖章，请再写一个岗位。",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_at_its_line(name):
    right, wrong, sentence = MISTAKES[name]
    source = sample("township")
    assert right in source
    broken = source.replace(right, wrong, 1)
    found = obstacles(broken)
    start = source[: source.index(right)].count("\n") + 1
    lines = range(start, start + wrong.count("\n") + 1)
    assert [each for each in found if sentence in each], found
    said = next(each for each in found if sentence in each)
    if name not in ("duplicate code", "periodic without a period"):  # told elsewhere
        assert any(said.startswith(f"第{line}行：") for line in lines), (said, lines)


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines():
    broken = sample("township")
    for name in ("wrong type", "unknown post in a stage", "unknown department", "unknown key"):
        right, wrong, _sentence = MISTAKES[name]
        broken = broken.replace(right, wrong, 1)
    found = obstacles(broken)
    lines = [int(each.split("行")[0].removeprefix("第")) for each in found]
    assert len(found) == 5  # the misspelt key is unknown, and the right one missing
    assert lines == sorted(lines)


def test_a_missing_key_is_told_at_its_table():
    source = sample("township")
    broken = source.replace('timing = "T1"\n', "", 1)
    entry = [n for n, line in enumerate(broken.splitlines(), 1) if line == "[[entries]]"][1]
    assert obstacles(broken) == [f"第{entry}行：缺少“timing”（时限）。"]


def test_a_line_is_right_after_long_texts_and_comments():
    source = sample("village").replace(
        'name = "石桥村村民委员会"',
        'name = """石桥村\\\n  村民委员会"""  # "不是" [[posts]]',
    )
    broken = source.replace('privacy = "yes"', 'privacy = "maybe"', 1)
    line = line_of(broken, 'privacy = "maybe"')
    assert obstacles(broken)[0].startswith(f"第{line}行：“privacy”（隐私检查）不能是“maybe”。")


def test_erasure_needs_two_posts():
    one = sample("township").replace('rights = ["supervise", "erase"]', 'rights = ["supervise"]')
    assert any("至少要有两个岗位有清除权" in each for each in obstacles(one))


def test_a_stage_may_not_rest_on_a_proposer_alone():
    alone = sample("township").replace('department = true\nposts = ["office"]', "department = true")
    found = obstacles(alone)
    assert any("只有财政所长能审核，而财政所长也提出内容" in each for each in found)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a = ", "第1行：等号后面的值写法不对。文字要用英文双引号括起来。"),
        ("\n\na = 1\na = 2", "第4行：同一个键写了两次。"),
        ("[organisation\n", "第1行：表头的方括号没有成对。"),
        ("\n一个 = 2", "第2行：这一行不是键，也不是表头。"),
    ],
)
def test_broken_toml_gives_its_line(source, sentence):
    assert obstacles(source) == [sentence]


def test_an_empty_file_lists_what_is_wanted():
    wanted = [each.name for each in fields(Charter) if each.default is MISSING]
    found = obstacles("")
    assert all(any(f"“{name}”" in each for each in found) for name in wanted)


# -- what the board shows --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('entries = ["FW-06"]', 'entries = ["FW-60"]', "没有“FW-60”这个目录事项。是不是“FW-06”？"),
        ('entries = ["FW-06"]', "entries = []", "“entries”（目录事项）不能是空的。"),
        (
            'entries = ["FW-06"]',
            'entries = ["SX-01"]',
            "“SX-01”不向社会公开，公开栏上不能有它的位置。",
        ),
        ('rota = "FW-01"', 'rota = "FW-99"', "没有“FW-99”这个目录事项。"),
        ('section = "way"', 'section = "ways"', "“section”（实施办法的部分）不能是“ways”。"),
        ('key = "diary"', 'key = "leaders"', "“leaders”写了两次，要各不相同。"),
    ],
)
def test_a_column_shows_only_what_the_public_may_read(right, wrong, sentence):
    source = sample("township")
    found = obstacles(source.replace(right, wrong, 1))
    assert [sentence in each for each in found] == [True]


# -- scopes ----------------------------------------------------------------------------------------


def test_scopes_stand_for_audience_keys():
    assert scope_keys(TOWNSHIP, TOWNSHIP.scope("A1")) == {"public"}
    assert scope_keys(TOWNSHIP, TOWNSHIP.scope("A3")) == {"org:qingxi"}
    assert scope_keys(VILLAGE, VILLAGE.scope("D")) == {"group:shiqiao/delegates"}


def test_a_choice_cannot_reach_the_public_or_another_bodys_group():
    scope = TOWNSHIP.scope("A4")
    assert scope_keys(TOWNSHIP, scope, ["group:qingxi/leading"]) == {"group:qingxi/leading"}
    for key in ("public", "party", "group:shiqiao/delegates", ""):
        with pytest.raises(Refused):
            scope_keys(TOWNSHIP, scope, [key])
    with pytest.raises(Refused):
        scope_keys(TOWNSHIP, scope)


def test_a_fixed_scope_does_not_listen_to_a_choice():
    assert scope_keys(TOWNSHIP, TOWNSHIP.scope("A3"), ["public"]) == {"org:qingxi"}


def test_a_section_without_a_name_comes_and_goes_by_its_label():
    without = replace(TOWNSHIP, reception=None)
    assert changes(TOWNSHIP, without) == ["取消领导接访日。"]
    assert changes(without, TOWNSHIP) == ["新增领导接访日。"]


# -- the reference page ----------------------------------------------------------------------------


def test_the_reference_page_names_every_key_with_its_label():
    page = (Path(__file__).parents[3] / "docs/reference/charter.md").read_text("utf-8")
    rows = {line for line in page.splitlines() if line.startswith("| `")}
    kinds = [kind for kind in vars(charter).values() if is_dataclass(kind) and kind is not Charter]
    keys = [(each.name, str(each.metadata["label"])) for kind in kinds for each in fields(kind)]
    missing = [
        key for key in keys if not any(row.startswith("| `{}` | {} |".format(*key)) for row in rows)
    ]
    assert missing == []
    assert all(f"[{each.name}]" in page for each in fields(Charter))
    assert all(f"`{right}`" in page or f" {right}" in page for right in Right.values)
