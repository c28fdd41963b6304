"""How well the checks find what they look for: a labelled set, made by a seeded script.

    python -m tests.procedure.review.checks.labelled

prints precision and recall of each kind, as ``docs/reference/checks.md`` has them. Every sample is
a sentence or a table with the kinds that stand in it, and nothing else; the negatives look like
them. All numbers, names and addresses are drawn, none is anybody's.
"""

# ruff: noqa: E501  (a sample stands on one line, as it is read)

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum import luhn
from stdnum.cn import ric

SEED, EACH = 20261126, 120
TODAY = date(2026, 11, 26)
NOTICE = 5
WIDE = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Sample:
    """A piece of a body, and the kinds of findings that a reader would expect in it."""

    html: str
    expected: frozenset[str]


class Maker:
    """Draws the pieces of samples; the same seed gives the same set."""

    def __init__(self, seed: int = SEED) -> None:
        self.chance = random.Random(seed)

    def digits(self, count: int) -> str:
        """So many digits, the first not 0."""
        first = str(self.chance.randint(1, 9))
        return first + "".join(str(self.chance.randint(0, 9)) for _ in range(count - 1))

    def day(self, first: int = 1940, last: int = 2005) -> date:
        """A day between two years."""
        start = date(first, 1, 1)
        return start + timedelta(days=self.chance.randrange((date(last, 12, 31) - start).days))

    def name(self) -> str:
        """A name that is nobody's."""
        return self.chance.choice("赵钱孙李周吴郑王") + self.chance.choice(["某", "某某", "××"])

    def place(self) -> str:
        """Six digits of a place."""
        return self.chance.choice(["110101", "330106", "510703", "440305", "650102", "150102"])

    def identity(self, born: date | None = None) -> str:
        """An identity number with its check digit."""
        body = f"{self.place()}{born or self.day():%Y%m%d}{self.chance.randrange(1000):03d}"
        return body + str(ric.calc_check_digit(body + "0"))

    def mobile(self) -> str:
        """A mobile number."""
        return f"1{self.chance.randint(3, 9)}{self.digits(9)}"

    def card(self) -> str:
        """A card's number of an issuer's range with its Luhn digit."""
        prefix, length = self.chance.choice(
            [("6222", 19), ("621700", 19), ("6228", 19), ("5187", 16), ("4367", 16)]
        )
        body = prefix + "".join(
            str(self.chance.randint(0, 9)) for _ in range(length - len(prefix) - 1)
        )
        return body + str(luhn.calc_check_digit(body))

    def spelt(self, number: str, sizes: tuple[int, ...]) -> str:
        """A number as people write it: plain, wide, in groups, in Chinese, broken by marks."""
        way = self.chance.randrange(8)
        groups, start = [], 0
        for size in sizes:
            groups.append(number[start : start + size])
            start += size
        groups = [each for each in [*groups, number[start:]] if each]
        if way == 1:
            return number.translate(WIDE)
        if way == 2:
            return self.chance.choice([" ", "-", "—", "\u3000", "&nbsp;"]).join(groups)
        if way == 3 and "X" not in number:
            return number.translate(SPOKEN)
        if way == 4:
            return "\u200b".join(groups)
        if way == 5:
            return f"{groups[0]}<strong>{groups[1]}</strong>{''.join(groups[2:])}"
        if way == 6:
            return "<br>".join(groups)
        return number

    # -- what is meant to be found -----------------------------------------------------------------

    def p_identity(self) -> tuple[str, str]:
        """An identity number, new or old, in a sentence or a cell."""
        number = self.spelt(self.identity(), (6, 8))
        if self.chance.random() < 0.15:
            number = f"{self.place()}{self.day(1930, 1999):%y%m%d}{self.digits(3)}"
        lead = self.chance.choice(["身份证号码", "证件：", f"{self.name()}，", "（", "号码为"])
        return f"<p>{lead}{number}，请核对。</p>", "identity"

    def p_mobile(self) -> tuple[str, str]:
        """A mobile number."""
        lead = self.chance.choice(["电话", "联系人：", f"{self.name()} ", "手机+86 ", "请拨"])
        return f"<p>{lead}{self.spelt(self.mobile(), (3, 4))}。</p>", "mobile"

    def p_card(self) -> tuple[str, str]:
        """A card, or an account that is called one."""
        if self.chance.random() < 0.25:
            return (
                f"<p>开户行某支行，账号：{self.digits(self.chance.randint(12, 19))}。</p>",
                "card",
            )
        return f"<p>补贴打入{self.spelt(self.card(), (4, 4, 4))}。</p>", "card"

    def p_phone(self) -> tuple[str, str]:
        """A telephone that is said to be at home."""
        lead = self.chance.choice(["家庭电话：", "住宅电话", "宅电 ", "家中电话为"])
        return (
            f"<p>{self.name()}，{lead}0816-{self.chance.randint(2, 8)}{self.digits(6)}。</p>",
            "phone",
        )

    def p_plate(self) -> tuple[str, str]:
        """A plate of a car, an old or a new one."""
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
        rest = self.digits(5) if self.chance.random() < 0.6 else f"D{self.digits(5)}"
        dot = self.chance.choice(["", "·", " "])
        gap = self.chance.choice(["", "", " "])
        return (
            f"<p>车辆{self.chance.choice('川京沪粤')}{gap}{self.chance.choice(letters)}{dot}{rest}维修。</p>",
            "plate",
        )

    def p_address(self) -> tuple[str, str]:
        """Where somebody lives."""
        n = self.chance.randint
        where = self.chance.choice(
            [
                f"青溪镇石桥村{n(1, 9)}组{n(1, 99)}号",
                f"幸福小区{n(1, 30)}栋{n(1, 4)}单元{n(101, 999)}室",
                f"建设路{n(1, 99)}号{n(1, 20)}号楼{n(101, 999)}室",
                f"和平街{n(1, 99)}-{n(1, 9)}-{n(1, 99)}号",
                f"石桥村{n(1, 300)}号",
            ]
        )
        return f"<p>{self.name()}，住{where}。</p>", "address"

    def p_email(self) -> tuple[str, str]:
        """A private mailbox."""
        name = self.chance.choice(["zhao", "w.li", "q_sun88"]) + self.digits(2)
        at = self.chance.choice(["@", "@", "@", "＠", "[at]"])
        return (
            f"<p>来信请寄{name}{at}{self.chance.choice(['qq.com', '163.com', 'example.com'])}。</p>",
            "email",
        )

    def p_minor(self) -> tuple[str, str]:
        """Somebody under eighteen."""
        age = self.chance.randint(1, 17)
        way = self.chance.randrange(5)
        if way == 3:
            child = self.chance.choice(["儿子", "女儿", "孙子"])
            return f"<p>{self.name()}的{child}今年{age}岁。</p>", "minor"
        if way == 4:  # in words, as it is seldom written
            words = "一二三四五六七八九"[age % 9]
            return f"<p>{self.name()}年仅{words}岁，由祖母照看。</p>", "minor"
        if way == 0:
            return (
                f"<p>{self.name()}，{self.chance.choice('男女')}，{age}岁，父母外出。</p>",
                "minor",
            )
        if way == 1:
            return (
                f"<p>{self.name()}就读于某镇{self.chance.choice(['中心小学', '初级中学', '幼儿园'])}。</p>",
                "minor",
            )
        rows = f"<tr><td>{self.name()}</td><td>{self.name()}</td></tr>"
        return f"<table><tr><th>姓名</th><th>监护人</th></tr>{rows}</table>", "minor"

    def p_illness(self) -> tuple[str, str]:
        """What somebody suffers from."""
        what = self.chance.choice(["糖尿病", "肺癌", "尿毒症", "高血压", "脑瘫", "白血病"])
        way = self.chance.randrange(5)
        if way == 3:  # without a word of suffering
            how = self.chance.choice(["瘫痪在床多年", "做过心脏手术", "因病致贫"])
            return f"<p>{self.name()}{how}。</p>", "illness"
        if way == 0:
            return (
                f"<p>{self.name()}{self.chance.choice(['患', '患有', '确诊为', '身患'])}{what}，家庭困难。</p>",
                "illness",
            )
        if way == 1:
            return f"<p>{self.name()}的妻子长期患{what}。</p>", "illness"
        rows = f"<tr><td>{self.name()}</td><td>{what}</td></tr>"
        return f"<table><tr><th>姓名</th><th>病种</th></tr>{rows}</table>", "illness"

    def p_secrecy(self) -> tuple[str, str]:
        """A mark of secrecy."""
        level = self.chance.choice(["绝密", "机密", "秘密"])
        tail = self.chance.choice(["", "★", "★1年", "★长期", " ★ 10年"])
        return (
            f"<p>{self.chance.choice(['', '密级：']) if not tail else ''}{level}{tail}</p>",
            "secrecy",
        )

    def p_inner(self) -> tuple[str, str]:
        """A mark of inner circulation."""
        what = self.chance.choice(
            [
                "内部资料，注意保存",
                "内部",
                "（此件发至县团级）",
                "仅供内部参考",
                "内部文件 不得外传",
                "传达至乡科级以上党员干部",
            ]
        )
        return f"<p>{what}</p>", "inner"

    def p_dates(self) -> tuple[str, str]:
        """A date that is none, does not fit its weekday, ends before it begins, or is far off."""
        on = self.day(2026, 2026)
        way = self.chance.randrange(4)
        if way == 0:
            month = self.chance.choice([2, 4, 6, 9, 11])
            return f"<p>定于2026年{month}月31日召开。</p>", "dates"
        if way == 1:
            wrong = DAYS[(on.weekday() + self.chance.randint(1, 6)) % 7]
            return f"<p>{on.year}年{on.month}月{on.day}日（星期{wrong}）上午。</p>", "dates"
        if way == 2:
            last = on - timedelta(days=self.chance.randint(1, 20))
            year = f"{last.year}年"
            return (
                f"<p>{on.year}年{on.month}月{on.day}日至{year}{last.month}月{last.day}日。</p>",
                "dates",
            )
        return (
            f"<p>{self.chance.choice([2062, 1026, 2206, 2126])}年{on.month}月{on.day}日前完成。</p>",
            "dates",
        )

    def p_period(self) -> tuple[str, str]:
        """A notice that stands too short, or is counted wrongly."""
        on = self.day(2026, 2026)
        last = on + timedelta(days=self.chance.randint(0, 3))
        return (
            f"<p>公示期为{on.year}年{on.month}月{on.day}日至{last.year}年{last.month}月{last.day}日。</p>",
            "period",
        )

    def _amounts(self, count: int) -> list[int]:
        return [self.chance.randint(100, 99999) for _ in range(count)]

    def _account(self, amounts: list[int], total: int, unit: str = "元") -> str:
        rows = "".join(
            f"<tr><td>第{n}项</td><td>{each:,}</td></tr>" for n, each in enumerate(amounts, 1)
        )
        return f"<table><tr><th>项目</th><th>金额（{unit}）</th></tr>{rows}<tr><td>合计</td><td>{total:,}</td></tr></table>"

    def p_sums(self) -> tuple[str, str]:
        """A table whose total is off by one figure."""
        amounts = self._amounts(self.chance.randint(2, 9))
        off = self.chance.choice([-1, 1]) * 10 ** self.chance.randint(0, 3)
        return self._account(amounts, sum(amounts) + off), "sums"

    def p_capitals(self) -> tuple[str, str]:
        """Capital figures beside digits that say something else."""
        amount = self.chance.randint(1000, 9_999_999)
        other = amount + 10 ** self.chance.randint(0, 3)
        return f"<p>支付人民币{capital(amount)}（¥{other:,}.00）。</p>", "capitals"

    def p_tables(self) -> tuple[str, str]:
        """A table without heads."""
        return (
            "<table><tr><td>甲</td><td>一</td></tr><tr><td>乙</td><td>二</td></tr></table>",
            "tables",
        )

    def p_unfilled(self) -> tuple[str, str]:
        """A mark that was left over."""
        return (
            f"<p>电话{self.chance.choice(['【填：电话】', '【】', '【请填写】', '【填】'])}。</p>",
            "unfilled",
        )

    # -- what only looks like it -------------------------------------------------------------------

    def negative(self) -> str:
        """Something that none of the checks should stop at."""
        n, on = self.chance.randint, self.day(2020, 2026)
        luhny = self.digits(18)
        luhny += str(luhn.calc_check_digit(luhny))
        amounts = self._amounts(4)
        weekday = DAYS[on.weekday()]
        return self.chance.choice(
            [
                f"<p>青委发〔{on.year}〕{n(1, 300)}号，档号Z109-WS·2026-Y-BGS-{n(1, 9999):04d}。</p>",
                f"<p>订单号：{luhny}，已发货。</p>",
                f"<p>流水号{self.digits(17)}，凭证号{self.mobile()}。</p>",
                f"<p>合同编号 {on:%Y%m%d}{self.digits(7)}，项目编号{self.digits(18)}。</p>",
                f"<p>统一社会信用代码91510703MA{self.digits(8)}。</p>",
                f"<p>支出{self.mobile()}元，收入{n(1, 999)},{n(100, 999)}.{n(10, 99)}元，{self.mobile()}.50。</p>",
                f"<p>值班电话0816-{self.digits(7)}，办公电话（0816）{self.digits(7)}，热线12345。</p>",
                f"<p>第{self.mobile()}号文，{on.year}-{on.month:02d}-{on.day:02d} 09:40。</p>",
                f"<p>办公地址：青溪镇建设路{n(1, 99)}号，{n(2, 9)}组共{n(10, 99)}户，{n(1, 9)}栋楼。</p>",
                f"<p>信箱 office{n(1, 9)}@qingxi.gov.cn，版本{n(1, 9)}.{n(1, 20)}.{n(1, 30)}。</p>",
                f"<p>满{n(6, 17)}周岁的儿童，{n(1, 17)}岁以下免费接种，{n(60, 90)}岁老人。</p>",
                "<p>高血压、糖尿病患者健康管理，残疾人两项补贴，防治肺结核，关爱留守儿童。</p>",
                "<p>严守党的秘密，保守国家秘密、商业秘密，加强机密文件管理，涉密人员。</p>",
                "<p>内部控制制度，党内部署，内部审计，文件发至各村（社区）。</p>",
                f"<p>{on.year}年{on.month}月{on.day}日（星期{weekday}）上午，12月28日至1月5日放假。</p>",
                "<p>1949年10月1日，2035年远景目标，2024年2月29日。</p>",
                self._account(amounts, sum(amounts)),
                f"<p>人民币{capital(amounts[0])}（¥{amounts[0]:,}.00），大写{capital(amounts[1])}。</p>",
                "<table><tr><th>病种</th><th>定额</th></tr><tr><td>高血压</td><td>360</td></tr></table>",
                f"<p>公示期为2026年11月26日至2026年12月2日，共5个工作日。</p><p>【党建】要闻{n(1, 9)}则。</p>",
                f"<p>列车G{n(1000, 9999)}，公式川B股，表{n(1, 9)}-{n(1, 9)}-{n(1, 9)}，比分{n(0, 9)}-{n(0, 9)}。</p>",
                "<p>确诊为高血压的，门诊报销比例提高；患有残疾的，发放补贴。</p>",
                "<p>就读于镇中心小学的困难学生，免收餐费。</p>",
                f"<p>幸福小区{n(1, 30)}栋{n(1, 4)}单元外墙维修，二号楼{n(101, 999)}室改作阅览室。</p>",
                "<p>征求意见请发qingxi_office@163.com，或者当面提。</p>",
                f"<p>公务用车川B{self.digits(5)}年检。</p>",
                "<p>2026年11月26日至27日停电，11月30日（星期一）恢复。</p>",
                f"<p>邮编{n(600000, 699999)}，坐标{n(100, 120)}.{self.digits(6)}，面积{self.digits(5)}.{n(1, 9)}平方米。</p>",
                f"<p>快递运单号{self.card()[:15]}，受理编号：{self.identity()[:15]}。</p>",
            ]
        )


