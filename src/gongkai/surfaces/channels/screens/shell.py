"""The one page that every display loads: its files, its words, and by what it knows a newer one."""

from functools import cache
from hashlib import sha256

import gongkai
from gongkai.foundation.ui.marks import asset

STYLES = ("gongkai/tokens.css", "screens/screen.css")
MODULES = (
    "screens/main.js",
    "screens/clock.js",
    "screens/kept.js",
    "screens/feed.js",
    "screens/pairing.js",
    "screens/paging.js",
    "screens/drawing.js",
    "screens/player.js",
    "screens/kiosk.js",
    "screens/report.js",
    "screens/speaking.js",
    "screens/keyboard.js",
    "screens/typing.js",
    "screens/pinyin.js",
)
ICON = "gongkai/icon.svg"
WORDS = {
    "pairTitle": "这块屏还没有配对",
    "pairDo": "请在公开办公台打开“电子显示屏”，按“配对”，输入下面的代码：",
    "pairWait": "代码10分钟换一次。输入以后，这里自己会变。",
    "pairPlain": "这里不是用https打开的：断网、断电以后不能自己再播。请改用https的网址，再配对。",
    "pairNone": "现在拿不到代码。请检查网络，这里每隔一会儿再试一次。",
    "pairBusy": "等着配对的屏太多了。这里过一分钟再试。",
    "waiting": "已经配对，正在取内容……",
    "nothing": "现在没有要上屏的内容。",
    "resting": "现在不是播出时间。",
    "expired": "没有联网的时间太长，内容已经过期，不再显示。请检查网络。",
    "online": "联机，内容更新于%s",
    "offline": "没有联网，内容是%s的",
    "clockWrong": "本机时钟差%s分钟，已按服务器校正",
    "page": "第%s页，共%s页",
    "scan": "扫码看全文",
    "say": "扫码提意见",
    "cut": "屏上只放开头一部分，全文请扫码看。",
    "attachments": "有%s个附件，请扫码看。",
    "picture": "这里有一张图：%s。请扫码看。",
    "columns": "第%s至%s列，共%s列",
    "corrected": "已更正",
    "urgent": "紧急",
    "telephones": "电话",
    "inviting": "正在公示和征求意见",
    "weekdays": "星期日 星期一 星期二 星期三 星期四 星期五 星期六",
    "touch": "点一下屏幕，自己查看",
    "home": "首页",
    "homeTitle": "想看什么，请点一下",
    "find": "查找",
    "all": "全部",
    "back": "返回",
    "before": "上一页",
    "next": "下一页",
    "speak": "有话要说",
    "findHow": "写拼音，再点键盘上面的字词。也可以写文号、公开编号。",
    "findNone": "没有找到。这块屏只找屏上的内容，全部内容请用手机在网站上查。",
    "found": "找到%s件",
    "erase": "删一个",
    "clear": "清空",
    "typed": "写好的",
    "choices": "候选的字词",
    "choicesBefore": "前面的字词",
    "choicesNext": "后面的字词",
    "keys": "键盘",
    "face-zh": "中",
    "face-en": "英",
    "face-num": "数字",
    "space": "空格",
    "line": "换行",
    "write": "自己写几句",
    "writeHow": "写拼音，再点键盘上面的字词，最多500个字。不用留名字，不要写别人的身份证号、电话。",
    "look": "写好了",
    "lookTitle": "请看一遍再送出",
    "lookHow": "只给经办人看，不公开。按“送出”以后给您一个查询码，凭码看答复。",
    "go": "送出",
    "edit": "再改改",
    "groundHow": "这件内容有什么问题？点一项就送出，不留姓名。别的话，可以自己写，或者用手机扫码。",
    "groundSay": "在触摸屏上点选：%s",
    "sentTitle": "已经收到",
    "sent": "凭下面的查询码，可以在网站上看答复。码只在这里显示这一次：请用手机扫码，或者抄下来。",
    "sentScan": "扫这个码，直接打开查进展的页面",
    "sentDone": "记下了，清掉这一页",
    "unsent": "没有送出。请过一会儿再试，或者用手机扫码提意见。",
    "sending": "正在送出……",
    "idle": "没有人用，%s秒后回到轮播",
    "idleSecret": "%s秒后自动清掉这一页",
}
"""Everything that the program itself says. In Chinese alone, as what is printed: a hall reads what
was written, whoever switched the display on."""


def assets() -> list[str]:
    """The addresses of all that the page needs, so that it also starts without a network."""
    return [asset(name) for name in (*STYLES, *MODULES, ICON)]


@cache
def version() -> str:
    """Of the page and its program: another one means that a display loads itself anew."""
    digest = sha256("\n".join(assets()).encode()).hexdigest()[:12]
    return f"{gongkai.__version__} {digest}"
