"""What the checks found is put under its mask wherever it stands, and nothing else is touched."""

import io
import json

import pytest
from tests.foundation.files.made import picture
from tests.procedure.review.checks.reader import told

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files.intake import keep
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft, DraftFile, Revision, TextMask
from gongkai.procedure.review import checking, masking
from gongkai.procedure.review.masks import MASKS

NUMBER, MOBILE = "11010519491231002X", "13800132046"
TABLE = (
    "<table><caption>名单</caption><thead><tr><th>姓名</th><th>电话</th></tr></thead>"
    "<tbody><tr><td>甲</td><td>138<strong>0013</strong>2046</td></tr></tbody></table>"
)


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        (f"<p>号码{NUMBER}。</p>", "<p>号码1****************X。</p>"),
        (
            "<p>见<strong>138</strong>0013<em>2046</em>后</p>",
            "<p>见<strong>138****2046</strong>后</p>",
        ),
        (TABLE, TABLE.replace("138<strong>0013</strong>2046", "138****2046")),
        (
            f'<p>电话<a href="tel:{MOBILE}" rel="nofollow noopener noreferrer">{MOBILE}</a>，'
            '<a href="https://example.cn/" rel="nofollow noopener noreferrer">网站</a></p>',
            '<p>电话138****2046，<a href="https://example.cn/" rel="nofollow noopener noreferrer">'
            "网站</a></p>",
        ),
        (
            '<p><a href="mailto:jia@qq.com" rel="nofollow noopener noreferrer">写信</a></p>',
            "<p>写信</p>",
        ),
        (
            f'<figure><img alt="{MOBILE}的单子" src="/files/0000000000/0123456789abcdef.png">'
            "</figure>",
            '<figure><img alt="138****2046的单子" src="/files/0000000000/0123456789abcdef.png">'
            "</figure>",
        ),
        ("<p>1 &lt; 2&nbsp;京AB1234，京A·B1234</p>", "<p>1 &lt; 2\u00a0京A***34，京A***34</p>"),
        ("<p>住青溪镇石桥村三组12号。</p>", "<p>住青溪镇…。</p>"),
        ("<ul><li>138001</li><li>32046</li></ul>", "<ul><li>138001</li><li>32046</li></ul>"),
    ],
)
def test_a_body_is_covered_and_nothing_is_found_in_it_again(body, masked):
    found = [each for each in told(body) if each.kind in MASKS]
    assert masking.covered(body, found) == masked
    assert [each.kind for each in told(masked) if each.kind in MASKS] == []


@pytest.fixture
def mask(who):
    """``mask(draft, "mobile")``: all of these kinds, found now, masked by 组织干事."""

    def act(draft, *kinds, edits=None, reason="person"):
        charter = charter_of(draft.disclosure.organisation)[1]
        files = list(DraftFile.objects.filter(draft=draft).select_related("file").order_by("pk"))
        found = checking.read(draft, files, charter).findings
        return masking.mask(
            draft=draft,
            officer=who("组织干事"),
            edits=draft.edits if edits is None else edits,
            charter=charter,
            files=files,
            chosen=[each for each in found if each.kind in kinds],
            reason=reason,
        )

    return act


@pytest.mark.django_db
def test_one_act_changes_text_table_title_and_names_and_is_registered(begun, who, mask, home):
    draft = begun(title=f"关于{NUMBER}的决定", body=f"<p>{NUMBER}，{MOBILE}。</p>\n{TABLE}")
    file = keep(io.BytesIO(picture()), "图.png")
    proposals.attach(
        draft=draft, officer=who("组织干事"), file=file, title=f"甲{NUMBER}乙{MOBILE}.png"
    )
    before = draft.body
    mask(draft, "identity")
    draft.refresh_from_db()
    assert (draft.title, draft.edits) == ("关于1****************X的决定", 1)
    assert draft.disclosure.title == "关于1****************X的决定"
    assert draft.body.startswith(f"<p>1****************X，{MOBILE}。</p>")
    assert DraftFile.objects.get().title == f"甲1****************X乙{MOBILE}"
    first, second = Revision.objects.order_by("edits")
    assert (first.kind, first.body, second.kind, second.body) == (
        "saved", before, "masked", draft.body,
    )  # fmt: skip
    row = TextMask.objects.get()
    assert (row.kind, row.masked, row.reason, row.post, row.edits) == (
        "identity", "1****************X", "person", "组织干事", 1,
    )  # fmt: skip
    assert [place["part"] for place in row.places] == ["field", "body", "title"]
    assert NUMBER not in json.dumps(row.places)
    act = Act.objects.get(verb="draft.mask")
    assert act.facts == {
        "post": "组织干事",
        "draft": 1,
        "edits": 1,
        "masked": {"identity": 3},
        "reasons": ["person"],
    }
    mask(draft, "mobile")
    draft.refresh_from_db()
    assert (draft.edits, MOBILE in draft.body, "0013" in draft.body) == (2, False, False)


@pytest.mark.django_db
def test_nobodys_words_are_lost_to_a_mask(begun, who, mask):
    draft = begun(body=f"<p>{MOBILE}</p>")
    seen = draft.edits
    proposals.autosave(draft=draft, officer=who("组织干事"), edits=seen, body=f"<p>甲{MOBILE}</p>")
    draft.refresh_from_db()
    with pytest.raises(Conflict):
        mask(draft, "mobile", edits=seen)
    mask(draft, "mobile")
    bodies = list(Revision.objects.order_by("edits").values_list("kind", "body"))
    assert bodies == [
        ("saved", f"<p>{MOBILE}</p>"),
        ("automatic", f"<p>甲{MOBILE}</p>"),
        ("masked", "<p>甲138****2046</p>"),
    ]


@pytest.mark.django_db
def test_what_cannot_be_masked_is_refused(begun, mask):
    draft = begun(body=f"<p>{MOBILE}，患有白血病。</p>")
    for kinds, reason, sentence in [
        (("illness",), "person", "这些内容已经不在稿子里了。请看最新的检查结果。"),
        (("mobile",), "whim", "请选遮盖的理由。"),
    ]:
        with pytest.raises(Refused) as refusal:
            mask(draft, *kinds, reason=reason)
        assert refusal.value.obstacles == [sentence]
    assert (Draft.objects.get().edits, TextMask.objects.count()) == (0, 0)
