"""One procedure under two charters: the product knows neither the township nor the village."""

import json

import pytest
from tests.cast import staffed
from tests.journeys.walking import walked, with_right

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.catalogue import queries as catalogue
from gongkai.procedure.catalogue.charter import sample
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import jobs

WALKS = {
    # charter: slug, entry, its scopes in order, stages, what the public number begins with
    "township": ("qingxi", "JC-05", ["A3", "A1"], 3, "QX-JC-"),
    "village": ("shiqiao", "CW-01", ["C", "S"], 2, "SQ-CW-"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", WALKS)
def test_from_draft_to_archive(name):
    slug, code, scopes, stages, number = WALKS[name]
    apply(source=sample(name), by=SYSTEM)
    organisation = staffed(organisations.organisation(slug))

    walk = walked(organisation, code, "一件按实施办法走完的事")
    assert [step["scope"] for step in walk.draft.plan] == scopes
    assert walk.stages == stages

    jobs.open_due(clock.now())
    disclosure = Disclosure.objects.get(pk=walk.draft.disclosure_id)
    assert disclosure.number.startswith(number)
    opened = PublicRecord.objects.filter(subject=disclosure.address, kind="release").order_by("pk")
    assert [json.loads(record.body)["scope"] for record in opened] == scopes
    assert [record.audience for record in opened] == [[f"org:{slug}"], ["public"]]

    filing = archive.file(disclosure=disclosure, officer=with_right(organisation, Right.FILE))
    charter = catalogue.charter_of(organisation)[1]
    assert filing.retention == charter.entry(code).retention
    assert filing.file_number.startswith(charter.archive.fonds)
