"""``gongkai charter`` as somebody at the machine uses it."""

import pytest
from click.testing import CliRunner

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.catalogue.commands import charter
from gongkai.procedure.catalogue.models import CharterVersion

pytestmark = pytest.mark.django_db
TOWNSHIP = sample("township")


@pytest.fixture
def run(tmp_path):
    """``run("check")`` on a file with the township's charter, or another ``text``."""
    file = tmp_path / "charter.toml"

    def command(verb, *options, text=TOWNSHIP, typed="", bytes_=None):
        file.write_bytes(bytes_ if bytes_ is not None else text.encode())
        result = CliRunner().invoke(charter, [verb, *options, str(file)], input=typed)
        if isinstance(result.exception, Refused):
            raise result.exception
        return result

    return command


def test_check_says_what_it_found(run):
    assert run("check").output == ("中共青溪镇委员会：8类，48项目录事项，3级审核。没有错误。\n")
    assert CharterVersion.objects.count() == 0


def test_apply_shows_asks_and_applies(run):
    refused = run("apply", typed="n\n")
    assert refused.exit_code == 1
    assert CharterVersion.objects.count() == 0
    done = run("apply", typed="y\n")
    assert done.output.startswith("中共青溪镇委员会第一次有实施办法")
    assert done.output.endswith("已经生效，会作为公开记录登在公开栏上。\n")
    again = run("apply", "--yes")
    assert again.output == "和现行的实施办法一样，什么也不用改。\n"


def test_diff_only_shows(run):
    run("apply", "--yes")
    changed = TOWNSHIP.replace('postcode = "000000"', 'postcode = "000001"')
    assert run("diff", text=changed).output == "公开主体的邮编由“000000”改为“000001”。\n"
    assert CharterVersion.objects.count() == 1


def test_export_gives_back_what_was_applied(run):
    run("apply", "--yes", text=sample("village"))
    assert CliRunner().invoke(charter, ["export"]).output == sample("village")
    named = CliRunner().invoke(charter, ["export", "--org", "shiqiao"])
    assert named.output == sample("village")


def test_the_wrong_organisation_is_not_overwritten(run):
    with pytest.raises(Refused) as refusal:
        run("apply", "--yes", "--org", "shiqiao")
    assert refusal.value.obstacles == [
        "文件里写的是“qingxi”，不是“shiqiao”。请看是不是拿错了文件。"
    ]


def test_a_byte_order_mark_is_no_mistake_and_another_encoding_is_named(run):
    assert run("check", bytes_=TOWNSHIP.encode("utf-8-sig")).exit_code == 0
    with pytest.raises(Refused) as refusal:
        run("check", bytes_=TOWNSHIP.encode("gb18030"))
    assert "不是UTF-8编码的文字" in refusal.value.obstacles[0]
