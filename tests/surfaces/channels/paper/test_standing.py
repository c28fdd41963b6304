"""In the week of today the plan says what really hangs, as postings tell."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from tests.cast import officer_named
from tests.procedure.editions import PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.procedure.publication import hanging
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Posting
from gongkai.surfaces.board import houses
from gongkai.surfaces.channels.paper import wall

MONDAY, TODAY = date(2026, 11, 23), date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


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

    first = hang("甲")
    assert plan() == (["甲"], [], [])
    hanging.put_up(chosen=[first], officer=clerk)
    assert plan() == ([], ["甲"], [])
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
