"""In the week of today the plan says what really hangs, as postings tell."""

import ctypes
import io
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pypdfium2
import pypdfium2.raw as raw
import pytest
from django.conf import settings
from tests.cast import officer_named
from tests.procedure.editions import PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.procedure.publication import hanging
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Posting
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.paper import wall
from gongkai.surfaces.channels.paper.checklist import checklist

MONDAY, TODAY = date(2026, 11, 23), date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def codes(made: bytes) -> list[str]:
    """Where the QR codes in the text of each page lead, as their alternative words say."""
    document = pypdfium2.PdfDocument(io.BytesIO(made))
    found = []
    for page in document:
        tree = raw.FPDF_StructTree_GetForPage(page)
        top = range(raw.FPDF_StructTree_CountChildren(tree))
        found += [said for n in top for said in _said(raw.FPDF_StructTree_GetChildAtIndex(tree, n))]
        raw.FPDF_StructTree_Close(tree)
    return [said.removeprefix("二维码：") for said in found if said.startswith("二维码：")]


def _said(element) -> list[str]:
    buffer = ctypes.create_string_buffer(2000)
    length = raw.FPDF_StructElement_GetAltText(element, buffer, 2000)
    said = [buffer.raw[: max(0, length - 2)].decode("utf-16-le")] if length else []
    below = range(raw.FPDF_StructElement_CountChildren(element))
    children = (raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in below)
    return said + [each for child in children if child for each in _said(child)]


@pytest.mark.django_db
def test_what_hangs_is_what_was_noted(office, qingxi, time_machine):
    minutes = count(1)
    clerk = officer_named(qingxi, "党政办主任")

    def hang(title):
        # Later each time: of two sheets the newer one stays.
        time_machine.move_to(NOON + timedelta(minutes=next(minutes)), tick=False)
        item = disclosure_of(qingxi, title=title)
        opened(sealed(item, plan=planned(PUBLIC), channels=["wall"]))
        office.go()
        return Posting.objects.get(release__disclosure=item)

    def plan(monday=MONDAY):
        house = houses.town().house("qingxi")
        made = wall.plan(house, house.charter, monday, TODAY)
        [slot] = [slot for slot in made.slots if slot.box.key == "JC-1"]
        up, stays = ([each.title for each in part] for part in (slot.up, slot.stays))
        return up, stays, [(each.title, each.why) for each in slot.down]

    def photographed():
        """The photo pages to which the checklist leads."""
        house = houses.town().house("qingxi")
        made = checklist(wall.plan(house, house.charter, MONDAY, TODAY), house, NOON)
        return [code for code in codes(made) if code.startswith(settings.OFFICE_URL + "/desk/")]

    first = hang("甲")
    assert plan() == (["甲"], [], [])
    assert photographed() == [f"{settings.OFFICE_URL}/desk/postings/{first.pk}/photo/"]
    hanging.put_up(chosen=[first], officer=clerk)
    assert plan() == ([], ["甲"], [])
    assert photographed() == []
    hang("乙")
    hang("丙")
    assert plan() == (["丙", "乙"], [], [("甲", "newer")])
    assert plan(date(2026, 11, 30)) == ([], ["丙", "乙"], [])
    hanging.bring_down(chosen=[first], officer=clerk)
    assert plan() == (["丙", "乙"], [], [])
    second = Posting.objects.get(release__disclosure__title="乙")
    hanging.put_up(chosen=[second], officer=clerk)
    secretary = officer_named(qingxi, "党委书记")
    publication.withdraw(disclosure=second.release.disclosure, officer=secretary, reason="有误。")
    office.go()
    assert plan() == (["丙", "甲"], [], [("乙", "withdrawn")])
    hanging.bring_down(chosen=[second], officer=clerk)
    assert plan() == (["丙", "甲"], [], [])
