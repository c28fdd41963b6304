"""What each check finds, and the likes of it that it leaves alone."""

from dataclasses import replace

import pytest
from tests.procedure.review.checks.reader import kinds, labels, told

from gongkai.procedure.review.checks import money
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.checks.reading import Attached
from gongkai.procedure.review.rules import submit_obstacles


def table(*rows, head=True, caption=""):
    """A table of these rows, each a string with | between its cells; the first one of heads."""
    made = f"<caption>{caption}</caption>" if caption else ""
    for n, row in enumerate(rows):
        tag = "th" if head and not n else "td"
        made += "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row.split("|")) + "</tr>"
    return f"<table>{made}</table>"


# -- persons ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("家庭电话：0816-2345678", ["住宅电话0816*****78（正文第1段）"]),
        ("车牌川B·12345", ["车牌号川B***45（正文第1段）"]),
        ("新能源车川AD12345", ["车牌号川A***45（正文第1段）"]),
        ("住青溪镇石桥村三组12号", ["详细住址住青溪镇…（正文第1段）"]),
        ("现住幸福小区3栋2单元501室", ["详细住址…（正文第1段）"]),
        ("邮箱a.b-1@qq.com。", ["电子邮箱a***@qq.com（正文第1段）"]),
        ("李某，男，12岁", ["像是未成年人的信息：12岁（正文第1段）"]),
        ("就读于青溪镇中心小学", ["像是未成年人的信息：就读于…（正文第1段）"]),
        ("其父患糖尿病多年", ["像是个人的病情：患糖尿病（正文第1段）"]),
    ],
)
def test_what_points_to_a_person(text, expected):
    assert labels(f"<p>{text}</p>") == expected


@pytest.mark.parametrize(
    "text",
    [
        "值班电话0816-2345678，服务电话2345678",
        "编号川B1234，T12345次列车，京B股",
        "地址：青溪镇建设路12号，三组共12户",
        "信箱 office@qingxi.gov.cn",
        "满16周岁的，6岁以下儿童免费；12岁至15岁",
        "关爱留守儿童，糖尿病患者健康管理，残疾人补贴，防治高血压",
    ],
)
def test_what_points_to_nobody(text):
    assert labels(f"<p>{text}</p>") == []


def test_a_list_of_names_tells_illness_guardians_and_ages():
    body = table("姓名|年龄|病种|监护人", "甲某|12|高血压|乙某", "丙某|45|糖尿病|丁某")
    assert labels(body) == [
        "像是未成年人的信息：12（正文第1段的表格第2行第2列）",
        "像是未成年人的信息：监护人（正文第1段的表格第1行第4列）",
        "像是个人的病情：病种（正文第1段的表格第1行第3列）",
    ]
    assert labels(table("病种|定额标准（元）", "高血压|360")) == []


def test_the_identity_number_of_a_minor_is_told_as_one():
    assert kinds("<p>11010120150307109X</p>") == []  # the check digit is wrong
    assert kinds("<p>110101201503071096</p>") == ["identity", "minor"]


def test_a_columns_head_tells_what_a_bare_number_is():
    assert kinds(table("姓名|银行账号", "甲某|0123456789012345")) == ["card"]
    assert kinds(table("姓名|订单号", "甲某|6222021234567890128")) == []


# -- secrecy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("机密★1年", ["密级标志“机密★1年”"]),
        ("绝 密 ★ 长期", ["密级标志“绝密★长期”"]),
        ("秘密", ["密级标志“秘密”"]),
        ("密级：机密", ["密级标志“密级：机密”"]),
        ("内部资料，注意保存", ["内部标志“内部资料，注意保存”"]),
        ("（此件发至县团级）", ["内部标志“此件发至县团级”"]),
        ("内 部", ["内部标志“内部”"]),
    ],
)
def test_marks_of_secrecy(text, expected):
    assert labels(f"<p>{text}</p>") == [f"{each}（正文第1段）" for each in expected]


@pytest.mark.parametrize(
    "text",
    [
        "严守党的秘密，保守国家秘密和商业秘密",
        "党内部署，内部审计，内部控制制度",
        "文件发至各村（社区）",
        "关于规范内部资料管理的规定",
    ],
)
def test_words_about_secrecy_are_no_marks(text):
    assert kinds(f"<p>{text}</p>") == []


# -- words -----------------------------------------------------------------------------------------

