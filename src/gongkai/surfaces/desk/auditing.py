"""The auditor's page: the acts, narrowed, and how far the office log vouches for them."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from gongkai.foundation.core.clock import start_of
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import ADDRESS_LENGTH, ALPHABET
from gongkai.foundation.ledger import queries
from gongkai.foundation.ledger.acts import entry
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.queries import Wanted
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.translog.merkle import leaf_hash
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.queries import subject_of
from gongkai.procedure.feedback.states import Outcome
from gongkai.procedure.proposals.models import Disclosure
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import pointing, story

PAGE = 50
EXPORTED_AT_ONCE = 1000
MEMBER = "member:"
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

ACTS: dict[str, Any] = {
    "spot.name": gettext_lazy("设张贴处"),
    "spot.end": gettext_lazy("停用张贴处"),
    "draft.begin": gettext_lazy("起草"),
    "draft.edit": gettext_lazy("修改草稿"),
    "draft.submit": gettext_lazy("送审"),
    "draft.mask": gettext_lazy("统一遮盖"),
    "draft.redact": gettext_lazy("遮盖附件"),
    "draft.redacted": gettext_lazy("遮盖件做好"),
    "draft.unredact": gettext_lazy("撤销遮盖"),
    "draft.drop": gettext_lazy("放弃草稿"),
    "draft.recall": gettext_lazy("收回送审"),
    "review.pass": gettext_lazy("审核通过"),
    "review.return": gettext_lazy("退回修改"),
    "review.clear": gettext_lazy("准予保留检查发现的"),
    "review.claim": gettext_lazy("认领"),
    "review.unclaim": gettext_lazy("放开认领"),
    "review.ask": gettext_lazy("请会签"),
    "review.advise": gettext_lazy("会签"),
    "review.unask": gettext_lazy("不再等会签"),
    "review.remark": gettext_lazy("写批注"),
    "review.unsay": gettext_lazy("去掉批注"),
    "review.resolve": gettext_lazy("批注标为已改"),
    "prior.ask": gettext_lazy("报上级批准"),
    "prior.recall": gettext_lazy("撤回报批"),
    "prior.approve": gettext_lazy("批准目录外事项"),
    "prior.refuse": gettext_lazy("不同意目录外事项"),
    "review.seal": gettext_lazy("盖章封存"),
    "emergency.confirm": gettext_lazy("补审通过"),
    "emergency.refuse": gettext_lazy("补审不通过"),
    "words.add": gettext_lazy("改词表"),
    "words.remove": gettext_lazy("从词表去掉"),
    "release.plan": gettext_lazy("安排公开"),
    "release.cancel": gettext_lazy("取消公开安排"),
    "release.open": gettext_lazy("到时公开"),
    "posting.deliver": gettext_lazy("登记发出"),
    "posting.confirm": gettext_lazy("证实挂着"),
    "posting.fail": gettext_lazy("登记没有发成"),
    "posting.down": gettext_lazy("登记取下"),
    "disclosure.correct": gettext_lazy("开始更正"),
    "disclosure.withdraw": gettext_lazy("撤回"),
    "erasure.ask": gettext_lazy("申请清除"),
    "erasure.confirm": gettext_lazy("确认清除"),
    "reading.ask": gettext_lazy("请成员确认阅读"),
    "reading.remind": gettext_lazy("催阅"),
    "reading.destroy": gettext_lazy("销毁阅读名单"),
    "reception.plan": gettext_lazy("排接访日"),
    "reception.change": gettext_lazy("改接访安排"),
    "reception.announce": gettext_lazy("审定接访公告"),
    "reception.return": gettext_lazy("退回接访公告"),
    "reception.drop": gettext_lazy("放弃接访安排"),
    "reception.cancel": gettext_lazy("取消接访"),
    "reception.conclude": gettext_lazy("登记接访结果"),
    "reception.record": gettext_lazy("起草接访记录"),
    "reception.book": gettext_lazy("预约接访"),
    "reception.move": gettext_lazy("改约接访"),
    "reception.give_up": gettext_lazy("退约"),
    "reception.seat": gettext_lazy("候补补上"),
    "reception.arrive": gettext_lazy("登记到了"),
    "reception.stay_away": gettext_lazy("登记没有来"),
    "reception.walk_in": gettext_lazy("登记没有预约的来访"),
    "reception.hear": gettext_lazy("登记来访办件"),
    "reception.told": gettext_lazy("电话告知来访人"),
    "reception.remind": gettext_lazy("提醒来访人"),
    "reception.unreached": gettext_lazy("给来访人的信没有寄到"),
    "reception.destroy": gettext_lazy("销毁来访人联系方式"),
    "case.receive": gettext_lazy("收到意见"),
    "case.assign": gettext_lazy("分办意见"),
    "case.answer": gettext_lazy("答复意见"),
    "case.approve": gettext_lazy("审定答复"),
    "case.return": gettext_lazy("退回答复"),
    "case.reopen": gettext_lazy("要求重办"),
    "case.route": gettext_lazy("按规则分办"),
    "case.accept": gettext_lazy("告知受理"),
    "case.extend": gettext_lazy("延长答复期限"),
    "case.stop": gettext_lazy("暂停计时"),
    "case.resume": gettext_lazy("恢复计时"),
    "case.note": gettext_lazy("写内部记录"),
    "case.mark": gettext_lazy("标记急件"),
    "case.help": gettext_lazy("请人协办"),
    "case.release": gettext_lazy("退出协办"),
    "case.separate": gettext_lazy("分开办"),
    "case.merge": gettext_lazy("并案"),
    "case.hand-over": gettext_lazy("转交别的单位"),
    "case.take-over": gettext_lazy("接收转来的意见"),
    "case.remind": gettext_lazy("催办"),
    "case.withdraw": gettext_lazy("读者撤回"),
    "case.attach": gettext_lazy("读者补充附件"),
    "case.judge": gettext_lazy("读者评价"),
    "pattern.propose": gettext_lazy("由意见提出建议"),
    "pattern.take": gettext_lazy("接手建议"),
    "pattern.decline": gettext_lazy("没有采纳建议"),
    "topic.show": gettext_lazy("征集附议"),
    "topic.owe": gettext_lazy("点题附议够数"),
    "topic.become": gettext_lazy("点题起草"),
    "wall.propose": gettext_lazy("提请上墙"),
    "wall.keep-off": gettext_lazy("提请不上墙"),
    "wall.pass": gettext_lazy("审定上墙稿"),
    "wall.return": gettext_lazy("退回上墙稿"),
    "wall.answer": gettext_lazy("答复随稿公开"),
    "wall.take-down": gettext_lazy("从墙上撤下"),
    "wall.retract": gettext_lazy("本人撤下"),
    "wall.show": gettext_lazy("墙上更新"),
    "wall.off": gettext_lazy("登记不上墙"),
    "wall.down": gettext_lazy("登记撤下"),
    "phrase.list": gettext_lazy("写上拦截词"),
    "phrase.strike": gettext_lazy("去掉拦截词"),
    "voice.hold": gettext_lazy("留下先看"),
    "voice.pass": gettext_lazy("放行意见"),
    "voice.refuse": gettext_lazy("不受理意见"),
    "voice.withdraw": gettext_lazy("读者撤回先看的意见"),
    "voice.destroy": gettext_lazy("销毁先看的意见"),
    "contact.destroy": gettext_lazy("销毁联系方式"),
    "contact.tell": gettext_lazy("要求告知、不再告知"),
    "contact.unreached": gettext_lazy("告知的信退回"),
    "contact.missed": gettext_lazy("告知的信没有寄到"),
    "disclosure.file": gettext_lazy("归档"),
    "filing.supplement": gettext_lazy("补充归档"),
    "charter.apply": gettext_lazy("实施办法生效"),
    "duty.report": gettext_lazy("登记事项"),
    "duty.waive": gettext_lazy("免于公开"),
    "duty.reinstate": gettext_lazy("恢复任务"),
    "duty.confirm": gettext_lazy("复核无变化"),
    "duty.remind": gettext_lazy("提醒"),
    "calendar.load": gettext_lazy("装入放假安排"),
    "coverage.show": gettext_lazy("更新公开情况"),
    "catalogue.propose": gettext_lazy("提请审定目录修改"),
    "catalogue.approve": gettext_lazy("审定目录修改"),
    "catalogue.return": gettext_lazy("退回目录修改"),
    "catalogue.recall": gettext_lazy("收回目录修改"),
    "catalogue.withdraw": gettext_lazy("撤销目录修改"),
    "report.draft": gettext_lazy("起草报告"),
    "report.revise": gettext_lazy("修改报告"),
    "report.count": gettext_lazy("统计办理情况月报"),
    "report.propose": gettext_lazy("报告交去定稿"),
    "report.return": gettext_lazy("退回报告"),
    "report.finish": gettext_lazy("报告定稿"),
    "report.drop": gettext_lazy("放弃报告"),
    "brief.draft": gettext_lazy("编简报"),
    "brief.edit": gettext_lazy("修改简报"),
    "brief.propose": gettext_lazy("简报送签"),
    "brief.return": gettext_lazy("退回简报"),
    "brief.seal": gettext_lazy("签发简报"),
    "brief.drop": gettext_lazy("放弃简报"),
    "brief.circulate": gettext_lazy("分送简报"),
    "brief.copies": gettext_lazy("把简报的文件交给公开栏"),
    "brief.recall": gettext_lazy("写信收回简报"),
    "brief.erase": gettext_lazy("销毁简报"),
    "television.want": gettext_lazy("制作电视循环片"),
    "television.stop": gettext_lazy("停止制作循环片"),
    "television.take": gettext_lazy("取电视循环片"),
    "restore.confirm": gettext_lazy("恢复后续签"),
    "key.rotate": gettext_lazy("换密钥"),
    "key.retire": gettext_lazy("停用旧密钥"),
    "key.compromise": gettext_lazy("声明密钥失密"),
    "certificate.first": gettext_lazy("启用签章证书"),
    "certificate.followed": gettext_lazy("换签章证书"),
    "certificate.revoked": gettext_lazy("作废签章证书"),
    "seal.paper": gettext_lazy("盖数字签章"),
    "witness.watch": gettext_lazy("给日志见证"),
    "witness.unwatch": gettext_lazy("不再见证"),
    "witness.trust": gettext_lazy("采信联署人"),
    "witness.distrust": gettext_lazy("不再采信联署人"),
    "witness.follow": gettext_lazy("改认日志的新公钥"),
    "witness.accuse": gettext_lazy("存下见证的证据"),
    "follow.remove": gettext_lazy("删除订阅邮箱"),
    "daily.take": gettext_lazy("收监督日报"),
    "daily.leave": gettext_lazy("停收监督日报"),
    "list.make": gettext_lazy("建邮件列表"),
    "list.change": gettext_lazy("改邮件列表"),
    "list.enter": gettext_lazy("往邮件列表加邮箱"),
    "list.take-off": gettext_lazy("从邮件列表去掉邮箱"),
    "list.close": gettext_lazy("去掉邮件列表"),
    "hook.add": gettext_lazy("设推送"),
    "hook.rotate": gettext_lazy("换推送的密钥"),
    "hook.stop": gettext_lazy("停推送"),
    "hook.resume": gettext_lazy("恢复推送"),
    "hook.remove": gettext_lazy("去掉推送"),
    "hook.give-up": gettext_lazy("推送不再试"),
    "screen.pair": gettext_lazy("配对显示屏"),
    "screen.arrange": gettext_lazy("调整显示屏"),
    "screen.revoke": gettext_lazy("停用显示屏"),
    "screen.playlist": gettext_lazy("编节目单"),
    "screen.playlist-drop": gettext_lazy("删节目单"),
    "screen.interrupt": gettext_lazy("紧急插播"),
    "screen.resume": gettext_lazy("结束插播"),
    "member.make": gettext_lazy("添加成员"),
    "member.amend": gettext_lazy("更正成员登记"),
    "member.leave": gettext_lazy("登记成员离开"),
    "member.import": gettext_lazy("用名册导入"),
    "account.make": gettext_lazy("开账号"),
    "account.link": gettext_lazy("发一次性链接"),
    "post.appoint": gettext_lazy("登记任职"),
    "post.away": gettext_lazy("登记外出代行"),
    "post.back": gettext_lazy("登记回来"),
    "post.end": gettext_lazy("登记任职结束"),
}
"""What each verb is called in a list to choose from."""


class AuditForm(forms.Form):
    """Ways to narrow the acts (筛选操作记录)."""

    since = day_field(gettext_lazy("从哪天"), required=False)
    until = day_field(gettext_lazy("到哪天"), required=False)
    post = forms.ChoiceField(label=gettext_lazy("岗位"), required=False)
    verb = forms.ChoiceField(label=pgettext_lazy("heading", "操作"), required=False)
    outcome = forms.ChoiceField(label=pgettext_lazy("heading", "结果"), required=False)
    subject = forms.CharField(
        label=gettext_lazy("哪一件"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"placeholder": gettext_lazy("编号或者地址")}),
    )
    member = forms.CharField(label=gettext_lazy("成员代号"), max_length=80, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **more: Any) -> None:
        """The choices are those that occur in the organisation's acts: 3 queries."""
        super().__init__(*args, **more)
        slug = organisation.slug
        posts = [(label, label) for label in queries.different("actor_label", slug)]
        verbs = [(verb, called(verb)) for verb in queries.different("verb", slug)]
        outcomes = [(each, ended(each)) for each in queries.different("outcome", slug)]
        self._offer("post", _("全部岗位"), posts)
        self._offer("verb", _("全部操作"), verbs)
        self._offer("outcome", _("全部结果"), outcomes)

    def _offer(self, name: str, everything: str, choices: Sequence[tuple[str, str]]) -> None:
        offer(self, name, [("", everything), *choices])

    def wanted(self, organisation: Organisation) -> Wanted:
        """The acts that are asked for; what was not understood narrows nothing."""
        given = self.cleaned_data
        found = Wanted(organisation.slug)
        if day := given.get("since"):
            found = replace(found, since=start_of(day, organisation.zone))
        if day := given.get("until"):
            found = replace(found, until=start_of(day + timedelta(days=1), organisation.zone))
        if member := given.get("member"):
            found = replace(found, member=MEMBER + member.removeprefix(MEMBER).upper())
        if subject := given.get("subject"):
            found = replace(found, subject=_subject(organisation, subject.strip()))
        return replace(
            found,
            post=given.get("post") or "",
            verb=given.get("verb") or "",
            outcome=given.get("outcome") or "",
        )


