"""What can keep a letter from going out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Carrier(models.TextChoices):
    """By what a letter goes (寄送方式)."""

    MAIL = "mail", _("邮件")
    TEXT = "text", _("短信")


class Trouble(models.TextChoices):
    """Why a letter did not go out (没有寄出的原因), in words for an administrator."""

    UNREACHABLE = "unreachable", _("连不上邮件服务器。请检查 mail_url 和网络。")
    LOCKED_OUT = "locked-out", _("邮件服务器不认用户名或密码。请检查 mail_url。")
    SENDER = "sender", _("邮件服务器不收这个发信地址。请检查 mail_from。")
    RECIPIENT = "recipient", _("邮件服务器不收这个收信地址。请核对邮箱。")
    NUMBER = "number", _("短信网关不收这个号码。请核对手机号。")
    GATEWAY = "gateway", _("短信网关没有收下。请检查 sms_url、sms_secret 和网关的记录。")
    OTHER = "other", _("邮件服务器没有收下。请看服务器的记录。")


PERMANENT = frozenset({Trouble.RECIPIENT, Trouble.NUMBER})
"""Waiting does not help against these."""
