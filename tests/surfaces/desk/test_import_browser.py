"""Many files in a real browser: a bar for each, one bad one alone, the keyboard, and no script."""

import pytest
from django.urls import reverse
from tests.foundation.files import made

from gongkai.procedure.imports import jobs
from gongkai.procedure.imports.models import Import

from .conftest import entered

pytestmark = pytest.mark.browser
FILES = [
    {"name": "一.docx", "mimeType": "", "buffer": made.docx("关于水渠的通知", "从周一开始。")},
    {"name": "动图.gif", "mimeType": "", "buffer": b"GIF89a\0\0"},
    {"name": "大.pdf", "mimeType": "", "buffer": b"x" * 3_000_000},
]
DROP = """zone => {
    const data = new DataTransfer()
    data.items.add(new File(['第三条渠\\n清理完了。'], '拖来的.txt'))
    zone.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))
}"""


@pytest.mark.parametrize("script", [True, False])
def test_files_come_in_one_by_one(script, walk, officer, site, browser, settings):
    settings.UPLOAD_LIMIT = 2 * 1024 * 1024
    item, session = walk(), entered(officer("组织干事")).cookies["gongkai_session"].value
    with browser.new_context(java_script_enabled=script, locale="zh-CN") as context:
        context.add_cookies([{"name": "gongkai_session", "value": session, "url": site}])
        page = context.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}{reverse('desk:imports')}?for={item.address}")
        page.set_input_files("#id_files", FILES)
        page.get_by_role("button", name="传上来").press("Enter")
        if script:
            page.get_by_text("传完了：收下1个，没有收下2个。").wait_for()
            page.locator(".drop__zone").evaluate(DROP)
            page.get_by_text("传完了：收下2个，没有收下2个。").wait_for()
            page.get_by_role("button", name="再传一次").nth(1).press("Enter")
            page.get_by_text("超过2 MB，没有传。").wait_for()
        else:
            page.get_by_text("“一.docx”收下了，正在读。").wait_for()
        names = ["一.docx", "拖来的.txt"][: 2 if script else 1]
        assert sorted(Import.objects.values_list("name", flat=True)) == sorted(names)
        for row in Import.objects.all():
            jobs.read_in.call(row.pk)
        page.goto(f"{site}{reverse('desk:imports')}?for={item.address}")
        page.get_by_role("link", name="一.docx").press("Enter")
        page.get_by_role("button", name="接在草稿正文后面").press("Enter")
        page.get_by_text("已放进草稿").wait_for()
        assert complaints == []
    item.draft.refresh_from_db()
    assert item.draft.body.endswith("<p>从周一开始。</p>")
