"""What the demonstration holds: a fictional township's items and voices, as data.

The texts stand beside this file. People are named by their posts alone; every number, name of a
village and telephone is invented. ``demo.py`` drives the real verbs with it.
"""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from gongkai.procedure.feedback.states import CaseKind, Ground, Outcome, Verdict, WallReason
from gongkai.procedure.proposals.states import DocumentKind

FOLDER = Path(__file__).parent


class Reach(IntEnum):
    """How far an item has come: its place in the procedure."""

    WRITTEN = 0
    SUBMITTED = 1
    FIRST_PASSED = 2
    SECOND_PASSED = 3
    PASSED = 4
    SEALED = 5
    OPEN = 6


@dataclass(frozen=True)
class Correction:
    """What a correction changes, and the note that readers see."""

    note: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    """A disclosure to be (公开件).

    ``scopes`` are needed where the entry leaves the choice. ``last_in`` puts the last scope that
    many days ahead. ``returned`` is the reason with which the first stage sends it back.
    """

    file: str
    entry: str
    proposer: str
    kind: DocumentKind
    reach: Reach
    scopes: tuple[str, ...] = ()
    form: str = ""
    last_in: int = 0
    returned: str = ""
    withdrawn: str = ""
    correction: Correction | None = None
    filed: bool = False


@dataclass(frozen=True)
class Voice:
    """A case to be (办件): about the item of ``file``, or about nothing published.

    It goes as far as it is told: to ``post``, with ``answer``, approved by ``approver``. A question
    is for ``asked``, whom nobody has to give it to. Others may second a topic in these ``wording``.
    ``hung`` are the words in which it is proposed for the wall, and passed by another, before it is
    answered: ``changed`` with a reason and words where they are not its own, nothing but a reason
    where it is ``off``; unless it is not ``passed`` yet. ``judged`` is what the sender said of the
    answer.
    """

    key: str
    text: str
    file: str = ""
    kind: CaseKind = CaseKind.OPINION
    ground: str = ""
    post: str = ""
    asked: str = ""
    wording: str = ""
    answer: str = ""
    outcome: Outcome = Outcome.EXPLAINED
    approver: str = ""
    hung: str = ""
    changed: tuple[WallReason, str] | None = None
    off: tuple[WallReason, str] | None = None
    passed: bool = True
    judged: Verdict | None = None


ITEMS = (
    Item(
        "jc-05.docx",
        "JC-05",
        "agriculture",
        DocumentKind.DOCUMENT,
        Reach.OPEN,
        correction=Correction(
            "第二批的完工时间由2027年9月底改为2027年10月底，因为要和县里的停水安排一致。",
            "2027年9月底以前完工",
            "2027年10月底以前完工",
        ),
    ),
    Item("zz-08.txt", "ZZ-08", "organiser", DocumentKind.NOTICE, Reach.OPEN),
    Item("fw-01.txt", "FW-01", "safety", DocumentKind.BRIEF, Reach.OPEN),
    Item(
        "qt-01.txt",
        "QT-01",
        "planning",
        DocumentKind.MATERIAL,
        Reach.OPEN,
        scopes=("A1",),
        form="topic",
        filed=True,
    ),
    Item("lz-04.txt", "LZ-04", "organiser", DocumentKind.BRIEF, Reach.OPEN),
    Item("bz-01.txt", "BZ-01", "organiser", DocumentKind.MATERIAL, Reach.OPEN),
    Item("zd-03.txt", "ZD-03", "organiser", DocumentKind.MATERIAL, Reach.OPEN, filed=True),
    Item(
        "fw-04-autumn.txt",
        "FW-04",
        "civil",
        DocumentKind.NOTICE,
        Reach.OPEN,
        scopes=("A1",),
        withdrawn="两个村报来的人数重复统计了3人，核对以后另行公开。",
    ),
    Item(
        "jc-07.txt",
        "JC-07",
        "planning",
        DocumentKind.DOCUMENT,
        Reach.OPEN,
        scopes=("A1",),
        form="interactive",
    ),
    Item("zd-01.txt", "ZD-01", "organiser", DocumentKind.MATERIAL, Reach.OPEN),
    Item("fw-06.txt", "FW-06", "safety", DocumentKind.BRIEF, Reach.OPEN),
    Item("sx-05.txt", "SX-05", "organiser", DocumentKind.MATERIAL, Reach.OPEN),
    Item("bz-06.txt", "BZ-06", "agriculture", DocumentKind.BRIEF, Reach.OPEN),
    Item("fw-02.txt", "FW-02", "organiser", DocumentKind.MATERIAL, Reach.OPEN),
    Item("sx-01.txt", "SX-01", "organiser", DocumentKind.BRIEF, Reach.OPEN),
    Item("zz-05.txt", "ZZ-05", "organiser", DocumentKind.MATERIAL, Reach.OPEN, scopes=("A3",)),
    Item("bz-03.txt", "BZ-03", "organiser", DocumentKind.BRIEF, Reach.OPEN, last_in=3),
    Item("fw-03.txt", "FW-03", "planning", DocumentKind.BRIEF, Reach.SEALED),
    Item("jc-06.txt", "JC-06", "organiser", DocumentKind.BRIEF, Reach.PASSED),
    Item("jc-04.txt", "JC-04", "agriculture", DocumentKind.BRIEF, Reach.SECOND_PASSED),
    Item(
        "fw-04-winter.txt",
        "FW-04",
        "civil",
        DocumentKind.NOTICE,
        Reach.FIRST_PASSED,
        scopes=("A1",),
    ),
    Item("sx-03.txt", "SX-03", "organiser", DocumentKind.BRIEF, Reach.SUBMITTED),
    Item(
        "lz-05.txt",
        "LZ-05",
        "finance",
        DocumentKind.BRIEF,
        Reach.SUBMITTED,
        returned="第三部分没有写清每个问题的整改责任岗位和完成日期，请补上。",
    ),
    Item(
        "qt-02.txt",
        "QT-02",
        "youth",
        DocumentKind.DOCUMENT,
        Reach.WRITTEN,
        scopes=("A3",),
        form="democracy-day",
    ),
)
"""In the order they are made: what is open first, then one for every step that waits."""

