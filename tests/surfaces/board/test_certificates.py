"""The certificates of PDFs stand on the board, from the log alone, with the way to check one."""

import re
import shutil
import subprocess
from html import unescape

import pytest
from tests.foundation.seals.conftest import WORDS, paper

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import certificates, keys, signing, workflow
from gongkai.surfaces.board import build

__all__ = ["paper"]
BY = Actor("member:1", "党政办主任")
PAGE = "help/seal.html"


def text(board, page=PAGE):
    words = re.sub(r"<[^>]+>", " ", board.page(page))
    return " ".join(unescape(words).split())


@pytest.fixture
def organisation(qingxi_board):
    return Organisation.objects.create(slug="qingxi", name="中共青溪镇委员会")


def test_before_the_first_the_page_says_so_and_what_a_seal_is_not(qingxi_board):
    said = text(qingxi_board)
    assert "还没有盖过章，所以还没有证书。" in said
    for page in (PAGE, "verify/index.html"):
        assert "不等同于法律意义上的电子公章" in text(qingxi_board, page)
    for page in ("verify/index.html", "help/verify.html", "sitemap.html"):
        assert 'href="/help/seal"' in qingxi_board.page(page)


def test_each_certificate_is_there_with_its_days(qingxi_board, organisation, time_machine):
    first = workflow.make(organisation=organisation, by=BY, first=True)
    time_machine.shift(86400)
    second = workflow.make(organisation=organisation, by=BY, first=False, reason="例行更换")
    time_machine.shift(86400)
    workflow.revoke(certificate=first, since=first.since, reason="旧备份被盗", by=BY)
    qingxi_board.go()
    said = text(qingxi_board)
    for each in (first, second):
        assert certificates.spoken(each.fingerprint) in said
        file = qingxi_board.home.board / f"help/certificates/{each.fingerprint[:16]}.cer"
        assert file.read_text() == each.certificate
    root = certificates.fingerprint(first.chain[0])[:16]
    assert (qingxi_board.home.board / f"help/certificates/{root}.cer").exists()
    newest, older = said.index("在用"), said.index("已作废")
    assert newest < older
    assert "2026年11月23日12:00至2026年11月24日12:00" in said
    assert "从2026年11月23日12:00起盖的一律不能作准。" in said
    assert "理由：旧备份被盗" in said
    assert "in use" in text(qingxi_board, f"en/{PAGE}").lower()


def test_a_build_makes_the_same_page(qingxi_board, organisation):
    workflow.make(organisation=organisation, by=BY, first=True)
    qingxi_board.go()
    before = qingxi_board.page(PAGE)
    build.build()
    assert qingxi_board.page(PAGE) == before


PROGRAMS = shutil.which("pdfsig") and shutil.which("openssl")


@pytest.mark.skipif(not PROGRAMS, reason="pdfsig (poppler-utils) or openssl is not installed")
def test_the_commands_of_the_page_do_what_it_says(qingxi_board, organisation, paper, tmp_path):
    made = workflow.make(organisation=organisation, by=BY, first=True)
    qingxi_board.go()
    key = keys.find("qingxi", made.certificate)
    sealer = certificates.Sealer(made.certificate, tuple(made.chain), key)
    (tmp_path / "FILE.pdf").write_bytes(
        signing.sealed(paper, sealer, at=clock.now(), words=WORDS).data
    )
    found = re.search(r'id="commands"><code>(.+?)</code>', qingxi_board.page(PAGE), re.S)
    done = subprocess.run(
        ["sh", "-ec", unescape(found[1])], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout
    shown = done.stdout.rpartition("Fingerprint=")[2].strip().replace(":", "")
    assert shown.lower() == made.fingerprint
