"""A picture drawn anew before it is kept: what else its bytes held does not come along.

Where and with what it was taken, a second file behind the last pixel, a script in a comment: none
of it survives. Size and colours do; a turned photograph is stored upright.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import storage
from gongkai.foundation.files.pages import limited
from gongkai.foundation.files.pages.limited import Failed, Unshowable
from gongkai.foundation.files.pages.verdicts import LARGE


@contextmanager
def drawn(path: Path, extension: str) -> Iterator[storage.Incoming]:
    """The picture at ``path`` drawn anew, beside the store until the block ends.

    The same bytes always give the same bytes. Raises ``Refused`` when it is damaged or too large.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / f"anew.{extension}"
        try:
            limited.run(f"anew-{extension}", path, Path(folder))
        except Unshowable as verdict:
            raise Refused([_too_large() if verdict.status == LARGE else _damaged()]) from verdict
        except Failed as failed:
            raise Refused([_too_large()]) from failed
        with made.open("rb") as file, storage.arriving(file, 4 * settings.UPLOAD_LIMIT) as incoming:
            yield incoming


def _too_large() -> str:
    return _("图像太大（超过6,000万个像素），没有收下。请缩小以后再传一次。")


def _damaged() -> str:
    return _("图像打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。")
