"""What a reviewer fills in, and whoever is asked: opinions, questions, comments in the text."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.organisations.models import Post
from gongkai.foundation.ui.fields import offer, offer_rows
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.review import rules as review
from gongkai.procedure.review import turns
from gongkai.procedure.review.states import Advice


class AskForm(forms.Form):
    """The posts asked for their opinion beside the stages, and what they are asked."""

    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(),
        label=gettext_lazy("请哪些岗位会签"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选至少一个岗位")},
    )
    text = forms.CharField(
        label=gettext_lazy("请他们看什么"),
        max_length=turns.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, posts: Any, **more: Any) -> None:
        """``posts``: those that somebody holds."""
        super().__init__(*args, **more)
        offer_rows(self, "posts", posts)


class AdviseForm(forms.Form):
    """What a post that was asked says."""

    advice = forms.ChoiceField(
        label=gettext_lazy("会签意见"), choices=Advice.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy("建议修改的，写明哪里要改；不同意的，写明理由。"),
        max_length=turns.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class ReferForm(forms.Form):
    """Why something outside the catalogue should be disclosed, for the superior to read."""

    text = forms.CharField(
        label=gettext_lazy("为什么要公开"),
        help_text=gettext_lazy("上级只看到送审稿、附件和这几句话。"),
        max_length=turns.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class PriorForm(forms.Form):
    """What the superior says to a request from below."""

    decision = forms.ChoiceField(
        label=gettext_lazy("批准意见"),
        choices=(
            ("approve", gettext_lazy("同意公开")),
            ("refuse", gettext_lazy("不同意公开")),
        ),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy("不同意的，写明理由，报批的单位会看到。"),
        max_length=turns.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class RemarkForm(forms.Form):
    """A comment at a place in the text; the script fills in what was selected there."""

    block = forms.TypedChoiceField(label=gettext_lazy("哪一段"), coerce=int)
    quote = forms.CharField(
        label=gettext_lazy("哪几个字"),
        help_text=gettext_lazy("照原文写，或者在正文里选中。空着就是指整段。"),
        max_length=review.QUOTE_LIMIT,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("怎么改"),
        max_length=turns.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("请写明这里要怎么改")},
    )

    def __init__(self, *args: Any, texts: Sequence[str], **more: Any) -> None:
        """``texts``: the text of each block, of which the choice shows the beginning."""
        super().__init__(*args, **more)
        said = _("第%(n)s段：%(text)s")
        told = [(n, said % {"n": n, "text": offered(text)}) for n, text in enumerate(texts, 1)]
        offer(self, "block", told)


def offered(text: str, most: int = 24) -> str:
    """How a block begins, without personal numbers."""
    shown = masked(text)
    return shown if len(shown) <= most else _("%(start)s…") % {"start": shown[:most]}
