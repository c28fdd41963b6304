"""Every pair of colours that the style sheets put together, in each theme, against WCAG 2.2 AA."""

import re
from pathlib import Path

import pytest

import gongkai.foundation.ui

FOLDER = Path(gongkai.foundation.ui.__file__).parent / "static" / "gongkai"
TOKENS = re.sub(r"/\*.*?\*/", "", (FOLDER / "tokens.css").read_text("utf-8"), flags=re.S)
SHEETS = sorted(FOLDER.glob("*.css"))

TEXT, PART = 4.5, 3.0
GROUNDS = ("paper", "canvas")
PAIRS = [
    *((f, g, TEXT) for f in ("ink", "ink-2", "ink-3", "link", "link-hover") for g in GROUNDS),
    *((f, g, TEXT) for f in ("visited", "red", "ok", "soon", "act") for g in GROUNDS),
    *((f, "sunk", TEXT) for f in ("ink", "ink-2", "ink-3", "link")),
    *((f, "soon-wash", TEXT) for f in ("ink", "ink-2", "soon", "link")),
    *((f, "ok-wash", TEXT) for f in ("ok", "ink", "link")),
    *((f, "red-wash", TEXT) for f in ("ink", "link")),
    *((f, "act-wash", TEXT) for f in ("ink", "ink-2", "ink-3", "link", "link-hover", "act-hover")),
    ("on-act", "act", TEXT),
    ("on-act", "act-hover", TEXT),
    ("on-red", "red-block", TEXT),
    ("paper", "ok", TEXT),
    ("paper", "ink", TEXT),
    ("on-band", "band", TEXT),
    ("on-band-2", "band", TEXT),
    *(("rule-strong", g, PART) for g in (*GROUNDS, "sunk")),
    ("ok", "paper", PART),
    ("red-block", "paper", PART),
    ("focus", "focus-halo", PART),
]


def _values(start: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index("{", TOKENS.index(start)) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[: block.index("}")]))


LIGHT = _values(":root {")
THEMES = {
    "light": LIGHT,
    "high contrast": LIGHT | _values('html:is([data-contrast="high"]'),
    "system asks for more": LIGHT | _values("(prefers-contrast: more) {\n  :root"),
}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_can_be_read(theme):
    colours = THEMES[theme]
    poor = [
        (front, ground, round(_ratio(colours[front], colours[ground]), 2))
        for front, ground, least in PAIRS
        if _ratio(colours[front], colours[ground]) < least
    ]
    assert poor == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "band"])
def test_the_focus_is_seen_on_any_ground(theme, ground):
    colours = THEMES[theme]
    rings = [_ratio(colours[ring], colours[ground]) for ring in ("focus", "focus-halo")]
    assert max(rings) >= PART


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_use_tokens_that_exist_and_no_colour_of_their_own(sheet):
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
    defined = set(re.findall(r"(--[\w-]+):", TOKENS + css))
    assert set(re.findall(r"var\((--[\w-]+)", css)) - defined == set()
    if sheet.name != "tokens.css":
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b", css))
        assert colours <= {"#fff", "#000"}
