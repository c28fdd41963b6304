"""The five steps 五步 as the desk names them, in their order."""

from django.utils.translation import gettext_lazy

PROPOSE, REVIEW, PUBLISH, FEEDBACK, ARCHIVE = (
    "propose",
    "review",
    "publish",
    "feedback",
    "archive",
)

NAMES = {
    PROPOSE: gettext_lazy("提出内容"),
    REVIEW: gettext_lazy("审核确定"),
    PUBLISH: gettext_lazy("实施公开"),
    FEEDBACK: gettext_lazy("处理反馈"),
    ARCHIVE: gettext_lazy("归档管理"),
}
