"""The history 经过 in sentences: one template for every verb that the ledger may hold.

``tests/surfaces/desk/test_story.py`` walks the source and fails on a verb without its sentence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Event, Link
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.states import Outcome, Verdict
from gongkai.procedure.proposals.states import RedactionReason
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.queries import opinion_said
from gongkai.procedure.review.states import Advice

SENTENCES: dict[str, Any] = {
    # 提出内容
    "draft.begin": gettext_lazy("%(who)s在目录%(entry)s下起草了这一件。"),
    "draft.edit": gettext_lazy("%(who)s修改了%(what)s。"),
    "draft.submit": gettext_lazy("%(who)s送审，并作了真实性承诺。"),
    "draft.submit again": gettext_lazy("%(who)s第%(round)s次送审，并作了真实性承诺。"),
    "draft.drop": gettext_lazy("%(who)s放弃了这份草稿，理由是"),
    "draft.recall": gettext_lazy("%(who)s收回了送审的草稿。"),
    "draft.mask": gettext_lazy("%(who)s按统一方式遮盖了文中的%(masked)s，理由：%(reasons)s。"),
    "draft.redact": gettext_lazy("%(who)s让系统遮盖一个附件里的%(places)s处。"),
    "draft.redacted": gettext_lazy("遮盖件已经做好，换下了附件的原件。"),
    "draft.unredact": gettext_lazy("%(who)s撤销了一个附件的遮盖，恢复成原件。"),
    # 审核确定
    "review.pass": gettext_lazy("%(who)s通过“%(stage)s”，意见是"),
    "review.return": gettext_lazy("%(who)s退回修改，理由是"),
    "review.clear": gettext_lazy("%(who)s核对了检查发现的一处，准予保留，理由是"),
    "review.claim": gettext_lazy("%(who)s认领了这一级，到%(claimed_until)s。"),
    "review.unclaim": gettext_lazy("%(who)s放开了认领。"),
    "review.ask": gettext_lazy("%(who)s请%(asked)s会签，%(due)s前答复。"),
    "review.advise": gettext_lazy("%(who)s会签：%(advice)s。"),
    "review.unask": gettext_lazy("%(who)s不再等%(asked)s会签。"),
    "review.remark": gettext_lazy("%(who)s在第%(block)s段写了批注"),
    "review.unsay": gettext_lazy("%(who)s去掉了自己在第%(block)s段的批注。"),
    "review.resolve": gettext_lazy("%(who)s把第%(block)s段的批注标为已改。"),
    "prior.ask": gettext_lazy("%(who)s报%(superior)s批准这一稿，%(due)s前答复。"),
    "prior.recall": gettext_lazy("%(who)s撤回了报%(superior)s的请求。"),
    "prior.approve": gettext_lazy("%(who)s批准公开这一稿，意见是"),
    "prior.approve above": gettext_lazy("%(who)s批准了%(of)s的目录外事项。"),
    "prior.refuse": gettext_lazy("%(who)s不同意公开这一稿，理由是"),
    "prior.refuse above": gettext_lazy("%(who)s没有同意%(of)s的目录外事项。"),
    "review.seal": gettext_lazy("%(who)s加盖审核专用章，封存为第%(number)s版，编号%(seal)s。"),
    "seal.paper": gettext_lazy("审批表盖好了数字签章，文件指纹%(mark)s。"),
    "review.seal emergency": gettext_lazy(
        "%(who)s紧急公开：加盖审核专用章，封存为第%(number)s版，编号%(seal)s。"
    ),
    # 实施公开
    "emergency.confirm": gettext_lazy("%(who)s补审第%(edition)s版，通过，意见是"),
    "emergency.refuse": gettext_lazy("%(who)s补审第%(edition)s版，没有通过，理由是"),
    "release.plan": gettext_lazy("%(who)s安排公开：%(plan)s。"),
    "release.plan moved": gettext_lazy("%(who)s改了公开时间：%(plan)s，原来定在%(before)s。"),
    "release.cancel": gettext_lazy("%(who)s取消了公开安排：%(plan)s。"),
    "release.open": gettext_lazy("第%(edition)s版%(scope)s，按安排自动公开。"),
    "release.open late": gettext_lazy("第%(edition)s版%(scope)s，比安排晚了%(late)s分钟公开。"),
    "posting.deliver": gettext_lazy("%(who)s登记：第%(edition)s版已在“%(channel)s”发出。"),
    "posting.confirm": gettext_lazy("%(who)s证实：第%(edition)s版在“%(channel)s”挂着。"),
    "posting.fail": gettext_lazy("%(who)s登记：第%(edition)s版在“%(channel)s”没有发成，原因是"),
    "posting.down": gettext_lazy("%(who)s登记：第%(edition)s版在“%(channel)s”已取下。"),
    "disclosure.correct": gettext_lazy("%(who)s开始更正，公开说明是"),
    "disclosure.correct privacy": gettext_lazy(
        "%(who)s因个人信息开始更正，新版公开时旧版同时关闭，公开说明是"
    ),
    "disclosure.withdraw": gettext_lazy("%(who)s撤回了这一件，理由是"),
    "erasure.ask": gettext_lazy("%(who)s申请清除，理由是"),
    "erasure.confirm": gettext_lazy("%(who)s确认清除，内容已经销毁。"),
    # 阅读确认
    "reading.ask": gettext_lazy("第%(edition)s版请%(asked)s名成员确认阅读。"),
    "reading.remind": gettext_lazy("按安排自动催阅：%(items)s件，寄了%(letters)s封信。"),
    "reading.destroy": gettext_lazy(
        "第%(edition)s版的阅读名单到期销毁：请了%(asked)s人，确认了%(confirmed)s人。"
    ),
    # 处理反馈
    "case.receive": gettext_lazy("收到读者的意见%(case)s，答应%(promised_on)s前答复。"),
    "case.receive open": gettext_lazy("收到读者的点题%(case)s，附议够了再答应答复的日子。"),
    "case.receive taken": gettext_lazy("%(who)s代录了意见%(case)s，答应%(promised_on)s前答复。"),
    "case.route": gettext_lazy("意见%(case)s按实施办法直接分给%(to)s。"),
    "case.accept": gettext_lazy("%(who)s告知受理%(case)s，答应%(promised_on)s前答复。"),
    "case.extend": gettext_lazy("%(who)s把%(case)s的期限延长到%(promised_on)s，理由是"),
    "case.stop": gettext_lazy("%(who)s暂停%(case)s的计时，理由是"),
    "case.stop until": gettext_lazy("%(who)s暂停%(case)s的计时，到%(until)s为止，理由是"),
    "case.resume itself": gettext_lazy("%(case)s暂停到期，接着计时，答应%(promised_on)s前答复。"),
    "case.resume": gettext_lazy("%(who)s恢复%(case)s的计时，答应%(promised_on)s前答复。"),
    "case.note": gettext_lazy("%(who)s给%(case)s写了内部记录。"),
    "case.mark": gettext_lazy("%(who)s把%(case)s标为急件。"),
    "case.mark calm": gettext_lazy("%(who)s取消了%(case)s的急件标记。"),
    "case.help": gettext_lazy("%(who)s请%(to)s协办%(case)s。"),
    "case.release": gettext_lazy("%(who)s让%(to)s不再协办%(case)s。"),
    "case.separate": gettext_lazy("%(who)s把%(case)s从%(from)s分开，另外答复，理由是"),
    "case.merge": gettext_lazy("%(who)s把%(case)s并入%(into)s，一起答复。"),
    "case.hand-over": gettext_lazy("%(who)s把%(case)s转交%(to)s（那边的编号%(number)s），理由是"),
    "case.take-over": gettext_lazy("%(who)s从%(from)s转来%(case)s，答应%(promised_on)s前答复。"),
    "case.remind": gettext_lazy("按安排自动催办：%(cases)s件意见逾期，寄了%(letters)s封信。"),
    "case.withdraw": gettext_lazy("读者撤回了意见%(case)s。"),
    "case.attach": gettext_lazy("读者给%(case)s补充了一个附件。"),
    "case.judge": gettext_lazy("读者对%(case)s的答复作了评价：%(verdict)s。"),
    "pattern.propose": gettext_lazy("%(who)s由几件意见建议更正公开件，理由是"),
    "pattern.propose line": gettext_lazy("%(who)s由几件意见建议公开目录增加一项，理由是"),
    "pattern.take": gettext_lazy("%(who)s接手了由意见提出的建议。"),
    "pattern.decline": gettext_lazy("%(who)s没有采纳由意见提出的建议，理由是"),
    "topic.show": gettext_lazy("%(who)s请大家附议点题%(case)s。"),
    "topic.owe": gettext_lazy("点题%(case)s有%(seconds)s人附议，答应%(promised_on)s前答复。"),
    "topic.become": gettext_lazy("%(who)s根据点题%(case)s起草了公开件。"),
    "wall.propose": gettext_lazy("%(who)s提请意见%(case)s上墙。"),
    "wall.propose changed": gettext_lazy("%(who)s提请意见%(case)s改字上墙。"),
    "wall.keep-off": gettext_lazy("%(who)s提请意见%(case)s不上墙，理由是"),
    "wall.pass": gettext_lazy("%(who)s审定了意见%(case)s的上墙稿。"),
    "wall.pass off": gettext_lazy("%(who)s审定意见%(case)s不上墙。"),
    "wall.return": gettext_lazy("%(who)s退回了意见%(case)s的上墙稿，理由是"),
    "wall.answer": gettext_lazy("意见%(case)s的答复随上墙稿一起公开。"),
    "wall.take-down": gettext_lazy("%(who)s把意见%(case)s从墙上撤下，理由是"),
    "wall.retract": gettext_lazy("读者不再同意公开意见%(case)s。"),
    "wall.show": gettext_lazy("意见%(case)s在墙上更新了。"),
    "wall.off": gettext_lazy("意见%(case)s不上墙，计入调整登记。"),
    "wall.down": gettext_lazy("意见%(case)s从墙上撤下，留下日期和理由。"),
    "phrase.list": gettext_lazy("%(who)s写上了拦截词“%(label)s”，理由是"),
    "phrase.strike": gettext_lazy("%(who)s去掉了拦截词“%(label)s”，当时写上的理由是"),
    "voice.hold": gettext_lazy("读者的一件意见里有拦截词“%(label)s”，等监督岗位先看。"),
    "voice.pass": gettext_lazy("%(who)s放行了有拦截词“%(label)s”的意见，编号%(case)s。"),
    "voice.refuse": gettext_lazy("%(who)s不受理有拦截词“%(label)s”的一件意见，理由是"),
    "voice.withdraw": gettext_lazy("读者撤回了有拦截词“%(label)s”的一件意见。"),
    "voice.destroy": gettext_lazy("到期销毁：有拦截词“%(label)s”的一件意见留下的内容。"),
    "case.assign": gettext_lazy("%(who)s把意见%(case)s分给%(to)s。"),
    "case.answer": gettext_lazy("%(who)s写了意见%(case)s的答复（%(outcome)s），等人审定。"),
    "case.answer exempt": gettext_lazy(
        "%(who)s答复了意见%(case)s（%(outcome)s），按“%(exemption)s”不用第二人审定。"
    ),
    "case.approve": gettext_lazy("%(who)s审定了意见%(case)s的答复（%(outcome)s）。"),
    "case.return": gettext_lazy("%(who)s退回了意见%(case)s的答复，理由是"),
    "case.reopen": gettext_lazy("读者要求重办意见%(case)s，答应%(promised_on)s前再答复。"),
    "contact.destroy": gettext_lazy("意见%(case)s的联系方式到期销毁。"),
    # 领导接访日
    "reception.plan": gettext_lazy("%(who)s排了%(to)s%(date)s接访，等人审定。"),
    "reception.change": gettext_lazy("%(who)s改了接访安排，等人审定。"),
    "reception.announce": gettext_lazy("%(who)s审定，接访日的公告已经公布。"),
    "reception.return": gettext_lazy("%(who)s退回了接访日的公告，理由是"),
    "reception.drop": gettext_lazy("%(who)s放弃了这次接访安排。"),
    "reception.cancel": gettext_lazy("%(who)s取消了接访，理由是"),
    "reception.conclude": gettext_lazy("%(who)s登记了接访结果：来了%(visits)s批，等人审定。"),
    "reception.record": gettext_lazy("%(who)s起草了接访记录。"),
    "reception.book": gettext_lazy("来访人约了时间，一起来%(persons)s人。"),
    "reception.move": gettext_lazy("来访人改约到了这一天。"),
    "reception.give_up": gettext_lazy("来访人退了约。"),
    "reception.seat": gettext_lazy("有人退约，候补的约上了第%(slot)s个时段。"),
    "reception.arrive": gettext_lazy("%(who)s登记来访人到了。"),
    "reception.stay_away": gettext_lazy("%(who)s登记来访人没有来。"),
    "reception.walk_in": gettext_lazy("%(who)s登记了没有预约的来访人，一起来%(persons)s人。"),
    "reception.hear": gettext_lazy("%(who)s把来访人说的事登记为办件%(case)s。"),
    "reception.told": gettext_lazy("%(who)s打电话告诉了来访人时间有变。"),
    "reception.remind": gettext_lazy("按安排自动寄信提醒来访人。"),
    "reception.destroy": gettext_lazy("一位来访人的联系方式到期销毁。"),
    # 归档管理
    "disclosure.file": gettext_lazy("%(who)s归档，档号%(number)s。"),
    "filing.supplement": gettext_lazy("档案%(number)s收进第%(supplement)s份补充材料。"),
    # 公开任务
    "duty.report": gettext_lazy("%(who)s登记了这件事，要在%(due)s前公开。"),
    "duty.waive": gettext_lazy("%(who)s定为免于公开，理由是"),
    "duty.reinstate": gettext_lazy("%(who)s取消了免于公开，仍在%(due)s前公开。"),
    "duty.confirm": gettext_lazy("%(who)s复核过，公开的内容没有变化。"),
    "duty.remind": gettext_lazy("按安排自动提醒：%(duties)s项任务，寄了%(letters)s封信。"),
    "calendar.load": gettext_lazy(
        "%(who)s装入%(year)s年的放假安排：放假%(off)s天，补班%(made_up)s天。"
    ),
    "coverage.show": gettext_lazy("公开目录的公开情况已更新。"),
    # 不属于哪一件的
    "words.add": gettext_lazy("%(who)s在词表上写了“%(label)s”。"),
    "words.remove": gettext_lazy("%(who)s从词表上去掉了“%(label)s”。"),
    "charter.apply": gettext_lazy("%(who)s让第%(number)s版实施办法生效。"),
    "catalogue.propose": gettext_lazy("%(who)s提请审定目录的第%(revision)s号修改，理由是"),
    "catalogue.approve": gettext_lazy("%(who)s审定了目录的第%(revision)s号修改。"),
    "catalogue.return": gettext_lazy("%(who)s退回了目录的第%(revision)s号修改，理由是"),
    "catalogue.recall": gettext_lazy("%(who)s收回了目录的第%(revision)s号修改。"),
    "catalogue.withdraw": gettext_lazy("%(who)s撤销了目录的第%(revision)s号修改。"),
    "report.draft": gettext_lazy("%(who)s起草了向领导小组的报告。"),
    "report.revise": gettext_lazy("%(who)s修改了报告。"),
    "report.count": gettext_lazy("系统统计了这个月的办理情况，等着定稿。"),
    "report.propose": gettext_lazy("%(who)s把报告交去定稿。"),
    "report.return": gettext_lazy("%(who)s退回了报告，理由是"),
    "report.finish": gettext_lazy("%(who)s定稿，报告归档，档号%(file)s。"),
    "report.drop": gettext_lazy("%(who)s放弃了这份报告。"),
    # 简报
    "brief.draft": gettext_lazy("%(who)s开始编这期简报。"),
    "brief.edit": gettext_lazy("%(who)s修改了简报。"),
    "brief.propose": gettext_lazy("%(who)s把简报送签。"),
    "brief.return": gettext_lazy("%(who)s退回了简报，理由是"),
    "brief.seal": gettext_lazy("%(who)s签发第%(number)s期，归档，档号%(file)s。"),
    "brief.drop": gettext_lazy("%(who)s放弃了这期简报。"),
    "brief.circulate": gettext_lazy("%(who)s分送第%(number)s期，寄出%(letters)s封信。"),
    "television.want": gettext_lazy("%(who)s让系统制作电视循环片，%(items)s件。"),
    "television.stop": gettext_lazy("%(who)s停止了循环片的制作。"),
    "television.take": gettext_lazy("%(who)s取走了循环片，送电视台播出。"),
    "brief.erase": gettext_lazy("第%(number)s期里有一件被清除，整期内容已经销毁。"),
    "restore.confirm": gettext_lazy("%(who)s确认从备份恢复后日志从第%(size)s条续签，理由是"),
    "key.rotate": gettext_lazy("%(who)s换了日志的密钥，理由是"),
    "key.retire": gettext_lazy("%(who)s停用了日志的旧密钥，理由是"),
    "key.compromise": gettext_lazy("%(who)s声明日志的密钥失密，第%(size)s条以后旧密钥作废，理由是"),
    "certificate.first": gettext_lazy("%(who)s启用了签章证书，指纹%(mark)s。"),
    "certificate.followed": gettext_lazy("%(who)s换了签章证书，新证书的指纹%(mark)s。"),
    "certificate.revoked": gettext_lazy("%(who)s作废了签章证书（指纹%(mark)s），理由是"),
    "witness.watch": gettext_lazy("%(who)s登记：给日志%(name)s见证。"),
    "witness.unwatch": gettext_lazy("%(who)s登记：不再给日志%(name)s见证。"),
    "witness.trust": gettext_lazy("%(who)s登记：采信联署人%(name)s。"),
    "witness.distrust": gettext_lazy("%(who)s登记：不再采信联署人%(name)s。"),
    "witness.follow": gettext_lazy("%(who)s按日志%(name)s自己的公告，改认它的新公钥。"),
    "witness.accuse": gettext_lazy("%(who)s存下了证据：%(name)s出示的检查点对不上。"),
    "follow.remove": gettext_lazy("%(who)s应读者的要求删除了一个订阅邮箱。"),
    "spot.name": gettext_lazy("%(who)s设了张贴处“%(label)s”。"),
    "spot.end": gettext_lazy("%(who)s停用了张贴处“%(label)s”。"),
    "daily.take": gettext_lazy("%(who)s从这天起收监督日报。"),
    "daily.leave": gettext_lazy("%(who)s停收监督日报。"),
    "list.make": gettext_lazy("%(who)s建了邮件列表“%(name)s”。"),
    "list.change": gettext_lazy("%(who)s改了邮件列表“%(name)s”。"),
    "list.enter": gettext_lazy("%(who)s往邮件列表“%(name)s”加了%(count)s个邮箱。"),
    "list.take-off": gettext_lazy("%(who)s从邮件列表“%(name)s”去掉了一个邮箱。"),
    "list.close": gettext_lazy("%(who)s去掉了邮件列表“%(name)s”，邮箱%(count)s个一并删除。"),
    "hook.add": gettext_lazy("%(who)s设了推送“%(name)s”，送往%(host)s。"),
    "hook.rotate": gettext_lazy("%(who)s换了推送“%(name)s”的密钥。"),
    "hook.stop": gettext_lazy("%(who)s停了推送“%(name)s”。"),
    "hook.resume": gettext_lazy("%(who)s恢复了推送“%(name)s”。"),
    "hook.remove": gettext_lazy("%(who)s去掉了推送“%(name)s”。"),
    "hook.give-up": gettext_lazy("推送“%(name)s”一天送不到，不再试。"),
    "screen.pair": gettext_lazy("%(who)s配对了一块显示屏，挂在%(place)s。"),
    "screen.arrange": gettext_lazy("%(who)s调整了%(place)s的显示屏。"),
    "screen.revoke": gettext_lazy("%(who)s停用了%(place)s的显示屏。"),
    "screen.playlist": gettext_lazy("%(who)s编了显示屏的节目单“%(name)s”。"),
    "screen.playlist-drop": gettext_lazy("%(who)s删了显示屏的节目单“%(name)s”。"),
    "screen.interrupt": gettext_lazy("%(who)s让所有显示屏紧急插播一件内容。"),
    "screen.resume": gettext_lazy("%(who)s结束了显示屏的紧急插播。"),
    "member.make": gettext_lazy("%(who)s添加了一名成员。"),
    "member.amend": gettext_lazy("%(who)s更正了一名成员的登记。"),
    "member.leave": gettext_lazy("%(who)s登记一名成员从%(on)s起离开。"),
    "member.import": gettext_lazy("%(who)s用名册导入了%(members)s名成员。"),
    "account.make": gettext_lazy("%(who)s给一名成员开了账号。"),
    "account.link": gettext_lazy("%(who)s给一名成员发了一次性链接。"),
    "post.appoint": gettext_lazy("%(who)s登记：从%(since)s起有人担任“%(label)s”。"),
    "post.away": gettext_lazy(
        "%(who)s登记：“%(label)s”%(since)s至%(until)s外出，由%(deputy)s代行。"
    ),
    "post.back": gettext_lazy("%(who)s登记：“%(label)s”不再外出，代行结束。"),
    "post.end": gettext_lazy("%(who)s登记：“%(label)s”任职到%(until)s为止。"),
}
"""Verb (and, after a blank, the case it differs in) → sentence. Words quoted come after it."""

QUOTING = frozenset(
    (
        "case.extend",
        "case.hand-over",
        "case.return",
        "case.separate",
        "case.stop",
        "certificate.revoked",
        "key.compromise",
        "key.retire",
        "key.rotate",
        "catalogue.propose",
        "catalogue.return",
        "reception.cancel",
        "reception.return",
        "report.return",
        "brief.return",
        "restore.confirm",
        "disclosure.correct",
        "disclosure.withdraw",
        "draft.drop",
        "duty.waive",
        "emergency.confirm",
        "emergency.refuse",
        "erasure.ask",
        "posting.fail",
        "pattern.decline",
        "pattern.propose",
        "phrase.list",
        "phrase.strike",
        "prior.approve",
        "prior.refuse",
        "review.clear",
        "review.pass",
        "review.remark",
        "review.return",
        "wall.keep-off",
        "wall.return",
        "wall.take-down",
        "voice.refuse",
    )
)
"""Verbs whose sentence goes over into somebody's own words."""

