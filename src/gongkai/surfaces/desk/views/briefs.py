"""简报: the issues of the brief, one of them, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act as Recorded
from gongkai.foundation.ledger.queries import history
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.board import addresses, houses
from gongkai.surfaces.channels.briefs import jobs, queries, rules, sheet, workflow
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.states import BriefState
from gongkai.surfaces.desk import briefing, story
from gongkai.surfaces.desk.forms import SendBackForm, SureForm
from gongkai.surfaces.desk.views.common import form_page, posted
from gongkai.surfaces.desk.views.verbs import Place, Verb, perform
from gongkai.surfaces.members.downloads import handed_out

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door(OFFICER)
@require_safe
def listed(request: Seated) -> HttpResponse:
    """Every issue, newest first; 404 for who neither writes, seals nor supervises."""
    charter = _charter(request)
    organisation = request.acting.organisation
    context = {
        "rows": [(each, briefing.title(each, charter)) for each in queries.briefs(organisation)],
        "begin": Act(
            _("编一期新的"),
            reverse("desk:new-brief"),
            rules.draft_obstacles(organisation, request.acting, charter),
        ),
        "zone": organisation.zone,
    }
    return render(request, "desk/briefs.html", context)


@door(OFFICER)
@form_page
def new(request: Seated) -> HttpResponse:
    """For whom, and of which days; what opened in them is gathered by the system."""
    charter = _charter(request)
    scopes = rules.scopes_of(charter)
    form = briefing.NewForm(posted(request), scopes=scopes, today=request.today)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, workflow.draft, officer=request.acting, **form.cleaned_data)
        if made is not None:
            return redirect("desk:edit-brief", made.pk)
    obstacles = rules.draft_obstacles(request.acting.organisation, request.acting, charter)
    context = {
        "heading": _("编一期新的简报"),
        "lead": _("这些天里公开的、渠道里有简报的内容会都收进来，再由您取舍、排序、写导语。"),
        "form": form,
        "act": Act(_("开始编"), obstacles=obstacles),
        "back": reverse("desk:briefs"),
        "crumbs": _crumbs(),
    }
    return render(request, "desk/brief_form.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@require_safe
def brief(request: Seated, key: int) -> HttpResponse:
    """One issue: lead, items, what the checks found, what can be done."""
    charter, found = _found(request, key)
    facts = queries.facts(found)
    sealed = found.state == BriefState.SEALED
    gone = queries.gone_from(found, facts) if sealed and facts else frozenset()
    shown = briefing.sealed(found, facts, gone) if sealed and facts else briefing.in_hand(found)
    zone = found.organisation.zone
    context = {
        "brief": found,
        "sealed": sealed,
        "readers": charter.scope(found.scope).name if _known(charter, found) else "",
        "title": briefing.title(found, charter),
        "lead": facts.get("lead", ""),
        "items": shown if not found.erased_at else [],
        "told": facts.get("told", []),
        "gone": bool(gone),
        "findings": [] if sealed else queries.findings(found, charter),
        "acts": _acts(request, found, charter, gone),
        "story": story.events(_history(found), story.Names({}, zone)),
        "crumbs": _crumbs(),
        "zone": zone,
    }
    return render(request, "desk/brief.html", context)


@door(OFFICER)
@require_safe
def paper(request: Seated, key: int) -> HttpResponseBase:
    """The PDF: as it was sealed; a draft, composed now, before."""
    _charter_in_force, found = _found(request, key)
    if found.paper is not None:
        return handed_out(found.paper.digest, _name(request, found, "pdf"))
    return _composed(request, found, lambda: sheet.printed(found), PDF, "pdf")


@door(OFFICER)
@require_safe
def word(request: Seated, key: int) -> HttpResponseBase:
    """The .docx: as it was made at the seal; a draft before."""
    _charter_in_force, found = _found(request, key)
    if found.word is not None:
        return handed_out(found.word.digest, _name(request, found, "docx"))
    from gongkai.surfaces.channels.briefs import word as words

    return _composed(request, found, lambda: words.document(found), DOCX, "docx")


@door(OFFICER)
@form_page
def edit(request: Seated, key: int) -> HttpResponse:
    """The lead; which items, in which order, how much of each."""
    _charter_in_force, found = _found(request, key)
    form = briefing.ContentsForm(posted(request), brief=found)
    if request.method == "POST" and form.is_valid():
        said = {"lead": form.cleaned_data["lead"], "chosen": form.chosen}
        if attempt(form, workflow.edit, brief=found, officer=request.acting, **said):
            messages.success(request, _("已保存。"))
            return redirect("desk:brief", key)
    context = {
        "form": form,
        "act": Act(_("保存"), obstacles=rules.edit_obstacles(found, request.acting)),
        "back": reverse("desk:brief", args=[key]),
        "crumbs": _crumbs(found, _title(request, found)),
    }
    return render(request, "desk/brief_edit.html", context, status=422 if form.errors else 200)


@door(OFFICER)
@form_page
def circulate(request: Seated, key: int) -> HttpResponse:
    """Whom to write to."""
    _charter_in_force, found = _found(request, key)
    form = briefing.CirculateForm(posted(request), brief=found)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        done = attempt(
            form,
            workflow.circulate,
            brief=found,
            officer=request.acting,
            posts=asked["posts"],
            addresses=asked.get("addresses", []),
        )
        if done is not None:
            messages.success(request, _("信已经交去寄送，共%(n)s封。") % {"n": done.letters})
            return redirect("desk:brief", key)
    obstacles = () if form.errors else rules.circulate_obstacles(found, request.acting)
    context = {
        "heading": _("分送"),
        "lead": _("寄一封信，告诉读者出了这一期、到哪里看。只给成员看的，信里没有标题。"),
        "form": form,
        "act": Act(_("寄出"), obstacles=obstacles),
        "back": reverse("desk:brief", args=[key]),
        "crumbs": _crumbs(found, _title(request, found)),
    }
    return render(request, "desk/brief_form.html", context, status=422 if form.errors else 200)


# -- acts ------------------------------------------------------------------------------------------


def _proposed(*, brief: Brief, **asked: Any) -> Brief:
    """Handed over only when it can be printed: what cannot be set is found now."""
    if not rules.contents_obstacles(brief):
        sheet.printed(brief)
    return workflow.propose(brief=brief, **asked)


def _again(*, brief: Brief, **_asked: Any) -> Brief:
    workflow.try_again(brief=brief)
    jobs.requeue(clock.now())
    return brief


def _sealed(**asked: Any) -> Brief:
    made = workflow.seal(**asked)
    jobs.requeue(clock.now())
    return made


VERBS = {
    "propose": Verb(
        gettext_lazy("送签"),
        gettext_lazy("签发的是盖审核章的岗位，不能是编的人自己。"),
        gettext_lazy("已送签。"),
        SureForm,
        _proposed,
    ),
    "seal": Verb(
        gettext_lazy("签发"),
        gettext_lazy("签发以后不能再改：编上期号，做成PDF和Word，盖数字签章，归入档案。"),
        gettext_lazy("已签发。PDF和Word正在制作。"),
        briefing.SealForm,
        _sealed,
    ),
    "return": Verb(
        gettext_lazy("退回修改"),
        gettext_lazy("编的人会看到您写的理由，改好以后再送来。"),
        gettext_lazy("已退回。"),
        SendBackForm,
        workflow.send_back,
    ),
    "drop": Verb(
        gettext_lazy("放弃这一期"),
        gettext_lazy("放弃以后可以另编一期。"),
        gettext_lazy("已放弃。"),
        SureForm,
        workflow.drop,
    ),
    "again": Verb(
        gettext_lazy("再做一次PDF"),
        gettext_lazy("上一次没有做成。字体或者磁盘修好以后，可以再做一次。"),
        gettext_lazy("正在制作。"),
        SureForm,
        _again,
    ),
}


@door(OFFICER)
@form_page
def act(request: Seated, key: int, verb: str) -> HttpResponse:
    """One act on an issue, with the words it asks for."""
    (charter, found), known = _found(request, key), VERBS.get(verb)
    if known is None:
        raise Http404
    title, here, seals = _title(request, found), reverse("desk:brief", args=[key]), verb == "seal"
    return perform(
        request,
        known,
        Place(
            title, here, reverse("desk:briefs") if verb == "drop" else here, _crumbs(found, title)
        ),
        lambda: _obstacles(request, found, charter)[verb],
        form={"blocking": _blocking(found, charter)} if seals else None,
        seen=(lambda: queries.seen(found)) if seals else None,
        brief=found,
    )


def _blocking(found: Brief, charter: Charter) -> list[str]:
    return [each.label for each in queries.findings(found, charter) if each.blocking]


def _obstacles(request: Seated, found: Brief, charter: Charter) -> dict[str, list[str]]:
    officer = request.acting
    again = [] if found.trouble else [_("没有要重做的。")]
    return {
        "propose": rules.propose_obstacles(found, officer, charter),
        "seal": rules.seal_obstacles(found, officer, charter),
        "return": rules.return_obstacles(found, officer, charter),
        "drop": rules.drop_obstacles(found, officer),
        "again": again or not_theirs(officer, found.organisation, Right.PUBLISH),
    }


def _acts(request: Seated, found: Brief, charter: Charter, gone: frozenset[str]) -> list[Act]:
    """What is done next, also by those who may not: they read why."""
    key = found.pk
    files = [
        Act(_("下载PDF"), reverse("desk:brief-paper", args=[key]), quiet=True),
        Act(_("下载Word版"), reverse("desk:brief-word", args=[key]), quiet=True),
    ]
    if found.state == BriefState.SEALED:
        if found.erased_at:
            return []
        send = Act(
            _("分送"),
            reverse("desk:circulate-brief", args=[key]),
            rules.circulate_obstacles(found, request.acting),
        )
        again = [_act(key, "again", [])] if found.trouble else []
        return [*again, send, *files, *_board(found)]
    obstacles = _obstacles(request, found, charter)
    names = ["seal", "return"] if found.state == BriefState.PROPOSED else ["propose"]
    write = Act(
        _("选内容、写导语"),
        reverse("desk:edit-brief", args=[key]),
        rules.edit_obstacles(found, request.acting),
    )
    asked = [_act(key, name, obstacles[name]) for name in [*names, "drop"]]
    return [*([write] if found.state == BriefState.DRAFT else []), *asked, *files]


def _board(found: Brief) -> list[Act]:
    """The way to a public issue's page."""
    if not is_public(found.audience):
        return []
    house = houses.town().house(found.organisation.slug)
    page = addresses.brief(house, f"{found.year}-{found.number}")
    return [Act(_("看公开栏上的这一期"), f"{settings.BOARD_URL}{page}", quiet=True)]


