"""What allauth asks us: nobody signs up, and an account opens only for a member of today."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries
from gongkai.foundation.organisations.models import Account

DESK, MEMBERS_ROOM = "/desk/", "/members/"
"""Reserved addresses; their routes stand above this app. The desk is for post holders alone."""


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator, for members, and end with the membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """The account, when the password fits and it stands for a member of today.

        The reason for a refusal is told only to whoever knows the password.
        """
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None and account.is_active and queries.member_of(account) is None:
            raise forms.ValidationError(
                _("密码对，但这个账号现在不属于任何成员：可能已登记为离开。请找本单位管理员。")
            )
        return account

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for whoever holds a post today, the members' room for the others."""
        member = queries.member_of(cast(Account, request.user))
        if member and queries.officer_of(member, queries.today(member.organisation)).posts:
            return DESK
        return MEMBERS_ROOM

    def format_email_subject(self, subject: str) -> str:
        """The subject alone: a host name before it says nothing to the reader."""
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link for a letter: at the office's public address, whatever host was asked."""
        return link_address(*key.split("-", 1))


def link_address(account: str, key: str) -> str:
    """The whole address of a one-time link, from what ``workflow.make_link`` returns."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": account, "key": key})
    return f"{settings.OFFICE_URL}{path}"