def capital(amount: int) -> str:
    """An amount in capital figures, as a bank wants it."""
    figures, units = "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]

    def section(n: int) -> str:
        parts, zero = [], False
        for place in range(3, -1, -1):
            digit = n // 10**place % 10
            if digit:
                parts.append(("零" if zero and parts else "") + figures[digit] + units[place])
                zero = False
            else:
                zero = True
        return "".join(parts)

    high, low = divmod(amount, 10_000)
    words = section(high) + "万" if high else ""
    if low:
        words += ("零" if high and low < 1000 else "") + section(low)
    return f"{words}元整"


def samples(seed: int = SEED, each: int = EACH) -> Iterator[Sample]:
    """``each`` samples of every kind, and as many negatives as there are of all of them."""
    maker = Maker(seed)
    names = sorted(name for name in vars(Maker) if name.startswith("p_"))
    for name in names:
        yield from positives(maker, name, each)
    for _ in range(each * len(names)):
        yield Sample(maker.negative(), frozenset())


def positives(maker: Maker, name: str, each: int = EACH) -> Iterator[Sample]:
    """``each`` samples that ``maker.name`` makes."""
    make: Callable[[], tuple[str, str]] = getattr(maker, name)
    for _ in range(each):
        html, kind = make()
        yield Sample(html, frozenset([kind]))


@dataclass(frozen=True)
class Score:
    """How often a kind was found where it is, missed, and found where it is not."""

    right: int
    missed: int
    wrong: int

    @property
    def precision(self) -> float:
        """Of what was found, how much is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what there is, how much was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def scores(given: Iterable[Sample]) -> dict[str, Score]:
    """The score of every kind in the samples."""
    from tests.procedure.review.checks.reader import kinds

    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for sample in given:
        found = frozenset(kinds(sample.html, today=TODAY, notice_workdays=NOTICE))
        right.update(sample.expected & found)
        missed.update(sample.expected - found)
        wrong.update(found - sample.expected)
    names = sorted({*right, *missed, *wrong})
    return {name: Score(right[name], missed[name], wrong[name]) for name in names}


def main() -> None:
    """Print the table."""
    print("| kind | found | missed | wrongly found | precision | recall |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, score in scores(samples()).items():
        figures = f"{score.right} | {score.missed} | {score.wrong}"
        print(f"| `{name}` | {figures} | {score.precision:.3f} | {score.recall:.3f} |")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        os.environ["GONGKAI_HOME"] = home
        os.environ.setdefault("SECRET_KEY", "only for this count")
        import django

        django.setup()
        main()
