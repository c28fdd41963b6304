"""``gongkai members``."""

import pytest
from click.testing import CliRunner
from django.core import mail
from django_tasks_db.models import DBTaskResult
from tests.foundation.organisations.test_roster import sheet

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import letters, roster, workflow
from gongkai.foundation.organisations.commands import members
from gongkai.foundation.organisations.models import Member


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"


def run(*words):
    return CliRunner().invoke(members, [str(word) for word in words], catch_exceptions=False)


def test_a_roster_is_imported_and_people_are_written_to(qingxi, tmp_path):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(
        sheet(["甲", "是", "jia", "jia@example.org", "", ""], ["乙", "", "yi", "", "", ""])
    )
    assert run("import", file, "--org", "qingxi").output.splitlines() == [
        "已导入：新成员2人，新账号2个，任职0项，更正0人。",
        "会给1人寄设定密码的链接。",
        "寄不到的，用gongkai members link 用户名 各要一条链接。",
    ]
    assert run("import", file).output.splitlines() == ["名册里的都已经登记过，没有改动。"]
    (waiting,) = DBTaskResult.objects.all()
    letters.invite_all.call(*waiting.args_kwargs["args"])
    (letter,) = mail.outbox
    assert letter.to == ["jia@example.org"]
    assert "您开了账号，用户名是jia" in letter.body
    letters.invite_all.call(["nobody", *waiting.args_kwargs["args"][0]], "system", "系统")
    assert len(mail.outbox) == 2


def test_without_a_mail_server_nobody_is_written_to(qingxi, tmp_path, settings):
    settings.EMAIL_HOST = ""
    file = tmp_path / "roster.xlsx"
    file.write_bytes(sheet(["甲", "是", "jia", "jia@example.org", "", ""]))
    assert run("import", file).output.splitlines() == [
        "已导入：新成员1人，新账号1个，任职0项，更正0人。",
        "寄不到的，用gongkai members link 用户名 各要一条链接。",
    ]
    assert DBTaskResult.objects.count() == 0


def test_mistakes_and_unknown_organisations_are_told(qingxi, tmp_path):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(sheet(["甲", "", "", "", "组织干市", ""]))
    with pytest.raises(Refused) as refused:
        run("import", file)
    assert refused.value.obstacles == ["E2：没有“组织干市”这个岗位，最接近的是“组织干事”。"]
    with pytest.raises(Refused) as refused:
        run("import", file, "--org", "qinxi")
    assert refused.value.obstacles == ["没有代号为“qinxi”的单位。现有：qingxi。"]


@pytest.mark.django_db
def test_before_the_set_up_there_is_nowhere_to_import(tmp_path):
    with pytest.raises(Refused) as refused:
        run("template", tmp_path / "roster.xlsx")
    assert refused.value.obstacles == ["这里还没有单位。请先运行gongkai init。"]


def test_an_empty_roster_is_written_once(qingxi, tmp_path):
    file = tmp_path / "roster.xlsx"
    assert run("template", file).output == f"写好了：{file}\n"
    assert len(roster.read(file.read_bytes()).mistakes) == 1
    with pytest.raises(Refused) as refused:
        run("template", file)
    assert refused.value.obstacles == [f"{file}已经有了，没有动它。请换一个文件名。"]
    with pytest.raises(Refused):
        run("template", tmp_path / "nowhere" / "roster.xlsx")


def test_a_link_is_printed(qingxi, party_member, client):
    workflow.make_account(member=party_member, username="dangyuan", by=SYSTEM)
    link = run("link", "DangYuan").output.strip()
    assert "token_fail" not in client.get(link[len("http://127.0.0.1:8000") :], follow=True).context
    with pytest.raises(Refused) as refused:
        run("link", "nobody")
    assert refused.value.obstacles == ["没有用户名是“nobody”的成员。"]


def test_whoever_left_meanwhile_is_not_written_to(qingxi, party_member):
    workflow.make_account(member=party_member, username="d", email="d@example.org", by=SYSTEM)
    Member.objects.filter(pk=party_member.pk).update(left_on="2020-01-01")
    letters.invite_all.call([party_member.key], "system", "系统")
    assert mail.outbox == []
