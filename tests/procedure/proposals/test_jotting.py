"""Words typed before a first save are kept for their writer, and go when they are a draft."""

from datetime import timedelta

import pytest

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import jobs, jotting, rules
from gongkai.procedure.proposals.models import Disclosure, Jotting

pytestmark = pytest.mark.django_db


def test_they_are_their_writers_alone_and_no_act(township, who):
    writer, line, acts = who("组织干事"), entry(township, "JC-05"), Act.objects.count()
    row = jotting.jot(officer=writer, entry=line, edits=0, said={"html": "<p>甲</p>"})
    row = jotting.jot(officer=writer, entry=line, edits=1, said={"html": "<p>甲乙</p>"})
    assert (row.edits, jotting.jotted(writer, line)) == (2, row)
    assert jotting.jotted(who("团委书记"), line) is None
    assert jotting.jotted(writer, entry(township, "JC-04")) is None
    assert (Disclosure.objects.count(), Act.objects.count()) == (0, acts)
    with pytest.raises(Conflict):  # another window, opened before
        jotting.jot(officer=writer, entry=line, edits=1, said={"html": "<p>丙</p>"})
    jotting.forget(officer=writer, entry=line, edits=1)  # what it wrote since stays
    assert Jotting.objects.get().said == {"html": "<p>甲乙</p>"}
    jotting.forget(officer=writer, entry=line, edits=2)
    assert Jotting.objects.count() == 0


def test_what_no_draft_could_be_is_not_kept(township, who):
    line = entry(township, "JC-05")
    for officer, text in [(who("党委书记"), "甲"), (who("组织干事"), "甲" * rules.JOT_LIMIT)]:
        with pytest.raises(Refused):
            jotting.jot(officer=officer, entry=line, edits=0, said={"html": text})
    assert Jotting.objects.count() == 0


def test_they_go_after_a_month(township, who):
    line = entry(township, "JC-05")
    row = jotting.jot(officer=who("组织干事"), entry=line, edits=0, said={"html": ""})
    assert jobs.forget_jottings(clock.now() + rules.JOTTED - timedelta(minutes=1)) == 0
    row.refresh_from_db()
    assert jobs.forget_jottings(clock.now() + rules.JOTTED + timedelta(minutes=1)) == 1
