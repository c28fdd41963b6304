"""词表: the words that the checks look for, kept by the administrator."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.organisations.doors import ADMINISTRATOR, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.fields import uploaded
from gongkai.procedure.review import queries, wordlist, workflow
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.states import WordKind
from gongkai.procedure.review.word_rules import INSTEAD_LIMIT, WORD_LIMIT
from gongkai.surfaces.desk.views.common import form_page, posted


class WordForm(forms.Form):
    """One row of the list."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=WordKind.choices)
    word = forms.CharField(
        label=gettext_lazy("词"),
        max_length=WORD_LIMIT,
        help_text=gettext_lazy("要找的字，2个字以上。领导人写姓名。"),
        error_messages={"required": gettext_lazy("请写要找的词")},
    )
    instead = forms.CharField(
        label=gettext_lazy("职务，或者建议的写法"),
        max_length=INSTEAD_LIMIT,
        required=False,
        help_text=gettext_lazy("领导人写现任职务；写错的词写正确的；慎用词可以空着。"),
    )


class WordsFileForm(forms.Form):
    """A list to bring in."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("词表文件（.txt或者.csv）"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".txt,.csv"}),
        help_text=gettext_lazy(
            "一行一条：种类、词、建议，用逗号或者制表符隔开。种类写领导人、慎用词或者错词。"
            "已经有的词按文件改，文件里没有的不动。"
        ),
        error_messages={"required": gettext_lazy("请选词表文件")},
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, no more than a list may have."""
        return uploaded(self, "file", wordlist.LARGEST)


@door(ADMINISTRATOR)
@form_page
def listed(request: Seated) -> HttpResponse:
    """The list, and a form for one more row; a row that is there already is changed."""
    form = WordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        row = Listed(**form.cleaned_data)
        officer = request.acting
        made = attempt(
            form,
            workflow.change_words,
            organisation=officer.organisation,
            officer=officer,
            add=[row],
        )
        if made is not None:
            messages.success(request, _("词表上写好了“%(word)s”。") % {"word": row.word})
            return redirect("desk:words")
    return _page(request, form, WordsFileForm())


@door(ADMINISTRATOR)
@require_POST
def remove(request: Seated) -> HttpResponse:
    """Take one row off the list."""
    row = Listed(str(request.POST.get("kind", "")), str(request.POST.get("word", "")))
    officer = request.acting
    _added, gone = workflow.change_words(
        organisation=officer.organisation, officer=officer, remove=[row]
    )
    if gone:
        messages.success(request, _("从词表上去掉了“%(word)s”。") % {"word": row.word})
    return redirect("desk:words")


@door(ADMINISTRATOR)
@require_POST
def bring_in(request: Seated) -> HttpResponse:
    """Take in a file: its rows are added, or changed to what it says."""
    form, officer = WordsFileForm(request.POST, request.FILES), request.acting
    if form.is_valid() and (rows := attempt(form, wordlist.read, form.cleaned_data["file"])):
        made = attempt(
            form,
            workflow.change_words,
            organisation=officer.organisation,
            officer=officer,
            add=rows,
        )
        if made is not None:
            told = _("读入%(rows)s条，新写或者改了%(made)s条。")
            messages.success(request, told % {"rows": len(rows), "made": made[0]})
            return redirect("desk:words")
    return _page(request, WordForm(), form)


@door(ADMINISTRATOR)
@require_safe
def export(request: Seated) -> HttpResponse:
    """The list as a .csv."""
    data = wordlist.written(queries.word_list(request.acting.organisation))
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="words.csv"'
    return answer


def _page(request: Seated, form: WordForm, file: WordsFileForm) -> HttpResponse:
    context = {
        "form": form,
        "file": file,
        "rows": queries.word_list(request.acting.organisation),
    }
    refused = form.is_bound or file.is_bound
    return render(request, "desk/words.html", context, status=422 if refused else 200)
