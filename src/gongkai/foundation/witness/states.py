"""What can be wrong with a log that is witnessed, or with a witness."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    """Why there is no new cosignature (没有联署的原因)."""

    UNREACHABLE = "unreachable", _("问不到")
    NOTHING = "nothing", _("那里没有检查点")
    UNSIGNED = "unsigned", _("没有用登记的公钥签名")
    STOLEN = "stolen", _("登记的公钥声明过失密，要由人问到新的公钥，再登记一次")
    BAD_SIGNATURE = "bad-signature", _("签名是假的")
    OTHER_LOG = "other-log", _("检查点属于另一个日志")
    WENT_BACK = "went-back", _("检查点比以前的短")
    TILES = "tiles", _("日志文件缺失或者损坏，算不出签了名的总指纹")
    CLOCK = "clock", _("时钟不对")
    FORKED = "forked", _("日志有两段不同的历史")
    FALSE = "false", _("联署了本站从来没有签过的检查点")


GRAVE = frozenset((Trouble.FORKED, Trouble.FALSE))
"""Evidence that somebody lies: kept until a person looks into it."""
