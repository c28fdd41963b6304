"""Anybody may have a PDF checked: without an account, without a trace, within limits."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.foundation.seals.conftest import paper, sealer, stranger

from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.seals import papers
from gongkai.procedure.feedback import guards
from gongkai.procedure.feedback import paper as checking

__all__ = ["paper", "sealer", "stranger"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
PAGE = "/say/paper/"


@pytest.fixture
def reader():
    return Client(enforce_csrf_checks=True)


def said(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).split())


def handed(reader, data, name="审批表.pdf"):
    return reader.post(PAGE, {"paper": SimpleUploadedFile(name, data)})


def test_a_sealed_paper_is_told_from_one_that_was_added_to(reader, township, paper, tmp_path):
    assert "看完就删，不保存" in said(reader.get(PAGE))
    stored = papers.file(
        paper, of="sheet-1", subject="ABCDEFGHJK", label="通知", organisation=township
    )
    with storage.open(stored.digest) as kept:
        data = kept.read()
    acts, files = Act.objects.count(), StoredFile.objects.count()
    good, bad = handed(reader, data), handed(reader, data + b"%more")
    assert (good.status_code, good.context["judgement"].verdict.label) == (
        200, "是本站盖的，没有改动"
    )  # fmt: skip
    assert "不等同于法律意义上的电子公章" in said(good)
    assert "在文件后面添加了5个字节的内容" in said(bad)
    assert (Act.objects.count(), StoredFile.objects.count()) == (acts, files)
    assert not good.cookies


def test_what_is_no_paper_gets_its_sentence(reader, township):
    assert "文件是空的" in said(handed(reader, b""))
    none = reader.post(PAGE, {})
    assert (none.status_code, "请选一个 PDF 文件" in said(none)) == (422, True)


def test_beyond_the_limits_nothing_is_read(reader, township, monkeypatch, still):
    still()
    monkeypatch.setattr(checking, "LARGEST", 10)
    monkeypatch.setattr(checking, "_AROUND", 0)
    large = handed(reader, b"%PDF-1.7")
    assert (large.status_code, "没有看" in said(large)) == (413, True)
    monkeypatch.undo()
    monkeypatch.setitem(guards.LIMITS, "paper", 1)
    handed(reader, b"")
    often = handed(reader, b"")
    assert (often.status_code, "过十分钟再来" in said(often)) == (429, True)


def test_another_sites_form_is_not_taken(reader, township):
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    answer = reader.post(PAGE, {"paper": file}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "从别的网站送来的" in said(answer)
