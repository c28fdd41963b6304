"""What else may point to a person: home telephones, plates, addresses, mail, minors, illness.

Words that name a programme and no person (高血压患者健康管理, 关爱留守儿童) are left alone: a
person is meant where a name's column, an age, or a verb of suffering stands beside them.
"""

import re
from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.numbers import shown
from gongkai.procedure.review.checks.reading import Document, Passage, Table
from gongkai.procedure.review.masks import mask
from gongkai.procedure.review.privacy import narrowed

_LANDLINE = re.compile(r"(?<![0-9-])(?:[(（]?0[0-9]{2,3}[)）]?[ \-—－]?)?[2-8][0-9]{6,7}(?![0-9-])")
_HOME = re.compile(r"(?:家庭电话|家里电话|家中电话|住宅电话|宅电|家电话|个人电话)[^0-9]{0,8}$")

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r" ?[A-HJ-NP-Za-hj-np-z][ ·•.\-]?(?=[A-Za-z]{0,5}[0-9])[A-HJ-NP-Za-hj-np-z0-9]{4,5}"
    r"[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领](?![A-Za-z0-9])"
)

_ROOM = re.compile(
    r"(?:[0-9一二三四五六七八九十]{1,4}(?:号楼|栋|幢|座|单元)"
    r"[0-9一二三四五六七八九十A-Z号栋幢座楼单元层 -]{1,16}"
    r"|[0-9]{1,4}[-—][0-9]{1,4}[-—][0-9]{1,4})[0-9]{0,4}[室号房]"
)
_FARM = re.compile(
    r"[\u4e00-\u9fff]{1,6}村(?:第)?[0-9一二三四五六七八九十]{1,3}(?:组|社|队)[ ]?[0-9]{1,4}号"
)
_BEFORE_ROOM = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]{0,30}$")

_MAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}[@＠][A-Za-z0-9][A-Za-z0-9-]{0,62}(?:[.．][A-Za-z0-9-]{1,62}){1,4}",
    re.ASCII,
)
_OFFICIAL = (".gov.cn", ".gov", ".edu.cn", ".org.cn", ".mil.cn")

_AGE = re.compile(r"(?<![0-9满.])(?:1[0-7]|[1-9])周?岁(?!以|至|到|及|的?儿童|—|-|~|～|、)")
_SOMEBODY = re.compile(
    r"(?:[男女]|[某×*○]{1,2}|之子|之女|儿子|女儿|孙子|孙女|同学|小朋友)"
    r"[，,、（( ]{0,2}(?:现年|年仅|今年)?$"
)
_PUPIL = re.compile(
    r"(?:就读于|就读在|现读于|在读于)[^，。；\s]{1,24}?(?:小学|中学|初中|高中|幼儿园|学校)"
)
_MINORS_HEAD = re.compile(r"学生姓名|儿童姓名|幼儿姓名|监护人|就读学校|所在班级|就读年级")
_AGE_HEAD = re.compile(r"^(?:年龄|岁数|周岁)(?:[(（]岁[)）])?$")

_DISEASES = (
    "癌|肿瘤|白血病|淋巴瘤|尿毒症|肾衰竭|肾衰|精神分裂|抑郁症|精神病|癫痫|艾滋病|梅毒|乙肝|肝硬化|肺结核"
    "|糖尿病|高血压|冠心病|心脏病|脑梗|脑瘫|中风|偏瘫|瘫痪|残疾|智力障碍|自闭症|红斑狼疮|骨折|血友病|尘肺"
)
_SUFFERS = re.compile(
    rf"(?:患有?(?!者)|身患|确诊|诊断为|查出|罹患|因病|突发)[^，。；\n]{{0,10}}?(?:{_DISEASES})(?!患者|防治|筛查|管理)"
)
_ILL_HEAD = re.compile(
    r"^(?:疾病|病种|病情|病名|患病|所患疾病|患病情况|患何种疾病|诊断|诊断结果|残疾类别|残疾等级|残疾类型)"
)
_NAMES_HEAD = re.compile(
    r"^(?:姓名|户主|户主姓名|申请人|患者姓名|学生姓名|儿童姓名|受助人|救助对象)"
)


