"""Covering an attachment at the desk: drawn, found or typed, then made; and who may look at it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.foundation.files import made

from gongkai.foundation.files import jobs as reading
from gongkai.procedure.proposals import jobs, queries
from gongkai.procedure.proposals.models import DraftFile, Redaction

from .test_writing import NEW, said, typed

pytestmark = pytest.mark.django_db
NUMBER = "110101199003078515"
DRAWN = {"page": "1", "reason": "person", "left": "10", "top": "5", "width": "50", "height": "4.5"}


@pytest.fixture
def attachment(at):
    pages = made.pages([f"No {NUMBER}", "Water"], ["Second page"])
    files = [SimpleUploadedFile("名单.pdf", pages)]
    at("组织干事").post(NEW, typed(attached=files))
    found = DraftFile.objects.select_related("file", "draft__disclosure").get()
    reading.read.call(found.file.digest)
    return found


def where(name, attachment, *more):
    address = attachment.draft.disclosure.address
    return reverse(f"desk:{name}", args=[address, attachment.pk, *more])


def act(client, name, attachment, data=None):
    return client.post(where(f"redact-{name}", attachment), data or {}, follow=True)


def test_from_a_box_to_the_copy(at, attachment):
    client = at("组织干事")
    page = client.get(where("redact", attachment))
    assert (page.context["pages"], page.context["marks"]) == (2, [])
    drawn = client.get(page.context["paper"]["href"])
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/webp")
    assert drawn["X-Content-Type-Options"] == "nosniff"
    marked = act(client, "mark", attachment, DRAWN)
    assert [each.box for each in marked.context["marks"]] == [(1_000, 500, 6_000, 950)]
    assert '<rect x="1000" y="500" width="5000" height="450"/>' in marked.content.decode()
    making = act(client, "make", attachment)
    assert making.context["working"]
    assert "data-working" in making.content.decode()
    jobs.redact.call(Redaction.objects.get().pk)
    done = client.get(where("redact", attachment))
    assert (done.context["done"], done.context["working"]) == (True, False)
    after = DraftFile.objects.select_related("file").get()
    reading.read.call(after.file.digest)
    shown = client.get(where("draft-read", attachment)).content.decode()
    assert NUMBER not in shown
    assert "Water" in shown
    restored = act(client, "restore", attachment)
    assert said(restored) == ["附件“名单”已恢复成原件，没有遮盖。"]
    assert DraftFile.objects.get().file == attachment.file


def test_words_are_marked_wherever_they_stand(at, attachment):
    client = at("组织干事")
    found = act(client, "find", attachment, {"page": 2, "words": NUMBER, "reason": "person"})
    assert said(found)[-1:] == ["找到1处，都画了框。请逐页看一遍。"]
    assert found.context["page"] == 1
    none = act(client, "find", attachment, {"page": 2, "words": "nowhere", "reason": "person"})
    assert said(none) == ["没有找到这些字。扫描件里没有文字，请在页面上画框。"]
    assert len(Redaction.objects.get().marks) == 1
    away = act(client, "unmark", attachment, {"mark": "0"})
    assert away.context["marks"] == []


@pytest.mark.parametrize(
    "changes",
    [{"left": "x"}, {"width": "101"}, {"height": ""}, {"page": "0"}, {"reason": "because"}],
)
def test_what_is_typed_wrong_stays_to_be_put_right(at, attachment, changes):
    answer = act(at("组织干事"), "mark", attachment, DRAWN | changes)
    assert answer.status_code == 422
    assert list(answer.context["place"].errors) == list(changes)
    assert not Redaction.objects.exists()


def test_a_box_without_width_is_refused_in_a_sentence(at, attachment):
    answer = act(at("组织干事"), "mark", attachment, DRAWN | {"width": "0"})
    assert said(answer)[-1:] == ["框要画在页面里面，有宽有高。"]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1" * 30, "２"])
def test_any_page_asked_for_is_one_that_is_there(at, attachment, page):
    answer = at("组织干事").get(where("redact", attachment), {"page": page})
    assert 1 <= answer.context["page"] <= 2


@pytest.mark.parametrize("mark", ["0", "x", "", "99"])
def test_a_mark_that_is_not_there_is_not_taken_away(at, attachment, mark):
    client = at("组织干事")
    assert client.post(where("redact-unmark", attachment), {"mark": mark}).status_code == 404
    for name in ("make", "restore"):
        assert client.post(where(f"redact-{name}", attachment)).status_code == 404


def test_a_reader_of_drafts_sees_the_marks_and_cannot_change_them(at, attachment):
    act(at("组织干事"), "mark", attachment, DRAWN)
    office = at("党政办主任")
    assert office.get(where("redact", attachment)).context["obstacles"] != []
    answer = act(office, "mark", attachment, DRAWN | {"left": "20"})
    assert len(Redaction.objects.get().marks) == 1
    assert said(answer) != []


def test_pages_that_are_not_made_yet_are_waited_for(at):
    files = [SimpleUploadedFile("名单.pdf", made.pages(["One"]))]
    at("组织干事").post(NEW, typed(attached=files))
    answer = at("组织干事").get(where("redact", DraftFile.objects.get()))
    assert "正在准备页面" in answer.content.decode()
    assert queries.redactions(DraftFile.objects.get().draft) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_more_marks(
    at, attachment, count, django_assert_max_num_queries
):
    client = at("组织干事")
    for left in range(count):
        act(client, "mark", attachment, DRAWN | {"left": str(left)})
    with django_assert_max_num_queries(24):
        client.get(where("redact", attachment))
