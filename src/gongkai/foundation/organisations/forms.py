"""What an administrator fills in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.organisations.models import Member, Post, Tenure
from gongkai.foundation.organisations.roster import LARGEST_FILE
from gongkai.foundation.organisations.rules import LONGEST_NAME
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.foundation.ui.fields import offer_rows, uploaded

if TYPE_CHECKING:
    Choice = forms.ModelChoiceField[Member]
    Held = forms.ModelChoiceField[Tenure]
else:
    Choice = Held = forms.ModelChoiceField  # takes no parameter when it runs

P = ParamSpec("P")
T = TypeVar("T")
MOST_CHOICES = 20
"""How many people a choice shows; a longer list is narrowed by name first."""


def attempt(form: forms.Form, verb: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What ``verb`` returns; none when it refused, and then ``form`` says why."""
    try:
        return verb(*args, **kwargs)
    except Refused as refused:
        for obstacle in refused.obstacles:
            form.add_error(None, obstacle)
    except Conflict:
        form.add_error(None, _("别人刚刚改过。请看最新的情况，再做一次。"))
    return None


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, picked or typed as 2026-11-23."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **more)


class PersonField(Choice):
    """One of the members found; two of the same name are told apart by their user names."""

    widget = forms.RadioSelect

    def label_from_instance(self, obj: Member) -> str:
        """The name, with the user name behind it."""
        if obj.account is None:
            return obj.name
        return _("%(name)s（%(username)s）") % {"name": obj.name, "username": obj.account.username}


class AppointForm(forms.Form):
    """Who takes a post, and from when."""

    member = PersonField(Member.objects.none(), label=gettext_lazy("由谁担任"), empty_label=None)
    since = day_field(gettext_lazy("从哪天起"))
    until = day_field(
        gettext_lazy("到哪天为止"),
        required=False,
        help_text=gettext_lazy("包括这一天。还不知道就空着。"),
    )

    def __init__(self, *args: Any, people: Any, held: bool, **kwargs: Any) -> None:
        """``people``: the members to choose from; ``held``: somebody hands the post over."""
        super().__init__(*args, **kwargs)
        offer_rows(self, "member", people)
        if held:
            del self.fields["until"]


class EndForm(forms.Form):
    """The last day of a tenure."""

    on = day_field(gettext_lazy("最后一天"), help_text=gettext_lazy("包括这一天。"))


class HeldField(Held):
    """One of the posts held, with who holds it."""

    def label_from_instance(self, obj: Tenure) -> str:
        """Post and holder."""
        return _("%(post)s（%(name)s）") % {"post": obj.post.name, "name": obj.member.name}


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who acts on their turns."""

    tenure = HeldField(Tenure.objects.none(), label=gettext_lazy("谁外出"), empty_label=None)
    deputy = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("由哪个岗位代行"),
        empty_label=None,
        help_text=gettext_lazy("担任那个岗位的人代办审核和盖章，写明是代行。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("事由"), choices=AbsenceKind.choices)
    since = day_field(gettext_lazy("从哪天起"))
    until = day_field(
        gettext_lazy("到哪天为止"), help_text=gettext_lazy("包括这一天。过了这一天，代行自己结束。")
    )

    def __init__(self, *args: Any, tenures: Any, deputies: Any, **kwargs: Any) -> None:
        """``tenures``: those whose holder may be registered; ``deputies``: posts that are held."""
        super().__init__(*args, **kwargs)
        offer_rows(self, "tenure", tenures)
        offer_rows(self, "deputy", deputies)


class MemberForm(forms.Form):
    """A person."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=LONGEST_NAME)
    party = forms.BooleanField(label=gettext_lazy("党员"), required=False)


class AccountForm(forms.Form):
    """What somebody signs in with."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("登录时填它。可以用汉字、字母和数字，不能有空格。"),
    )
    email = forms.EmailField(
        label=gettext_lazy("电子邮箱"),
        required=False,
        help_text=gettext_lazy("填了，就把设定密码的链接也寄一份去。"),
    )


class LeaveForm(forms.Form):
    """The first day without membership."""

    on = day_field(
        gettext_lazy("从哪天起不再是成员"),
        help_text=gettext_lazy("担任的岗位到前一天为止，账号从这一天起不能登录。"),
    )


class RosterForm(forms.Form):
    """A roster to bring in."""

    file = forms.FileField(
        label=gettext_lazy("填好的名册（.xlsx）"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"empty": gettext_lazy("这个文件是空的。请选填好的名册。")},
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, no more than a roster may have."""
        return uploaded(self, "file", LARGEST_FILE)