FIELDS = {
    "attachments": gettext_lazy("附件"),
    "body": gettext_lazy("正文"),
    "channels": pgettext_lazy("heading", "公开渠道"),
    "document_number": gettext_lazy("文号"),
    "entry": gettext_lazy("目录事项"),
    "form": pgettext_lazy("heading", "公开形式"),
    "kind": gettext_lazy("文种"),
    "note": gettext_lazy("更正说明"),
    "plan": gettext_lazy("公开范围和时间"),
    "title": gettext_lazy("标题"),
}
"""What an edit may have changed, as people call it."""


@dataclass(frozen=True)
class Names:
    """What the codes in the acts are called, and where the organisation's clock stands."""

    scopes: Mapping[str, str]
    zone: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)


Linker = Callable[[Act], Link | None]


def events(acts: Iterable[Act], names: Names, link: Linker | None = None) -> list[Event]:
    """The acts as sentences, newest first; saves of one draft in a row are one sentence."""
    told = [_event(run, names, link) for run in _runs(acts)]
    return told[::-1]


def sentence(act: Act, names: Names) -> str:
    """What ``act`` says. A verb from another release of Gongkai is named as it is."""
    template = SENTENCES.get(_variant(act)) or SENTENCES.get(act.verb)
    if template is None:
        return _("%(who)s：%(verb)s。") % {"who": act.actor_label, "verb": act.verb}
    return str(template) % _Values(act, names)