LIST = (
    Listed("leader", "甲某某", "青溪镇党委书记"),
    Listed("sensitive", "老少边穷", "欠发达地区"),
    Listed("mistyped", "截止目前", "截至目前"),
    Listed("mistyped", "帐户", "账户"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("镇长甲某某主持", ["“甲某某”的职务，词表上是“青溪镇党委书记”"]),
        ("青溪镇党委书记甲某某主持，甲某某强调，甲某某同志指出", []),
        ("老少边穷地区", ["词表上的慎用词“老少边穷”，可以写“欠发达地区”"]),
        ("截止目前没有", ["“截止目前”常常是“截至目前”写错的"]),
        ("截至目前没有", []),
    ],
)
def test_the_word_list(text, expected):
    assert labels(f"<p>{text}</p>", words=LIST) == [f"{e}（正文第1段）" for e in expected]


# -- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年2月30日", ["没有“2026年2月30日”这一天"]),
        ("二〇二六年十一月三十一日", ["没有“二〇二六年十一月三十一日”这一天"]),
        ("2026-13-01", ["没有“2026-13-01”这一天"]),
        ("2026年11月26日（星期五）", ["2026年11月26日是星期四，写成了星期五"]),
        ("11月27日周四", ["11月27日是星期五，写成了星期四"]),
        ("2026年3月5日至3月2日", ["“2026年3月5日至3月2日”：结束早于开始"]),
        ("2026年3月5日至2日", ["“2026年3月5日至2日”：结束早于开始"]),
        ("2062年11月26日", ["“2062年11月26日”离现在很远，核对年份"]),
    ],
)
def test_dates_that_contradict(text, expected):
    assert labels(f"<p>{text}</p>") == [f"{each}（正文第1段）" for each in expected]


@pytest.mark.parametrize(
    "text",
    [
        "2024年2月29日，2026年11月26日（星期四），2026年12月28日至1月5日，11月26日至30日",
        "2026年11月26日星期四至27日，周末，1949年10月1日，2.30元，版本2026.11.23.1",
        "2026年2月，2035年远景目标，3月5日周期",
    ],
)
def test_dates_that_are_right(text):
    assert labels(f"<p>{text}</p>") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公示期为2026年11月26日至12月2日，共5个工作日", []),
        (
            "公示时间：2026年11月26日至2026年12月1日",
            ["公示期“2026年11月26日至2026年12月1日”不够5个工作日，至少到2026年12月2日"],
        ),
        (
            "公示期为2026年11月26日至12月3日，共5个工作日",
            ["公示期“2026年11月26日至12月3日”是6个工作日，写成了5个"],
        ),
        ("培训时间2026年11月26日至27日", []),
    ],
)
def test_a_notices_period_by_the_one_engine(text, expected):
    found = labels(f"<p>{text}</p>", notice_workdays=5)
    assert found == [f"{each}（正文第1段）" for each in expected]
    assert kinds(f"<p>{text}</p>") == []


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["项目|金额（元）", "甲|1,200.50", "乙|99.5", "合计|1,300"], []),
        (
            ["项目|金额（元）", "甲|1,200.50", "乙|99.5", "合 计|1,301"],
            ["“合计”写的是1,301，加起来是1,300"],
        ),
        (["项目|元", "合计|30", "甲|10", "乙|20"], []),
        (["项目|元", "甲|10", "乙|20", "小计|30", "丙|5", "丁|6", "小计|12", "总计|41"],
         ["“小计”写的是12，加起来是11"]),
        (["项目|元", "甲|10", "其中：丑|4", "乙|20", "合计|30"], []),
        (["项目|万元", "甲|10.4", "乙|20.4", "合计|30.9"], []),
        (["项目|万元", "甲|10.4", "乙|20.4", "合计|31.8"], ["“合计”写的是31.8，加起来是30.8"]),
        (["项目|金额", "甲|1万元", "乙|5000元", "合计|1.5万元"], []),
        (["项目|元|占比", "甲|1|33.3%", "乙|2|66.7%", "合计|3|100%"], []),
        (["项目|元|占比", "甲|1|33%", "乙|2|57%", "合计|3|100%"],
         ["“占比”一列的百分比加起来是90%"]),
        (["村|一季度（元）|二季度（元）|合计（元）", "甲|1|2|3", "乙|3|4|8"],
         ["“乙 合计（元）”写的是8，加起来是7"]),
        (["姓名|年龄|金额（元）", "甲某|40|1", "乙某|50|2", "合计|90|3"], []),
        (["项目|元", "甲|10", "乙|—", "合计|10"], []),
    ],
)  # fmt: skip
def test_totals(rows, expected):
    found = [
        each.label.rpartition("（正文")[0] for each in told(table(*rows)) if each.kind == "sums"
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人民币壹万贰仟叁佰肆拾伍元整（¥12,345.00）", []),
        ("12,345.60元（大写：壹万贰仟叁佰肆拾伍元陆角整）", []),
        ("1.2万元（大写：壹万贰仟元整）", []),
        (
            "壹佰零伍元整（¥150）",
            ["大写“壹佰零伍元整”是105元，小写是150元（正文第1段）"],
        ),
        ("奖励3人，发放壹佰元整", []),
    ],
)
def test_capital_figures(text, expected):
    assert labels(f"<p>{text}</p>") == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [("壹亿零叁拾万元整", "100300000"), ("拾元伍角", "10.5"), ("伍分", None), ("甲元", None)],
)
def test_capitals_are_read(written, value):
    found = money.capitals(written)
    assert (None if found is None else str(found)) == value