def check(document: Document, about: About) -> Iterator[Hit]:
    """Everything of the passages, then what only a table's heads tell."""
    for passage in document.passages:
        yield from _telephones(passage)
        yield from _plates(passage)
        yield from _addresses(passage, about)
        yield from _mail(passage)
        yield from _minors(passage)
        yield from _illness(passage)
    for table in document.tables:
        yield from _columns(table)


def _hit(kind: str, passage: Passage, start: int, end: int, masked: str, secret: str) -> Hit:
    return Hit(kind, shown(passage.at(start, end)), masked, secret)


def _personal(kind: str, passage: Passage, start: int, end: int, found: str) -> Hit:
    return _hit(kind, passage, start, end, mask(kind, found), found)


def _telephones(passage: Passage) -> Iterator[Hit]:
    """A landline that is said to be somebody's home; an office's may be public."""
    narrow = narrowed(passage.text)
    for found in _LANDLINE.finditer(narrow):
        before = narrow[max(0, found.start() - 16) : found.start()]
        if _HOME.search(before or passage.heading):
            digits = re.sub(r"[^0-9]", "", found.group())
            yield _personal("phone", passage, *found.span(), digits)


def _plates(passage: Passage) -> Iterator[Hit]:
    for found in _PLATE.finditer(narrowed(passage.text)):
        plate = re.sub(r"[ ·•.\-]", "", found.group()).upper()
        yield _personal("plate", passage, *found.span(), plate)


def _addresses(passage: Passage, about: About) -> Iterator[Hit]:
    """Down to a room, or a number in a village's group; not the organisation's own."""
    text = passage.text
    done = 0
    for pattern in (_ROOM, _FARM):
        for found in pattern.finditer(text):
            before = _BEFORE_ROOM.search(text[done : found.start()][-30:])
            start = found.start() - (len(before.group()) if before else 0)
            whole = text[start : found.end()]
            if any(each and each in whole for each in about.own):
                continue
            yield _personal("address", passage, start, found.end(), whole)


def _mail(passage: Passage) -> Iterator[Hit]:
    if "@" not in passage.text and "＠" not in passage.text:
        return
    for found in _MAIL.finditer(passage.text):
        name, host = found.group().replace("＠", "@").replace("．", ".").split("@", 1)
        if not host.lower().endswith(_OFFICIAL):
            yield _personal("email", passage, *found.span(), f"{name}@{host}")


def _minors(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    for found in _AGE.finditer(text):
        if _SOMEBODY.search(text[max(0, found.start() - 12) : found.start()]):
            yield _hit("minor", passage, *found.span(), found.group(), found.group())
    for found in _PUPIL.finditer(text):
        yield _hit("minor", passage, *found.span(), found.group()[:3] + "…", found.group())


def _illness(passage: Passage) -> Iterator[Hit]:
    for found in _SUFFERS.finditer(passage.text):
        yield _hit("illness", passage, *found.span(), found.group(), found.group())


def _columns(table: Table) -> Iterator[Hit]:
    """A list of names with a column of illness, of guardians, or of ages under eighteen."""
    heads = table.rows[0] if table.rows else ()
    if not any(_NAMES_HEAD.match(cell.text) for cell in heads):
        return
    for column, head in enumerate(heads):
        filled = [row[column] for row in table.rows[1:] if row[column].text]
        if not filled:
            continue
        if _ILL_HEAD.match(head.text):
            yield Hit("illness", head.passage.place, head.text, head.text)
        elif _MINORS_HEAD.search(head.text):
            yield Hit("minor", head.passage.place, head.text, head.text)
        elif _AGE_HEAD.match(head.text):
            for cell in filled:
                if re.fullmatch(r"(?:1[0-7]|[1-9])岁?", cell.text):
                    place = cell.passage.at(0, len(cell.passage.text))
                    yield Hit("minor", place, cell.text, f"{head.text}{cell.text}")
