"""How what is published is handed on, how that stands, and what can be in the way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Carrier(models.TextChoices):
    """By what it is carried (推送方式)."""

    WEBHOOK = "webhook", _("给别的系统（webhook）")
    MESSENGER = "messenger", _("发到工作群")


class Service(models.TextChoices):
    """The messengers whose groups can be written to (群消息平台); each has one fixed host."""

    WECOM = "wecombot", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    LARK = "lark", _("Lark群机器人")


class Template(models.TextChoices):
    """What a message says (消息格式). A closed set: no channel has words of its own."""

    LINE = "line", _("标题和链接")
    FACTS = "facts", _("标题、类别、日期和链接")


class HookState(models.TextChoices):
    """How a hook stands (推送状态)."""

    ON = "on", _("在送")
    STOPPED = "stopped", _("停了")
    GIVEN_UP = "given-up", _("一天送不到，不再试")


class Trouble(models.TextChoices):
    """Why something was not taken (没有送到的原因), in words for whoever set it up."""

    UNREACHABLE = "unreachable", _("连不上对方。请核对地址，再问对方的系统是否开着。")
    SLOW = "slow", _("对方10秒内没有回答。请对方先收下再处理。")
    INSIDE = "inside", _("这个地址通向内部网络，不送。确实要送，请管理员设置HOOKS_INSIDE。")
    CERTIFICATE = "certificate", _("对方的证书不对。请对方换上有效的证书。")
    MOVED = "moved", _("对方要我们转到别的地址，不跟。请把地址改成最后那一个。")
    DECLINED = "declined", _("对方不收。请对方查看它的记录：签名、权限、地址。")
    FAILING = "failing", _("对方的系统出错。请对方查看它的记录。")
    MESSENGER = "messenger", _("群机器人没有收下。请核对机器人还在不在、密钥对不对。")
    MISSING = "missing", _("这台机器没有装群消息的程序。请安装 gongkai[messengers]，再重启。")