# -- making ----------------------------------------------------------------------------------------


def test_links_to_ourselves_that_lead_nowhere():
    body = '<p><a href="https://b.invalid/i/AAAAAAAAA1">甲</a>，见/i/BBBBBBBBB2，/i/CCCCCCCCC3</p>'
    standing = {"AAAAAAAAA1": "missing", "BBBBBBBBB2": "withdrawn", "CCCCCCCCC3": ""}
    given = {"standing": standing, "hosts": ("b.invalid",)}
    assert labels(body, **given) == [
        "站内没有/i/AAAAAAAAA1这个地址（正文第1段）",
        "/i/BBBBBBBBB2已经撤回，打开只有撤回说明（正文第1段）",
    ]
    other = body.replace("b.invalid", "elsewhere.invalid")
    assert len(labels(other, **given)) == 1


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("IMG_2031.jpg", False),
        ("微信图片_20261126091122.png", False),
        ("图1", False),
        ("0f" * 16, False),
        ("石桥村水渠竣工现场.jpg", True),
        ("图1 水渠", True),
    ],
)
def test_pictures_need_a_name_that_says_something(title, named):
    picture = Attached(title, "0" * 64, "", "image/jpeg")
    assert kinds(attached=[picture]) == ([] if named else ["pictures"])
    placed = f'<figure><img alt="{title}" src="/files/ABCDEFGH23/{"0" * 16}.jpg"></figure>'
    assert kinds(placed, attached=[replace(picture, title="图1")]) == kinds(attached=[picture])
    assert kinds(attached=[Attached(title, "0" * 64, "", "application/pdf")]) == []


def test_signs_that_no_sheet_can_show_are_named_and_rare_characters_are_not():
    found = told(
        "<p>𠮷㐂甲方签字‮：①Ⅳ㎡</p><table><tr><th>项</th></tr><tr><td>好\U0001f600</td></tr></table>",
        [("标题", "开会\U0001f600")],
        [Attached("会场\U0001f33e图", "0" * 64, "\U0001f600", "application/pdf")],
    )
    assert [each.label for each in found] == [
        "“😀”（U+1F600）印不出来（标题、正文第2段的表格第2行第1列）",
        "“🌾”（U+1F33E）印不出来（附件名称）",
    ]
    assert submit_obstacles(found)[0] == (
        "“😀”（U+1F600）印不出来（标题、正文第2段的表格第2行第1列）。"
        "字体里没有这个字。请改成文字，或者换一个字。改好再送审。"
    )


def test_tables_need_heads():
    assert kinds(table("甲|1", "乙|2", head=False)) == ["tables"]
    assert kinds(table("甲|1", "乙|2")) == []


def test_elements_and_marks_left_over():
    body = "<p>受理 单位：镇政府。【填：电话】【】【党建】</p>"
    wanted = [["受理单位"], ["邮编", "邮政编码"], ["联系人"]]
    assert labels(body, elements=wanted) == [
        "照字面没有找到：邮编、联系人",
        "“【填：电话】”还没有填（正文第1段）",
        "“【】”还没有填（正文第1段）",
    ]
    assert labels("<p>邮政编码621000</p>", elements=[wanted[1]]) == []
