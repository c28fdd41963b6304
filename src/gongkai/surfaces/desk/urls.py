"""Routes under /desk/."""

from django.urls import path

import gongkai.procedure.feedback.urls  # noqa: F401, registers the converter "address"
from gongkai.surfaces.desk.views import (
    audit,
    cases,
    checking,
    coverage,
    duties,
    importing,
    items,
    lists,
    publishing,
    redacting,
    reports,
    reviewing,
    revising,
    seals,
    words,
    writing,
)

ITEM = "i/<address:address>/"

app_name = "desk"
urlpatterns = [
    path("", lists.inbox, name="inbox"),
    path("step/<slug:step>/", lists.step, name="step"),
    path("catalogue/", lists.catalogue, name="catalogue"),
    # 公开任务
    path("duties/", duties.listed, name="duties"),
    path("duties/calendar/", duties.months, name="months"),
    path("duties/report/", duties.choose_report, name="choose-report"),
    path("duties/report/<str:code>/", duties.report, name="report"),
    path("duties/<int:key>/", duties.duty, name="duty"),
    path("duties/<int:key>/waive/", duties.waive, name="waive-duty"),
    path("duties/<int:key>/reinstate/", duties.reinstate, name="reinstate-duty"),
    path("duties/<int:key>/confirm/", duties.confirm, name="confirm-duty"),
    # 改目录
    path("catalogue/add/", revising.entry, name="entry-add"),
    path("catalogue/entries/<str:code>/", revising.entry, name="entry"),
    path("catalogue/entries/<str:code>/retire/", revising.retire, name="entry-retire"),
    path("catalogue/sheet/", revising.sheet, name="catalogue-sheet"),
    path("catalogue/catalogue.xlsx", revising.export, name="catalogue-export"),
    path("catalogue/revisions/", revising.revisions, name="revisions"),
    path("catalogue/revisions/<int:key>/", revising.revision, name="revision"),
    path("catalogue/revisions/<int:key>/<slug:verb>/", revising.act, name="revision-act"),
    # 词表
    path("words/", words.listed, name="words"),
    path("words/remove/", words.remove, name="words-remove"),
    path("words/import/", words.bring_in, name="words-import"),
    path("words/words.csv", words.export, name="words-export"),
    # 提出内容
    path("new/", writing.choose, name="new"),
    path("new/<str:code>/", writing.write, name="write"),
    path("new/<str:code>/from/<slug:key>/", checking.begin, name="begin-from"),
    path(f"{ITEM}edit/", writing.edit, name="edit"),
    path(f"{ITEM}check/", checking.check, name="check"),
    path(f"{ITEM}files/", writing.attach, name="attach"),
    path(f"{ITEM}files/<int:key>/remove/", writing.detach, name="detach"),
    path(f"{ITEM}files/<int:key>/redact/", redacting.redact, name="redact"),
    path(f"{ITEM}files/<int:key>/redact/mark/", redacting.mark, name="redact-mark"),
    path(f"{ITEM}files/<int:key>/redact/find/", redacting.find, name="redact-find"),
    path(f"{ITEM}files/<int:key>/redact/unmark/", redacting.unmark, name="redact-unmark"),
    path(f"{ITEM}files/<int:key>/redact/make/", redacting.make, name="redact-make"),
    path(f"{ITEM}files/<int:key>/redact/restore/", redacting.restore, name="redact-restore"),
    path(f"{ITEM}files/<int:key>/redact/<str:name>", redacting.picture, name="redact-picture"),
    path(f"{ITEM}submit/", writing.submit, name="submit"),
    path(f"{ITEM}drop/", writing.drop, name="drop"),
    path(f"{ITEM}recall/", writing.recall, name="recall"),
    # 读入文件
    path("import/", importing.imports, name="imports"),
    path("import/<int:key>/", importing.one, name="import"),
    path("import/<int:key>/file/", importing.original, name="import-file"),
    path("import/<int:key>/read/", importing.read, name="import-read"),
    path("import/<int:key>/read/<int:part>/", importing.read, name="import-read-part"),
    path("import/<int:key>/read/<str:name>", importing.piece, name="import-read-piece"),
    # 一件
    path(ITEM, items.item, name="item"),
    path(f"{ITEM}files/<int:key>/", items.draft_file, name="draft-file"),
    path(f"{ITEM}files/<int:key>/read/", items.read_draft_file, name="draft-read"),
    path(f"{ITEM}files/<int:key>/read/<int:part>/", items.read_draft_file, name="draft-read-part"),
    path(f"{ITEM}files/<int:key>/read/<str:name>", items.draft_piece, name="draft-read-piece"),
    path(f"{ITEM}changes/<int:draft>/<int:round>/", items.changes, name="changes"),
    path(f"{ITEM}editions/<int:number>/", items.edition, name="edition"),
    path(f"{ITEM}editions/<int:number>/approval.pdf", seals.sheet, name="approval"),
    path(f"{ITEM}editions/<int:number>/<str:filename>", items.edition_file, name="edition-file"),
    # 审核确定
    path(f"{ITEM}pass/", reviewing.pass_stage, name="pass"),
    path(f"{ITEM}return/", reviewing.send_back, name="return"),
    path(f"{ITEM}clear/<str:code>/", reviewing.clear, name="clear"),
    path(f"{ITEM}seal/", reviewing.seal, name="seal"),
    # 实施公开
    path(f"{ITEM}schedule/", publishing.schedule, name="schedule"),
    path(f"{ITEM}releases/<int:key>/move/", publishing.move, name="move"),
    path(f"{ITEM}releases/<int:key>/cancel/", publishing.cancel, name="cancel"),
    path(f"{ITEM}correct/", publishing.correct, name="correct"),
    path(f"{ITEM}withdraw/", publishing.withdraw, name="withdraw"),
    path(f"{ITEM}erase/", publishing.ask_erasure, name="erase"),
    path(f"{ITEM}erase/confirm/", publishing.confirm_erasure, name="confirm-erasure"),
    # 阅读确认
    path(f"{ITEM}readings/", items.readings, name="readings"),
    # 归档管理
    path(f"{ITEM}file/", publishing.file, name="file"),
    # 处理反馈
    path("case/<slug:number>/", cases.case, name="case"),
    path("case/<slug:number>/assign/", cases.assign, name="assign"),
    path("case/<slug:number>/answer/", cases.answer, name="answer"),
    path("case/<slug:number>/approve/", cases.approve, name="approve"),
    path("case/<slug:number>/return/", cases.send_back, name="return-answer"),
    # 监督检查
    path("coverage/", coverage.organisations, name="coverage"),
    path("coverage/<slug:slug>/", coverage.organisation, name="coverage-of"),
    path("reports/", reports.listed, name="reports"),
    path("reports/new/", reports.new, name="new-report"),
    path("reports/<int:key>/", reports.report, name="office-report"),
    path("reports/<int:key>/report.pdf", reports.paper, name="report-paper"),
    path("reports/<int:key>/edit/", reports.edit, name="edit-report"),
    path("reports/<int:key>/<slug:verb>/", reports.act, name="report-act"),
    path("audit/", audit.acts, name="audit"),
    path("audit/acts.csv", audit.export, name="audit-export"),
    path("seals/", seals.register, name="seals"),
    path("seals/seals.csv", seals.export, name="seals-export"),
    path("damages/", audit.damages, name="damages"),
    path("refusals/", audit.refusals, name="refusals"),
]
