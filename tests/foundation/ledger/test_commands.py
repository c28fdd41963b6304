"""``gongkai log verify`` says what is wrong in sentences, and fails."""

import pytest
from click.testing import CliRunner

from gongkai.foundation.ledger.commands import log
from gongkai.foundation.ledger.models import AudienceKey, PublicRecord
from gongkai.foundation.translog.note import Signer

pytestmark = pytest.mark.django_db(transaction=True)


def verify(*options):
    return CliRunner().invoke(log, ["verify", *options])


def test_a_sound_log(publish, log_pass):
    publish(3)
    log_pass()
    result = verify()
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "日志完好：3条。")


def test_nothing_published_yet(log_home):
    result = verify()
    assert result.exit_code == 1
    assert "里没有vkey文件" in result.output


def test_a_changed_byte_is_found(log_home, publish, log_pass):
    publish(3)
    log_pass()
    bundle = log_home.log / "tile/entries/000.p/3"
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(bytes(data))
    result = verify()
    assert result.exit_code == 1
    assert "tile/" in result.output


def test_a_stranger_checks_a_copy(log_home, publish, log_pass):
    publish(2)
    log_pass()
    key = (log_home.log / "vkey").read_text().strip()
    assert verify("--folder", str(log_home.log), "--vkey", key).exit_code == 0


@pytest.mark.parametrize(
    "altered",
    [
        {"body": '{"title":"另一件"}'},
        {"body": "no longer JSON"},
        {"audience": ["party"]},
        {"entry": b"{}"},
        {"organisation": "elsewhere"},
    ],
)
def test_a_record_altered_in_the_database_is_found(publish, log_pass, altered):
    made = publish(3)
    log_pass()
    PublicRecord.objects.filter(pk=made[1].pk).update(**altered)
    result = verify()
    assert result.exit_code == 1
    assert "序号1的公开记录与日志不符：数据库被改动过。" in result.output
    assert "序号0" not in result.output


def test_a_record_shown_to_more_readers_is_found(publish, log_pass):
    made = publish(2)
    log_pass()
    AudienceKey.objects.create(record=made[0], key="party")
    result = verify()
    assert (result.exit_code, "序号0的公开记录" in result.output) == (1, True)


def test_a_log_signed_anew_by_another_key_is_found(log_home, publish, log_pass, settings):
    publish(2)
    log_pass()
    other = Signer.generate(settings.LOG_ORIGIN)
    checkpoint = (log_home.log / "checkpoint").read_text()
    (log_home.log / "checkpoint").write_text(other.sign(checkpoint.partition("\n\n")[0] + "\n"))
    (log_home.log / "vkey").write_text(other.verifier.vkey + "\n")
    result = verify()
    assert result.exit_code == 1
    assert "文件vkey里不是本站的公钥。" in result.output
    assert verify("--folder", str(log_home.log)).exit_code == 0  # a copy cannot know
