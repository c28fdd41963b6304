"""The register of seals: what it says of each use, who sees it, and that it costs the same."""

import pytest
from django.urls import reverse

from gongkai.foundation.seals import queries as papers
from gongkai.procedure.review import approval, jobs
from gongkai.surfaces.desk import seals

pytestmark = pytest.mark.django_db
REGISTER = "/desk/seals/"


def body(answer):
    return b"".join(answer.streaming_content)


def test_each_use_is_told_with_its_approvals(at, walk):
    item = walk().sealed()
    office = at("纪委书记")
    [use] = office.get(REGISTER).context["uses"]
    assert (use.number, use.post, use.edition) == (item.edition.seal_number, "党委书记", 1)
    assert use.approvals == ("党政办主任", "党委副书记", "党委书记")
    assert use.sheet == item.page("approval", 1)
    lines = body(office.get(reverse("desk:seals-export"))).decode()
    assert lines.startswith("\ufeff用印编号,")
    assert len(lines.splitlines()) == 2
    assert f"{item.edition.seal_number}," in lines
    assert "党政办主任、党委副书记、党委书记" in lines


def test_the_certificate_of_the_sheet_is_named(at, walk):
    item = walk().sealed()
    [use] = at("纪委书记").get(REGISTER).context["uses"]
    assert use.certificate == ""
    jobs.make_sheets.call()
    mark = papers.standing(item.disclosure.organisation).fingerprint
    answer = at("纪委书记").get(REGISTER)
    assert answer.context["uses"][0].certificate == mark
    assert mark[:16].upper() in answer.content.decode()
    assert mark in body(at("纪委书记").get(reverse("desk:seals-export"))).decode()


def test_before_the_first_use_the_page_says_so(at):
    assert "还没有用过印" in at("纪委书记").get(REGISTER).content.decode()


def test_only_who_supervises_reads_the_register(at, walk):
    walk().sealed()
    assert at("组织干事").get(REGISTER).status_code == 403
    assert at("组织干事").get(reverse("desk:seals-export")).status_code == 403


def test_pages_follow_each_other(at, walk, monkeypatch):
    monkeypatch.setattr(seals, "PAGE", 1)
    first, second = walk().sealed(), walk().sealed()
    office = at("纪委书记")
    page = office.get(REGISTER)
    assert [use.number for use in page.context["uses"]] == [second.edition.seal_number]
    older = office.get(REGISTER, {"after": page.context["older"]})
    assert [use.number for use in older.context["uses"]] == [first.edition.seal_number]
    for wrong in ("x", "0", "-1", "9" * 30):
        assert office.get(REGISTER, {"after": wrong}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same(at, walk, count, django_assert_num_queries):
    for _ in range(count):
        organisation = walk().sealed().disclosure.organisation
    with django_assert_num_queries(4):
        assert len(seals.page(organisation, None)[0]) == count


def test_the_sheet_is_had_at_once_and_kept_later(at, walk):
    item = walk().sealed()
    client = at("组织干事")
    made = client.get(item.page("approval", 1))
    assert made["Content-Type"] == "application/pdf"
    assert made["Content-Disposition"].startswith("attachment")
    first = body(made)
    assert first == approval.sheet(item.edition)
    jobs.make_sheets.call()
    sealed = body(client.get(item.page("approval", 1)))
    assert sealed.startswith(first)
    assert b"/ETSI.CAdES.detached" in sealed
    assert client.get(item.page("approval", 2)).status_code == 404
