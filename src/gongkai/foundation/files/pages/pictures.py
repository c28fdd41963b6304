"""Pictures as they are shown: drawn anew as WebP in two sizes, never the bytes that came.

A picture's size is read from its head before a pixel is unpacked. Drawing anew leaves behind where
and with what it was taken, and whatever else was hidden in it.
"""

import io
import json
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, Stop

SCREEN, LARGER = 900, 1600
"""Pixels of width: a column on a screen, and what large type or a zoom needs."""
TALLEST = 8_000
PIXELS_LIMIT = 60_000_000
QUALITY = {SCREEN: 40, LARGER: 30}
"""The larger one is looked at on dense screens, where one pixel's fault is not seen."""
EFFORT = 2
ORIENTATION = 0x0112
REDRAWN = 92
"""Of a photograph that must be turned before it is kept; others keep their own."""
EMBEDDED = 50

Image.MAX_IMAGE_PIXELS = PIXELS_LIMIT
warnings.simplefilter("error", Image.DecompressionBombWarning)


def opened(data: bytes | Path) -> Image.Image:
    """The picture, unpacked, upright, on white. ``Stop`` when it is too large or damaged."""
    try:
        with Image.open(io.BytesIO(data) if isinstance(data, bytes) else data) as found:
            if found.format not in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
                raise Stop(BROKEN)
            if found.width * found.height > PIXELS_LIMIT:
                raise Stop(LARGE)
            found.draft("RGB", (LARGER, LARGER))  # a JPEG is unpacked at an eighth where that does
            upright = ImageOps.exif_transpose(found)
            return on_white(upright)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Stop(LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Stop(BROKEN) from error


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        ground = Image.new("RGB", whole.size, "white")
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    return image.convert("RGB")


def kept(image: Image.Image, folder: Path) -> list[list[Any]]:
    """Write the picture in its sizes, the smallest first; each as width, height, digest."""
    found: list[list[Any]] = []
    for width in (SCREEN, LARGER):
        shown = _fitted(image, width)
        if found and shown.size == (found[-1][0], found[-1][1]):
            break
        target = io.BytesIO()
        shown.save(target, "WEBP", quality=QUALITY[width], method=EFFORT)
        data = target.getvalue()
        digest = sha256(data).hexdigest()
        (folder / digest).write_bytes(data)
        found.append([shown.width, shown.height, digest])
    return found


def anew(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """The picture alone in its own format, upright, without anything that came with it."""
    format = {"jpg": "JPEG", "png": "PNG"}[extension]
    more: dict[str, Any] = {} if format == "PNG" else {"quality": "keep"}
    try:
        with Image.open(source, formats=[format]) as found:
            if found.width * found.height > PIXELS_LIMIT:
                raise Stop(LARGE)
            turned = found.getexif().get(ORIENTATION, 1) != 1
            upright: Image.Image = ImageOps.exif_transpose(found) if turned else found
            if format == "JPEG" and (turned or upright.mode not in ("L", "RGB")):
                upright, more = upright.convert("RGB"), {"quality": REDRAWN}
            upright.load()
            upright.info = {
                name: value for name, value in upright.info.items() if name == "transparency"
            }
            upright.save(folder / f"anew.{extension}", format, **more)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Stop(LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Stop(BROKEN) from error
    return {}


def alone(source: Path, folder: Path) -> dict[str, Any]:
    """A picture file as the one page of a document."""
    page = {"pictures": kept(opened(source), folder)}
    (folder / "1.json").write_text(json.dumps(page))
    return {"pages": 1, "contents": []}


def _fitted(image: Image.Image, width: int) -> Image.Image:
    scale = min(1.0, width / image.width, TALLEST / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