def _act(key: int, name: str, obstacles: list[str]) -> Act:
    href = reverse("desk:brief-act", args=[key, name])
    return VERBS[name].act(href, obstacles, quiet=name in ("return", "drop"))


# -- finding ---------------------------------------------------------------------------------------


def _charter(request: Seated) -> Charter:
    """The charter in force; 404 for whoever does not look into its organisation's briefs."""
    charter = charter_of(request.acting.organisation)[1]
    if not queries.reads(request.acting, charter):
        raise Http404
    return charter


def _found(request: Seated, key: int) -> tuple[Charter, Brief]:
    charter, found = _charter(request), queries.brief(request.acting.organisation, key)
    if found is None:
        raise Http404
    return charter, found


def _history(found: Brief) -> QuerySet[Recorded]:
    """What was done, without the digital seal on the PDF: that follows from the issue's seal."""
    return history(found.subject).exclude(verb="seal.paper")


def _known(charter: Charter, found: Brief) -> bool:
    return any(each.code == found.scope for each in charter.scopes)


def _title(request: Seated, found: Brief) -> str:
    return briefing.title(found, charter_of(request.acting.organisation)[1])


def _name(request: Seated, found: Brief, extension: str) -> str:
    return f"{_title(request, found)}.{extension}"


def _composed(
    request: Seated, found: Brief, compose: Callable[[], bytes], kind: str, extension: str
) -> HttpResponse:
    """A paper made now; back to the page with the reason where it cannot be."""
    if found.erased_at:
        raise Http404
    if found.state == BriefState.SEALED:
        messages.error(request, found.trouble or _("PDF和Word还在制作，过一会儿再来。"))
        return redirect("desk:brief", found.pk)
    try:
        made = compose()
    except Refused as refused:
        for obstacle in refused.obstacles:
            messages.error(request, obstacle)
        return redirect("desk:brief", found.pk)
    answer = HttpResponse(made, content_type=kind)
    name = content_disposition_header(True, _name(request, found, extension))
    answer.headers["Content-Disposition"] = name or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _crumbs(found: Brief | None = None, title: str = "") -> list[Link]:
    way = [Link(_("简报"), reverse("desk:briefs"))]
    if found is not None:
        way.append(Link(title, reverse("desk:brief", args=[found.pk])))
    return way
