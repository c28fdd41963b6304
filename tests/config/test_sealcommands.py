"""``gongkai seal``: certificates from their making to their end, and papers checked, in words."""

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from tests.foundation.seals.conftest import paper, sealer
from tests.procedure.editions import township

from gongkai.config.sealcommands import ailing, seal
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import storage
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import certificates, papers, queries, workflow
from gongkai.foundation.seals.models import Certificate

__all__ = ["paper", "sealer", "township"]
pytestmark = pytest.mark.usefixtures("home", "township")
CLERK = ("--as", "clerk")


def run(*given, status=0):
    result = CliRunner().invoke(seal, [str(each) for each in given], standalone_mode=False)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert (result.exit_code, result.output) == (status, result.output)
    return result.output.splitlines()


def refused(*given):
    with pytest.raises(Refused) as refusal:
        run(*given)
    return refusal.value.obstacles


def test_a_certificate_from_its_making_to_its_end(time_machine):
    time_machine.move_to("2026-11-26T01:02:00Z", tick=False)
    assert run("certificate", "show") == [
        "还没有证书。盖第一份文件的时候会自己签发一张，也可以现在运行 make。"
    ]
    made = run("certificate", "make", *CLERK)
    first = Certificate.objects.get()
    assert made == [
        "中共青溪镇委员会  在用",
        f"  {certificates.spoken(first.fingerprint)}",
        "  盖章：2026年11月26日9:02至今",
        "  来源：本站签发，有效到2029年11月25日9:02",
    ]
    run("certificate", "rotate", *CLERK, "--reason", "例行更换")
    assert [line for line in run("certificate", "show") if line.startswith("中共")] == [
        "中共青溪镇委员会  已换下",
        "中共青溪镇委员会  在用",
    ]
    mark = first.fingerprint[:8]
    told = run("certificate", "revoke", mark, *CLERK, "--reason", "失密", "--from", "2026-11-20")
    assert told[-1] == "  从2026年11月20日0:00起作废：失密"
    last = queries.every().last().fingerprint[:12].upper()
    told = run("certificate", "revoke", last, *CLERK, "--reason", "也失密")
    assert told[-1] == (
        "现在没有在用的证书，以后的文件不盖签章。查清以后运行 gongkai seal certificate make。"
    )
    assert run("certificate", "show", "--pem").count("-----BEGIN CERTIFICATE-----") == 4


def test_who_may_not_and_what_makes_no_sense_is_refused():
    assert refused("certificate", "make", "--as", "organiser") == [
        "签章证书要由管理岗位和账号的岗位来管。"
    ]
    run("certificate", "make", *CLERK)
    mark = Certificate.objects.get().fingerprint
    given = ("certificate", "revoke")
    for few in (mark[:4], "0" * 12):
        assert refused(*given, few, *CLERK, "--reason", "失密") == [
            "请写指纹的前8位以上，认得出是哪一张：gongkai seal certificate show。"
        ]
    assert refused(*given, mark, *CLERK, "--reason", "失密", "--from", "昨天") == [
        "“昨天”不是时间。请写成 2026-11-26 或者 '2026-11-26 9:40'。"
    ]


def test_a_certificate_from_elsewhere_is_taken_in(tmp_path, sealer, time_machine):
    time_machine.move_to("2026-11-26T01:02:00Z", tick=False)
    file, password = tmp_path / "brought.p12", tmp_path / "password"
    password.write_text("口令 1\n")
    secret = load_pem_private_key(sealer.key.encode(), None)
    above = [certificates.read(each) for each in sealer.chain]
    how = BestAvailableEncryption("口令 1".encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"x", secret, sealer.facts, above, how))
    given = ("certificate", "import", file, *CLERK)
    assert refused(*given) == ["密码不对，或者文件坏了。请用 --password-file 给出这个文件的密码。"]
    told = run(*given, "--password-file", password)
    assert told[3:] == [
        "  来源：外来导入，有效到2029年11月24日9:02",
        "私钥已经收进 keys 文件夹。带来的文件请从这台机器上删掉。",
    ]
    pem = tmp_path / "chain.pem"
    pem.write_text(sealer.certificate)
    assert refused("certificate", "import", pem, *CLERK, "--token-key", "公章") == [
        "这张证书已经登记过，不能再导入一次。"
    ]
    large = tmp_path / "large.pem"
    large.write_bytes(bytes(1024 * 1024 + 1))
    assert refused("certificate", "import", large, *CLERK) == [f"{large} 太大，不像证书。请核对。"]


def test_papers_are_checked(tmp_path, paper):
    organisation = Organisation.objects.get(slug="qingxi")
    stored = papers.file(
        paper, of="sheet-1", subject="ABCDEFGHJK", label="通知", organisation=organisation
    )
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    with storage.open(stored.digest) as kept:
        data = kept.read()
    good.write_bytes(data)
    bad.write_bytes(data + b"%more")
    assert run("check", good)[0] == "是本站盖的，没有改动"
    told = run("check", good, bad, status=1)
    assert [line for line in told if not line.startswith(" ")] == [
        f"{good}：是本站盖的，没有改动",
        f"{bad}：盖章以后添加过内容",
    ]


def test_the_doctor_knows_what_ails_a_certificate(home, sealer, settings, time_machine):
    time_machine.move_to("2026-11-26T01:02:00Z", tick=False)
    organisation = Organisation.objects.get(slug="qingxi")
    workflow.make(organisation=organisation, by=SYSTEM, first=True)
    assert ailing() == ""
    time_machine.move_to("2029-11-20T00:00:00Z", tick=False)
    assert "快到期（2029年11月25日9:02）" in ailing()
    time_machine.move_to("2029-11-26T00:00:00Z", tick=False)
    assert "已经到期" in ailing()
    time_machine.move_to("2026-11-26T01:02:00Z", tick=False)
    for key in home.keys.glob("seal-qingxi.*"):
        key.unlink()
    assert ailing() == ("“中共青溪镇委员会”的签章密钥不在 keys 里。请从备份取回，或者换一张证书。")
    brought = certificates.in_token(sealer.certificate.encode())
    workflow.bring(organisation=organisation, sealer=brought, label="公章", by=SYSTEM)
    assert "还没有设 SEAL_TOKEN_MODULE" in ailing()
    settings.SEAL_TOKEN_MODULE = "/usr/lib/module.so"
    assert ailing() == ""
