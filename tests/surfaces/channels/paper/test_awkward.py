"""What is hard to set, in each carrier of paper: it is set whole, or a sentence says why not."""

import io
import re

import pytest
from PIL import Image
from tests.procedure.editions import disclosure_of, opened, sealed
from tests.surfaces.channels.briefs.test_briefs import begun, pages, words

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages import preparing
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.briefs import sheet, word
from gongkai.surfaces.channels.paper import document, notice, queries

pytestmark = pytest.mark.django_db
COLUMNS = [f"第{n}列" for n in range(1, 41)]
WIDE = (
    "<table><caption>各村合计</caption><thead><tr>"
    + "".join(f"<th>{name}</th>" for name in COLUMNS)
    + "</tr></thead><tbody><tr>"
    + "".join(f"<td>{n * 1000}</td>" for n in range(40))
    + "</tr></tbody></table>"
)
"""Forty columns: wider than A3."""
LONG = 60_000
"""Pixels across a picture ten high."""


def long_picture() -> StoredFile:
    made = io.BytesIO()
    Image.new("1", (LONG, 10), 1).save(made, "PNG")
    made.seek(0)
    kept = files.keep(made, "长图.png")
    preparing.advance(kept.digest, "png", 60)
    return kept


@pytest.fixture
def item(office, qingxi):
    """An item with all that is hard to set, open to everybody."""
    picture = long_picture()
    disclosure = disclosure_of(qingxi, title="𠮷家湾\u202e的账")
    src = f"/files/{disclosure.address}/{picture.digest[:16]}.png"
    body = f"<p>㐂鹊沟\u202e由受益村\u202c管护。</p>{WIDE}<figure><img src='{src}' alt=''></figure>"
    opened(sealed(disclosure, body=body, files=[picture], channels=["wall", "brief"]))
    office.go()
    return disclosure


def carried(item, officer) -> dict[str, str]:
    """The words of every carrier of paper."""
    house, found = houses.town().house("qingxi"), queries.public_item(item.address)
    brief = begun(officer)
    return {
        "document": pages(document.document(item.address, found.current, house.charter)),
        "a4": pages(notice.notice(found, house, "a4")),
        "a3": pages(notice.notice(found, house, "a3")),
        "brief": pages(sheet.printed(brief)),
        "word": words(word.document(brief)),
    }


def test_a_table_wider_than_a3_rare_signs_and_a_picture_60000_wide_are_set_everywhere(
    item, office, officer
):
    for carrier, said in carried(item, officer).items():
        text = re.sub(r"\s", "", said)
        assert ("𠮷家湾的账" in text, "㐂鹊沟由受益村管护" in text) == (True, True), carrier
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), carrier
        shown = [name for name in COLUMNS if name in text]
        assert shown == COLUMNS, carrier
    page = office.page(f"i/{item.address}.html")
    assert [name for name in COLUMNS if f"<th>{name}</th>" not in page] == []


def test_an_emoji_is_named_before_anything_is_printed(office, qingxi, officer):
    disclosure = disclosure_of(qingxi, title="丰收")
    opened(sealed(disclosure, body="<p>丰收🌾了。</p>", channels=["wall", "brief"]))
    office.go()
    house, found = houses.town().house("qingxi"), queries.public_item(disclosure.address)
    brief = begun(officer)
    for made in (
        lambda: document.document(disclosure.address, found.current, house.charter),
        lambda: notice.notice(found, house, "a4"),
        lambda: sheet.printed(brief),
    ):
        with pytest.raises(Refused) as refusal:
            made()
        assert "“🌾”（U+1F33E）" in " ".join(refusal.value.obstacles)
    assert "🌾" in words(word.document(brief))
    assert "🌾" in office.page(f"i/{disclosure.address}.html")