@dataclass(frozen=True)
class Row:
    """An act as the auditor reads it (一条操作)."""

    at: datetime
    who: str
    member: str
    said: str
    quote: str
    title: str
    href: str
    seq: int | None
    hash: str


@dataclass(frozen=True)
class Standing:
    """How far the office log has come, and when all of it was last checked (核对情况)."""

    size: int
    waiting: int
    verified: int
    verified_at: datetime | None
    faults: int
    checkpoint: str
    vkey: str


def called(verb: str) -> str:
    """What people call ``verb``; a verb of another release as it is."""
    return str(ACTS.get(verb, verb))


def ended(outcome: str) -> str:
    """What people call an outcome."""
    return str(Outcome(outcome).label) if outcome in Outcome.values else outcome


def page(wanted: Wanted, after: Act | None, officer: Officer) -> tuple[list[Row], Act | None]:
    """One page of the acts, and the act after which the next page begins; 1 query."""
    found = list(queries.acts(wanted, after)[: PAGE + 1])
    shown = found[:PAGE]
    told = _names(officer.organisation)
    return [_row(act, told) for act in shown], shown[-1] if len(found) > PAGE else None


def standing() -> Standing:
    """Where the office log stands: 2 queries and its checkpoint."""
    head = queries.head(OFFICE.name)
    note = OFFICE.store.read_checkpoint() if OFFICE.checkpoint.exists() else None
    return Standing(
        size=head.exposed_size,
        waiting=queries.unlogged(),
        verified=head.verified_size,
        verified_at=head.verified_at,
        faults=head.verified_faults,
        checkpoint=note or "",
        vkey=OFFICE.vkey if note else "",
    )