def _event(run: Sequence[Act], names: Names, link: Linker | None) -> Event:
    last = run[-1]
    text = sentence(last, names)
    if len(run) > 1:
        said = {"who": last.actor_label, "n": len(run), "what": _changed(run)}
        text = _("%(who)s修改了%(what)s，存了%(n)s次。") % said
    quote = masked(opinion_said(str(last.facts.get("text") or "")))
    if last.verb in QUOTING and not quote:  # an erasure takes words, and leaves that they were said
        text += _("（原话已随内容清除）。")
    return Event(
        at=last.at,
        text=text,
        quote=quote,
        link=link(last) if link else None,
    )


def _runs(acts: Iterable[Act]) -> list[list[Act]]:
    """Each act by itself, but for edits by one person that follow each other."""
    runs: list[list[Act]] = []
    for act in acts:
        before = runs[-1][-1] if runs else None
        same = before and before.verb == act.verb == "draft.edit" and before.actor == act.actor
        if same:
            runs[-1].append(act)
        else:
            runs.append([act])
    return runs


def _variant(act: Act) -> str:
    """The verb with the case that has a sentence of its own."""
    facts = act.facts
    match act.verb:
        case "draft.submit" if facts.get("round", 1) > 1:
            return "draft.submit again"
        case "review.seal" if facts.get("emergency"):
            return "review.seal emergency"
        case "prior.approve" | "prior.refuse" if facts.get("of"):
            return f"{act.verb} above"
        case "release.plan" if facts.get("before"):
            return "release.plan moved"
        case "release.open" if facts.get("late", 0) >= 60:
            return "release.open late"
        case "disclosure.correct" if facts.get("privacy"):
            return "disclosure.correct privacy"
        case "case.answer" if facts.get("exemption"):
            return "case.answer exempt"
        case "case.receive" if facts.get("post"):
            return "case.receive taken"
        case "case.receive" if not facts.get("promised_on"):
            return "case.receive open"
        case "pattern.propose" if not facts.get("item"):
            return "pattern.propose line"
        case "case.stop" if facts.get("until"):
            return "case.stop until"
        case "case.resume" if not facts.get("post"):
            return "case.resume itself"
        case "case.mark" if not facts.get("urgent"):
            return "case.mark calm"
        case "wall.propose" if facts.get("reason"):
            return "wall.propose changed"
        case "wall.pass" if facts.get("off"):
            return "wall.pass off"
    return act.verb


