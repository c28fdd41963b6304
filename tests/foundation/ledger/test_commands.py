"""``gongkai log verify`` says what is wrong in sentences, and fails."""

import pytest
from click.testing import CliRunner

from gongkai.foundation.ledger.commands import log

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