def lines(wanted: Wanted, officer: Officer) -> Iterator[str]:
    """All the acts that are wanted as the lines of a CSV file, in portions, newest first."""
    told, language = _names(officer.organisation), translation.get_language() or ""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(_heading())
    after: Act | None = None
    while portion := list(queries.acts(wanted, after)[:EXPORTED_AT_ONCE]):
        with translation.override(language):
            said = [writer.writerow(_cells(act, told)) for act in portion]
        yield from said
        after = portion[-1]


def _row(act: Act, names: story.Names) -> Row:
    is_item = len(act.subject) == ADDRESS_LENGTH and set(act.subject) <= set(ALPHABET)
    return Row(
        at=act.at,
        who=act.actor_label,
        member=act.actor.removeprefix(MEMBER) if act.actor.startswith(MEMBER) else "",
        said=story.sentence(act, names),
        quote=_quoted(act),
        title=masked(act.subject_label),
        href=pointing.item_href(act.subject) if is_item else "",
        seq=act.seq,
        hash=_hash(act),
    )


def _heading() -> list[str]:
    return [
        _("日志序号"),
        _("记录哈希"),
        _("编号"),
        _("时间（UTC）"),
        _("单位"),
        _("岗位"),
        _("成员代号"),
        _("操作代号"),
        _("操作"),
        _("经过"),
        _("理由"),
        pgettext("heading", "对象"),
        _("标题"),
        _("结果"),
        _("请求号"),
    ]