class _Values(dict[str, str]):
    """The facts of an act as a sentence says them, each worked out when it is asked for."""

    def __init__(self, act: Act, names: Names) -> None:
        super().__init__()
        self.act, self.names = act, names

    def __missing__(self, name: str) -> str:
        facts = self.act.facts
        match name:
            case "who" if self.act.verb.startswith(("review.", "emergency.", "prior.")):
                return str(facts.get("post") or self.act.actor_label)
            case "who":
                return self.act.actor_label
            case "label":
                return self.act.subject_label
            case "what":
                return _changed([self.act])
            case "plan":
                return self._plan()
            case "before":
                return marks.moment(clock.unstamp(facts["before"]), self.names.zone)
            case "scope":
                return self._scope(facts["scope"])
            case "channel":
                channel = str(facts.get(name, ""))
                return self.names.channels.get(channel, channel)
            case "late":
                return str(max(1, round(facts["late"] / 60)))
            case "outcome":
                return _labelled(Outcome, facts.get("outcome", ""))
            case "verdict":
                return _labelled(Verdict, facts.get("verdict", ""))
            case "claimed_until" if name in facts:
                return marks.moment(clock.unstamp(facts[name]), self.names.zone)
            case "advice":
                return _labelled(Advice, facts.get("advice", ""))
            case "asked" if isinstance(facts.get("asked"), list):
                return _("、").join(facts["asked"])
            case "promised_on" | "date" | "due" | "on" | "since" | "until":
                return _day(facts.get(name, ""))
            case "masked":
                return _masked(facts.get("masked", {}))
            case "reasons":
                found = facts.get("reasons", ())
                return _("、").join(_labelled(RedactionReason, each) for each in found)
            case "mark":
                return str(facts.get("fingerprint") or facts.get("digest", ""))[:16].upper()
            case "members":
                return str(len(facts.get("members", ())))
        return str(facts.get(name, ""))

    def _plan(self) -> str:
        return _("，").join(
            _("%(scope)s定在%(at)s")
            % {
                "scope": self._scope(step["scope"]),
                "at": marks.moment(clock.unstamp(step["opens_at"]), self.names.zone),
            }
            for step in self.act.facts.get("plan", ())
        )

    def _scope(self, code: str) -> str:
        return self.names.scopes.get(code, code)


def _changed(acts: Iterable[Act]) -> str:
    """What these edits changed, each thing once, in a fixed order."""
    changed: set[str] = set()
    for act in acts:
        changed.update(act.facts.get("changed", ()))
        if act.facts.get("attached") or act.facts.get("detached"):
            changed.add("attachments")
    named = [str(label) for name, label in FIELDS.items() if name in changed]
    return _("、").join(named) or _("草稿")


def _masked(places: Mapping[str, int]) -> str:
    """What was put under its mask, by kind, and at how many places."""
    told = _("%(kind)s%(n)s处")
    return _("、").join(
        told % {"kind": KINDS[kind].title if kind in KINDS else kind, "n": n}
        for kind, n in places.items()
    )


def _labelled(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _day(text: str) -> str:
    """A day written as 2026-11-23 in words; nothing for none."""
    return marks.day(date.fromisoformat(text)) if text else ""
