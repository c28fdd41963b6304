"""A sheet is photographed where there is no network; the telephone sends it once there is one."""

import io

import pytest
from PIL import Image
from tests import axe
from tests.procedure.editions import PUBLIC, disclosure_of, opened, planned, sealed

from gongkai.procedure.publication.models import Evidence, Posting

from .conftest import entered

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def taken() -> dict:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "gray").save(made, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_a_photograph_waits_for_the_network_and_is_sent(qingxi, officer, site, home, browser):
    item = disclosure_of(qingxi, title="关于水利设施的决定")
    opened(sealed(item, plan=planned(PUBLIC), channels=["wall"]))
    row = Posting.objects.get()
    address = f"{site}/desk/postings/{row.pk}/photo/"
    session = entered(officer("组织干事")).cookies["gongkai_session"].value
    with browser.new_context(locale="zh-CN", viewport=PHONE) as context:
        context.add_cookies([{"name": "gongkai_session", "value": session, "url": site}])
        page, complaints = context.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.locator("main[data-ready=yes][data-kept=yes]").wait_for()
        assert axe.complaints(page, [390, 320]) == []
        context.set_offline(True)
        page.set_input_files("input[type=file]", taken())
        page.get_by_role("button", name="送出照片").click()
        page.get_by_text("存在手机里，等网络").wait_for()
        page.goto(address)
        page.get_by_text("现在没有网络").wait_for()
        page.get_by_text("存在手机里，等网络").wait_for()
        page.close()
        assert Evidence.objects.count() == 0
        context.set_offline(False)
        again = context.new_page()
        again.goto(address)
        again.get_by_text("收下了，已登记证实").wait_for()
        assert complaints == []
    row.refresh_from_db()
    assert (row.state, Evidence.objects.count()) == ("confirmed", 1)
