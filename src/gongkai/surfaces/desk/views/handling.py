"""处理反馈, beside the answer: the clock, marks, help, merging, handing over, topics."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.foundation.organisations.doors import OFFICER, door
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.queries import charter_of, entry
from gongkai.procedure.feedback import (
    clocks,
    handling,
    handling_rules,
    masking,
    promises,
    queries,
    topics,
)
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import PETITIONS, UNANSWERED, CaseKind, CaseState
from gongkai.surfaces.desk import pointing
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.case_forms import (
    BecomeForm,
    ExtendForm,
    HandOverForm,
    HelpForm,
    MergeForm,
    ReleaseForm,
    SeparateForm,
    StopForm,
    TopicForm,
)
from gongkai.surfaces.desk.views.cases import case_of
from gongkai.surfaces.desk.views.sections import (
    Acts,
    Bound,
    Forms,
    Section,
    Writer,
    crumbs,
    perform,
)


@door(OFFICER)
@require_safe
def page(request: Seated, number: str) -> HttpResponse:
    """All that may be done with a voice beside answering it."""
    return _page(request, case_of(request, number), {})


@door(OFFICER)
@require_POST
def act(request: Seated, number: str, verb: str) -> HttpResponse:
    """Do one of them."""
    return perform(request, number, verb, ACTS, FORMS, _page, "desk:case")


def _page(request: Seated, found: Case, bound: Bound) -> HttpResponse:
    context = {
        "case": found,
        "title": pointing.voice(found),
        "sections": _sections(found, request.acting, bound),
        "crumbs": crumbs(found),
    }
    return render(request, "desk/case_handle.html", context, status=422 if bound else 200)


# -- the acts --------------------------------------------------------------------------------------


def _accept(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    done = clocks.accept(case=case, officer=officer)
    return _("已告知受理，最晚%(day)s答复。") % {"day": marks.day(done.promised_on)}


def _extend(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    done = clocks.extend(case=case, officer=officer, reason=data["text"])
    return _("已延长到%(day)s。") % {"day": marks.day(done.promised_on)}


def _stop(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    pause = clocks.stop(
        case=case,
        officer=officer,
        reason=data["reason"],
        text=data["text"],
        until=data["until"],
    )
    if pause.ends_on:
        return _("已暂停计时，%(day)s自己接着算。") % {"day": marks.day(pause.ends_on)}
    return _("已暂停计时，从明天起不算。")


def _resume(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    done = clocks.resume(case=case, officer=officer)
    return _("接着计时，最晚%(day)s答复。") % {"day": marks.day(done.promised_on)}


def _mark(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    done = handling.mark(case=case, officer=officer, urgent=not case.urgent)
    return _("已标为急件。") if done.urgent else _("已取消急件标记。")


def _help(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    handling.ask_help(case=case, officer=officer, post=data["post"])
    return _("已请%(post)s协办。") % {"post": data["post"].name}


def _release(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    handling.release(case=case, officer=officer, post=data["post"])
    return _("%(post)s不再协办。") % {"post": data["post"].name}


def _separate(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    done = handling.separate(case=case, officer=officer, reason=data["text"])
    if done.promised is None:
        return _("已分开办。")
    return _("已分开办，最晚%(day)s答复。") % {"day": marks.day(done.promised)}


def _merge(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    head = handling.merge(case=case, officer=officer, into=data["into"])
    return _("已并入第%(number)s号，一起答复。") % {"number": head.number}


def _hand_over(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    bodies = {each.slug: each for each in handling_rules.takers(case.organisation)}
    there = handling.hand_over(
        case=case, officer=officer, to=bodies.get(data["to"]), reason=data["text"]
    )
    said = {"body": there.organisation.name, "number": there.number}
    return _("已转交%(body)s，那边的编号是%(number)s。") % said


def _show(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    topics.show(case=case, officer=officer, wording=data["wording"])
    return _("大家现在可以附议这个题目。")


def _become(case: Case, officer: Officer, data: Mapping[str, Any]) -> str:
    line = entry(case.organisation, data["entry"])
    draft = topics.become(case=case, officer=officer, entry=line, title=data["title"])
    return _("已起草《%(title)s》，点题的人会知道。") % {"title": draft.title}


ACTS: Acts = {
    "accept": _accept,
    "extend": _extend,
    "stop": _stop,
    "resume": _resume,
    "mark": _mark,
    "help": _help,
    "release": _release,
    "merge": _merge,
    "separate": _separate,
    "hand-over": _hand_over,
    "show": _show,
    "become": _become,
}

FORMS: Forms = {
    "accept": lambda case, data: forms.Form(data),
    "extend": lambda case, data: ExtendForm(data, prefix="extend"),
    "stop": lambda case, data: StopForm(
        data, prefix="stop", charter=charter_of(case.organisation)[1]
    ),
    "resume": lambda case, data: forms.Form(data),
    "mark": lambda case, data: forms.Form(data),
    "help": lambda case, data: HelpForm(data, prefix="help", organisation=case.organisation),
    "release": lambda case, data: ReleaseForm(
        data, prefix="release", helpers=queries.helpers(case)
    ),
    "merge": lambda case, data: MergeForm(data, prefix="merge"),
    "separate": lambda case, data: SeparateForm(data, prefix="separate"),
    "hand-over": lambda case, data: HandOverForm(
        data, prefix="hand", bodies=handling_rules.takers(case.organisation)
    ),
    "show": lambda case, data: TopicForm(data, prefix="show", initial=_wording(case)),
    "become": lambda case, data: BecomeForm(
        data, prefix="become", charter=charter_of(case.organisation)[1]
    ),
}


def _wording(case: Case) -> dict[str, str]:
    topic = queries.topic(case)
    words = topic.wording if topic and topic.wording else masking.masked(case.text)
    return {"wording": " ".join(words.split())[: handling_rules.LONGEST_WORDING]}


def _sections(case: Case, officer: Officer, bound: Bound) -> list[Section]:
    """The acts that this voice may need, each with what stands in its way."""
    section = Writer(case, FORMS, bound)
    found = [*_received(case, officer, section), *_topical(case, officer, section)]
    if case.state == CaseState.MERGED:
        obstacles = handling_rules.separate_obstacles(case, officer, WORDS)
        hint = _("误并的，从这里分开。期限照原来的算，并在一起的日子也算在内。")
        found.append(section("separate", _("分开办"), _("分开办，另外答复"), obstacles, hint))
    if case.state in UNANSWERED:
        found += [*_timed(case, officer, section), *_shared(case, officer, section)]
    return found


def _received(case: Case, officer: Officer, section: Writer) -> Iterator[Section]:
    """Telling the sender that a petition is taken up."""
    if case.kind in PETITIONS and case.accepted_on is None:
        yield section(
            "accept",
            _("告知受理"),
            _("受理，告知来信的人"),
            handling_rules.accept_obstacles(case, officer),
            _("从今天起重新计算办结的期限。"),
        )


def _topical(case: Case, officer: Officer, section: Writer) -> Iterator[Section]:
    """What is done with a topic: listed for others to second, and made a disclosure."""
    if case.kind != CaseKind.TOPIC:
        return
    if case.state in UNANSWERED:
        yield section(
            "show",
            _("请大家附议"),
            _("公开这个题目"),
            handling_rules.list_obstacles(case, officer, WORDS),
            _("题目会列在“大家的点题”里，不带点题人的任何信息。"),
        )
    yield section(
        "become",
        _("转为公开件"),
        _("起草公开件"),
        handling_rules.become_obstacles(case, queries.topic(case), officer),
        _("照样要审核、盖章才公开。点题的人凭查询码能看到。"),
    )


def _timed(case: Case, officer: Officer, section: Writer) -> Iterator[Section]:
    """What moves the day on which an answer is owed, or says that it must not wait for it."""
    day = today(case.organisation)
    if promises.stopped(case):
        free = handling_rules.resume_obstacles(case, officer)
        yield section("resume", _("恢复计时"), _("接着计时"), free)
    else:
        stops = charter_of(case.organisation)[1].voices.stops
        reason = stops[0].key if stops else ""
        free = handling_rules.stop_obstacles(case, officer, reason, WORDS, day)
        hint = _("从明天起不算，到恢复的前一天。")
        yield section("stop", _("暂停计时"), _("暂停计时"), free, hint)
    longer = handling_rules.extend_obstacles(case, officer, WORDS, day)
    yield section("extend", _("延长期限"), _("延长期限"), longer)
    button = _("取消急件标记") if case.urgent else _("标为急件")
    yield section("mark", _("急件"), button, handling_rules.mark_obstacles(case, officer))


def _shared(case: Case, officer: Officer, section: Writer) -> Iterator[Section]:
    """Who helps with it, which other voice it is answered with, which other body answers."""
    obstacles = handling_rules.mark_obstacles(case, officer)
    yield section(
        "help",
        _("请人协办"),
        _("请这个岗位协办"),
        obstacles,
        _("协办的岗位看得到这一件，可以写内部记录，不能答复。"),
    )
    if helpers := queries.helpers(case):
        release = handling_rules.release_obstacles(case, officer, helpers[0])
        hint = _("退出以后就看不到这一件了，写过的内部记录还在。")
        yield section("release", _("退出协办"), _("不再请它协办"), release, hint)
    hint = _("那一号的答复会送给两个人。请不要在答复里写任何一方的个人情况。")
    yield section("merge", _("合并"), _("并入那一号"), obstacles, hint)
    if handling_rules.takers(case.organisation):
        hint = _("期限接着算，不因转交而变长。")
        yield section("hand-over", _("转交"), _("转交"), obstacles, hint)
