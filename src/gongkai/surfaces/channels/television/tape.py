"""The video of a loop and what lies beside it 循环片: written whole, or not at all.

Of each page one second is encoded, a group of pictures closed in itself, and stands as often as
the page has seconds: the pieces are joined without being encoded again, so a quarter of an hour
costs no more than its pages. Between two pages progress is told, and a loop that nobody wants any
more is left off.
"""

import os
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core import durable
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.process import ended
from gongkai.surfaces.channels.television import crawl, timing
from gongkai.surfaces.channels.television.frames import Pages
from gongkai.surfaces.channels.television.timing import RATE

VIDEO, SRT, VTT = "loop.mp4", "loop.srt", "loop.vtt"
CRAWL, CRAWL_GB = "crawl.txt", "crawl-gb18030.txt"
FILES = {
    VIDEO: "video/mp4",
    SRT: "application/x-subrip",
    VTT: "text/vtt; charset=utf-8",
    CRAWL: "text/plain; charset=utf-8",
    CRAWL_GB: "text/plain; charset=gb18030",
}
"""What a station is handed, and what each is."""
POSTER_WIDTH = 480
SECONDS = 120
"""Processor time of one call: a page, or joining all."""
ROOM = 1024 * 1024 * 1024
"""Bytes that must be free before a loop is begun: many times what a quarter of an hour takes."""
_CHILD = [sys.executable, "-I", "-m", "gongkai.surfaces.channels.television.child"]
_LOOK = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "18"]
_FORM = ["-pix_fmt", "yuv420p", "-r", str(RATE), "-g", str(RATE), "-bf", "0", "-profile:v", "high"]
_COLOUR = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
_MATRIX = (
    "scale=out_color_matrix=bt709:out_range=tv,"
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709"
)


class LeftOff(Exception):
    """Nobody wants this loop any more."""


def available() -> bool:
    """Whether the extra that brings ffmpeg is installed."""
    return find_spec("imageio_ffmpeg") is not None


def program() -> str:
    """Where ffmpeg is; ``Refused`` where the extra is not installed."""
    if not available():
        raise Refused([_("这台机器没有装视频工具。请安装gongkai[television]。")])
    from imageio_ffmpeg import get_ffmpeg_exe

    return str(get_ffmpeg_exe())


def folder(key: int) -> Path:
    """Where the files of a loop stand."""
    return Path(settings.HOME.television) / str(key)


def poster(number: int) -> str:
    """The name of the small picture of a page."""
    return f"page-{number:03d}.webp"


def make(key: int, pages: Pages, told: crawl.Crawl, progress: Callable[[int], bool]) -> None:
    """Write the loop ``key``: video, words, small pictures. ``progress`` hears how many pages are
    done and says whether to go on; else ``LeftOff``.

    ``Refused`` when the disk has no room or a page cannot be encoded; then nothing is left.
    """
    target, ffmpeg = folder(key), program()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < ROOM:
        raise Refused([_("磁盘剩下的地方不够做视频，至少要空出1GB。")])
    part = target.with_name(f".{key}.part")
    remove(part)
    part.mkdir(mode=0o700)
    try:
        pieces = _pieces(ffmpeg, part, pages, progress)
        _join(ffmpeg, part, pieces, timing.total(pages.shown))
        texts = {SRT: timing.srt(pages.shown), VTT: timing.vtt(pages.shown), CRAWL: told.text}
        for name, text in texts.items():
            (part / name).write_text(text, "utf-8")
        (part / CRAWL_GB).write_bytes(told.text.encode("gb18030"))
        remove(target)
        durable.sync([*part.iterdir(), part])
        part.rename(target)
        durable.sync([target.parent])
    finally:
        remove(part)


def remove(place: Path) -> None:
    """Remove a folder, if it is there."""
    shutil.rmtree(place, ignore_errors=True)


def sweep(keep: set[int]) -> int:
    """Remove every loop but these, and what a killed worker left. Returns how many."""
    place, gone = Path(settings.HOME.television), 0
    for found in place.iterdir() if place.exists() else ():
        if found.name not in {str(key) for key in keep}:
            remove(found)
            gone += 1
    return gone


def _pieces(ffmpeg: str, part: Path, pages: Pages, progress: Callable[[int], bool]) -> list[str]:
    from PIL import Image

    found = []
    for number, drawn in enumerate(pages.pictures(), 1):
        if not progress(number - 1):
            raise LeftOff
        (part / "page.png").write_bytes(drawn)
        with Image.open(BytesIO(drawn)) as picture:
            small = (POSTER_WIDTH, POSTER_WIDTH * picture.height // picture.width)
            picture.resize(small).save(part / poster(number), "WEBP", quality=80)
        name = f"piece-{number:03d}.mp4"
        still = ["-loop", "1", "-framerate", str(RATE), "-i", "page.png", "-vf", _MATRIX]
        _run(ffmpeg, part, [*still, "-frames:v", str(RATE), *_LOOK, *_FORM, *_COLOUR, name])
        found += [name] * pages.shown[number - 1].seconds
    (part / "page.png").unlink(missing_ok=True)
    return found


def _join(ffmpeg: str, part: Path, pieces: list[str], seconds: int) -> None:
    """One file of all, with a silent sound track: some playout programs take none without."""
    (part / "pieces.txt").write_text("".join(f"file '{name}'\n" for name in pieces), "utf-8")
    video = ["-f", "concat", "-i", "pieces.txt"]
    silence = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]
    sound = ["-c:a", "aac", "-b:a", "96k", "-t", str(seconds)]
    end = ["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-movflags", "+faststart"]
    _run(ffmpeg, part, [*video, *silence, *end, *sound, VIDEO])
    for name in {*pieces, "pieces.txt"}:
        (part / name).unlink()


def _run(ffmpeg: str, part: Path, asked: list[str]) -> None:
    """One call of ffmpeg in ``part``. ``Refused`` when it fails or its time runs out."""
    command = [*_CHILD, str(os.getpid()), str(SECONDS), ffmpeg, "-nostdin", "-v", "error", "-y"]
    paths = [str(part / name) if _is_file(part, name) else name for name in asked]
    status, _answer = ended([*command, *paths], 2 * SECONDS, part)
    if status != 0:
        raise Refused([_("视频没有做成：编码程序出错或者超时。请看服务器的磁盘和负荷，再做一次。")])


def _is_file(part: Path, name: str) -> bool:
    """Whether an argument names a file of ours: those that are there, and those to be made."""
    return name.endswith((".mp4", ".png", ".txt")) and "/" not in name
