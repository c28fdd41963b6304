"""Many sheets in one PDF: set in portions, once, and gone when one may not hang any more."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from tests.surfaces.board.office import address
from tests.surfaces.channels.conftest import work
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core import clock
from gongkai.surfaces.printing import jobs, rules, setting, store, workflow
from gongkai.surfaces.printing.models import Run

pytestmark = pytest.mark.django_db
RUNS = "/desk/paper/runs/"
WALL = {"channels": ["wall"], "body": "<p>现予公开。</p>"}


@pytest.fixture
def clerk(officer):
    return entered(officer("组织干事"))


@pytest.fixture
def hung(office):
    """Five items on the wall; one has a sign that nobody can print."""
    for number in range(1, 6):
        title = "开会\U0001f600" if number == 3 else f"第{number}件"
        office.release(address(number), title=title, number=f"青溪-{number}", box="JC-2", **WALL)
    office.go()
    return office


def ask(clerk, way="all", **more) -> Run:
    asked = clerk.post(RUNS, {"way": way, "size": "a4", "mark": "", **more})
    assert asked.status_code == 302, asked.context["form"].errors
    return Run.objects.latest("pk")


def page(clerk, run) -> str:
    return clerk.get(reverse("printing:run", args=[run.pk])).content.decode()


def sheets(clerk, run):
    return clerk.get(reverse("printing:sheets", args=[run.pk]))


def test_a_run_is_set_in_portions_whoever_dies_and_names_what_it_left_out(hung, clerk, monkeypatch):
    monkeypatch.setattr(setting, "TOGETHER", 2)
    run = ask(clerk)
    assert run.wanted == [address(number) for number in (5, 4, 3, 2, 1)]
    setting.set_sheets.call(run.pk)
    assert "正在排版：2件，共5件" in page(clerk, run)
    assert sheets(clerk, run).status_code == 404
    late = Run.objects.get(pk=run.pk)
    setting.set_sheets.call(run.pk)
    assert workflow.go_on(run=late, done=5, left_out=[]) is False
    late = clock.now() + 2 * jobs.LEASE
    assert (jobs.requeue(late), jobs.requeue(clock.now())) == (1, 0)
    work()
    told = page(clerk, run)
    assert "排好了，共4张" in told
    assert "U+1F600" in told
    answer = sheets(clerk, run)
    assert answer["Content-Type"] == "application/pdf"
    made = pypdfium2.PdfDocument(io.BytesIO(answer.getvalue()))
    told = ["".join(each.get_textpage().get_text_range().split()) for each in made]
    assert [next(n for n in (5, 4, 2, 1) if f"青溪-{n}" in each) for each in told] == [5, 4, 2, 1]
    assert all("第1张，共1张" in each for each in told)
    assert [each.name for each in store.folder(run.folder).iterdir()] == [store.WHOLE]


def test_a_run_is_over_once_something_in_it_is_withdrawn_or_its_days_are_past(hung, clerk):
    run, other = ask(clerk), ask(clerk, "chosen", chosen=[address(4)])
    assert other.wanted == [address(4)]
    work()
    hung.withdraw(address(5))
    hung.go()
    answer = clerk.get(reverse("printing:sheets", args=[run.pk]), follow=True)
    assert "这一批不能再用" in answer.content.decode()
    assert not store.folder(run.folder).exists()
    assert sheets(clerk, other).status_code == 200
    assert jobs.tidy(clock.now() + rules.KEPT + timedelta(minutes=1)) == 2
    assert (Run.objects.count(), store.folder(other.folder).exists()) == (0, False)


def test_what_is_given_up_leaves_nothing_and_there_is_room_for_a_few(hung, clerk, officer):
    run = ask(clerk)
    setting.set_sheets.call(run.pk)
    assert store.folder(run.folder).exists()
    clerk.post(reverse("printing:cancel", args=[run.pk]))
    assert not store.folder(run.folder).exists()
    work()
    assert not store.folder(run.folder).exists()
    assert "不印了" in page(clerk, run)
    for _each in range(rules.HELD):
        ask(clerk)
    refused = clerk.post(RUNS, {"way": "all", "size": "a4", "mark": ""})
    assert (refused.status_code, "已经留着5批" in refused.content.decode()) == (422, True)
    refused = clerk.post(RUNS, {"way": "JC", "size": "a9", "mark": "zzz"})
    assert sorted(refused.context["form"].errors) == ["mark", "size"]
    assert clerk.get(reverse("printing:run", args=[run.pk + 99])).status_code == 404