VOICES = (
    Voice(
        "canal",
        "第一批里有没有石桥村的三号渠？去年春天那一段漏水，下面二十几亩田插秧晚了半个月。",
        file="jc-05.docx",
        post="agriculture",
        answer="有。三号渠排在第一批，计划2027年1月开工，2月20日以前完工。开工前会请村民代表到现场，"
        "一起确认漏水的位置。",
        approver="deputy",
    ),
    Voice(
        "second-batch",
        "第二批修哪些，什么时候能看到清单？",
        file="jc-05.docx",
        post="agriculture",
        answer="县里批复预算以后，5个工作日内公开第二批的分村清单。您关心的那一处如果急，可以先告诉村里。",
        outcome=Outcome.PLANNED,
        approver="discipline-deputy",
    ),
    Voice(
        "keeper-pay",
        "管护员的报酬从村集体出，集体没有收入的村怎么办？",
        file="jc-05.docx",
        post="agriculture",
        hung="管护员的报酬从村集体出，集体没有收入的村怎么办？",
    ),
    Voice(
        "reception-wait",
        "没有预约的要等一个多小时，能不能在门口写上前面还有几个人？",
        file="fw-01.txt",
        post="safety",
        answer="这个办法好。下次接访日起，领号台旁边会写明正在办的号和前面等候的人数。",
        outcome=Outcome.ADOPTED,
    ),
    Voice(
        "clinic",
        "夜间急诊请先办。上个月孩子半夜发烧，只能打车去县城。",
        file="jc-07.txt",
        post="planning",
        hung="夜间急诊请先办。半夜有急病，只能打车去县城。",
        changed=(WallReason.OWN, "家里谁生病不写"),
    ),
    Voice(
        "canteen",
        "老年食堂能不能建一个在下坪村？走到镇上要四十分钟。",
        file="jc-07.txt",
        hung="老年食堂能不能建一个在下坪村？走到镇上要四十分钟。",
        passed=False,
    ),
    Voice(
        "bus",
        "班车恢复了，孩子们不用走山路了。停车的时候能不能在村口也贴一张？",
        file="qt-01.txt",
        post="planning",
        answer="可以。已经和运营公司说好，停运超过一天的，同一张通知贴在村公开栏和村口站牌上。",
        outcome=Outcome.DONE,
        approver="deputy",
        judged=Verdict.YES,
    ),
    Voice(
        "phone-hours",
        "热线中午没有人接，上班的人只有中午有空。",
        file="fw-02.txt",
        post="office",
        answer="从12月1日起，中午安排一人接听到1:30。留言的当天下午回电话。",
        outcome=Outcome.ADOPTED,
        approver="deputy",
        judged=Verdict.NO,
    ),
    Voice(
        "waste-station",
        "镇东垃圾中转站夏天味道很大，说过要搬，什么时候搬、搬到哪里，请公开一下。",
        kind=CaseKind.TOPIC,
        post="planning",
        wording="镇东垃圾中转站什么时候搬、搬到哪里",
        hung="镇东垃圾中转站夏天味道很大，说过要搬，什么时候搬、搬到哪里，请公开一下。",
    ),
    Voice(
        "road-lamps",
        "去年说过的村道路灯，电费今年起由谁出？村里还没有接到通知。",
        kind=CaseKind.QUESTION,
        asked="finance",
        answer="2026年起，主干村道路灯的电费由镇财政按表支付，村里不用垫。"
        "每季度付了多少，随季度财务公开一起公开。",
        approver="deputy",
    ),
    Voice(
        "allowance",
        "来电：想给户口迁到县城的老人在镇里申请高龄津贴，能不能办？由工作人员代填。",
        kind=CaseKind.HOTLINE,
        post="civil",
        answer="不能在镇里办。高龄津贴按户口所在地发放，请到现在住的社区申请，带上户口簿和老人的银行卡。"
        "社区的地址已经在电话里告诉您。",
        outcome=Outcome.IMPOSSIBLE,
        approver="deputy",
    ),
    Voice(
        "phone-screen",
        "手机上看，正文里的表格右边几列看不到。",
        file="jc-05.docx",
        kind=CaseKind.PROBLEM,
        ground=Ground.ACCESS,
        post="agriculture",
        answer="表格可以用手指左右滑动，表格下面有提示。用朗读也能一行一行听。看着不方便的，打电话给我们，"
        "可以念给您听。",
        outcome=Outcome.EXPLAINED,
        approver="deputy",
    ),
    Voice(
        "shop-sign",
        "新开的水泵店就在镇东，买泵打八折，先到先得。",
        off=(WallReason.ADVERT, "是广告，不是意见"),
    ),
    Voice(
        "private-number",
        "里面有一个号码像是私人的手机号，请看看要不要遮住。",
        file="fw-02.txt",
        kind=CaseKind.PROBLEM,
        ground=Ground.PRIVACY,
    ),
)