def _cells(act: Act, names: story.Names) -> list[str]:
    return [
        safe(cell)
        for cell in (
            "" if act.seq is None else str(act.seq),
            _hash(act),
            str(act.pk),
            act.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            act.organisation,
            act.actor_label,
            act.actor,
            act.verb,
            called(act.verb),
            story.sentence(act, names),
            _quoted(act),
            act.subject,
            masked(act.subject_label),
            ended(act.outcome),
            act.request,
        )
    ]


def safe(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula; after an apostrophe it is text."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) else cell


def _hash(act: Act) -> str:
    """The hash under which the log holds what the row says now; nothing while it waits."""
    return "" if act.seq is None else leaf_hash(entry(act)).hex()


def _quoted(act: Act) -> str:
    return masked(str(act.facts.get("text") or ""))


def _names(organisation: Organisation) -> story.Names:
    try:
        _version, charter = charter_of(organisation)
    except Refused:  # before the first charter
        return story.Names({}, organisation.zone)
    scopes = {each.code: named(each) for each in charter.scopes}
    channels = {each.key: named(each) for each in charter.channels}
    return story.Names(scopes, organisation.zone, channels)


def _subject(organisation: Organisation, asked: str) -> str:
    """The ledger's name of what was asked for by an item's or a case's number, or by that name."""
    item = Disclosure.objects.filter(organisation=organisation, number=asked).first()
    if item:
        return item.address
    case = Case.objects.select_related("organisation", "disclosure").filter(
        organisation=organisation, number=asked
    )
    return subject_of(case[0]) if case else asked


class Echo:
    """A file that gives back what is written, for a writer that wants a file."""

    def write(self, line: str) -> str:
        return line
