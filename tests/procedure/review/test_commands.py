"""One text goes the whole way to the seal by command line, as the holders of posts."""

import pytest
from click.testing import CliRunner

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.review import commands, queries
from gongkai.procedure.review.models import Edition

from ...foundation.files import made

pytestmark = pytest.mark.usefixtures("home", "township")


def run(command, *given):
    result = CliRunner().invoke(command, [str(each) for each in given], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.output.splitlines()


def test_a_text_goes_from_file_to_seal(tmp_path):
    file, table = tmp_path / "决定.txt", tmp_path / "附表.xlsx"
    file.write_bytes(
        "关于水利设施管护的决定\n青委发〔2026〕41号\n联系人13812345678。\n".encode("gb18030")
    )
    table.write_bytes(made.xlsx(["村", "户数"]))
    given = ("--org", "qingxi", "--entry", "jc-05", "--as", "organiser", "--attach", table)
    lines = run(commands.propose, file, *given, "--submit")
    address = Disclosure.objects.get().address
    assert lines[0] == f"{address}  关于水利设施管护的决定"
    assert lines[1] == "现在轮到“责任部门负责人审核”（党政办主任）。"
    code, label = lines[2].split("  ")
    assert label == "手机号码138****5678（正文第1段）"
    run(commands.review, "pass", address, "--as", "office", "--text", "属实。")
    run(commands.review, "pass", address, "--as", "deputy")
    run(commands.review, "clear", address, code, "--as", "secretary", "--reason", "公务号码。")
    assert run(commands.review, "pass", address, "--as", "secretary") == [
        "现在轮到“盖章”（党委书记）。"
    ]
    (sealed,) = run(commands.seal, address, "--as", "secretary")
    edition = Edition.objects.get()
    assert sealed == f"{edition.seal_number}  {edition.digest}"
    data = queries.edition_data(edition)
    assert (data["document_number"], [each["title"] for each in data["attachments"]]) == (
        "青委发〔2026〕41号",
        ["附表"],
    )


def test_a_return_and_a_second_round(tmp_path):
    file = tmp_path / "决定.docx"
    file.write_bytes(made.docx("关于水利设施管护的决定", "正文"))
    given = ("--org", "qingxi", "--entry", "JC-05", "--as", "organiser")
    assert len(run(commands.propose, file, *given)) == 1
    address = Disclosure.objects.get().address
    run(commands.review, "submit", address, "--as", "organiser")
    told = run(commands.review, "return", address, "--as", "office", "--reason", "请改。")
    assert told == ["这一轮审核已经结束（已退回）。"]
    run(commands.review, "submit", address, "--as", "organiser")
    assert run(commands.review, "show", address) == [
        "现在轮到“责任部门负责人审核”（党政办主任）。",
        "（提示）照字面没有找到：议题、执行部门、不含讨论过程",
    ]
    run(commands.review, "recall", address, "--as", "organiser")
    assert Draft.objects.get().state == "writing"


@pytest.mark.parametrize(
    ("data", "changes", "obstacle"),
    [
        (b"", {}, "“稿.txt”：文件是空的。请打开看看内容是否保存了，再传一次。"),
        ("标题\n正文".encode(), {"--entry": "JC-5"}, "目录里没有“JC-5”这个事项。最接近的是："),
        ("标题\n正文".encode(), {"--title": "长" * 2000}, "标题有2000个字，太长。"),
        (("长" * 2000 + "\n正文").encode(), {}, "文件的第一行不像标题：不能超过120个字"),
        ("标题\n正文".encode(), {"--as": "nobody"}, "青溪镇"),
        ("标题\n正文".encode(), {"--org": "nowhere"}, "没有代号为“nowhere”的单位。"),
    ],
)
def test_bad_input_leaves_nothing(tmp_path, data, changes, obstacle):
    file = tmp_path / "稿.txt"
    file.write_bytes(data)
    given = {"--org": "qingxi", "--entry": "JC-05", "--as": "organiser", **changes}
    with pytest.raises(Refused) as refusal:
        run(commands.propose, file, *(word for pair in given.items() for word in pair))
    assert obstacle in refusal.value.obstacles[0]
    assert Disclosure.objects.count() == 0
