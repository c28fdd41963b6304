"""Makes the table by which touch screens turn letters into characters 拼音表.

    uv run --no-project --with pypinyin==0.55.0 --with jieba==0.42.1 python -m tools.pinyin

The readings are pypinyin's; how common a character or a word is, is what jieba's dictionary counts.
Both are published and under the MIT licence, so the table holds nothing of any office: what a board
says comes to a display beside it (``screens/vocabulary.py``). Written once and kept, so no
installation needs either package.

Of a character those readings stay that it has by itself or that a phrase of pypinyin's uses: the
rest belongs to other ages. Words are of two to four characters, without names of persons.
"""

import importlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TABLE = (
    Path(__file__).resolve().parents[1]
    / "src/gongkai/surfaces/channels/screens/static/screens/pinyin.js"
)
WORDS = 12_000
"""Words beside the board's own: so many carry what people write of everyday things."""
SEEN = 30
"""Times that the dictionary must have counted a word."""
PERSONS = ("nr", "nrt", "nrfg")
COARSE = ("他妈", "妓", "屁", "嫖", "婊", "奸")
"""What a hall offers nobody; whoever means it writes it character by character."""
LEAST, MOST = 0x4E00, 0x9FFF
HEAD = """\
// Readings of characters and common words, made by tools/pinyin.py; its sources are named there.
// pypinyin 0.55.0: Copyright (c) 2016 mozillazg, 闲耘 <hotoo.cn@gmail.com>, under the MIT licence.
// jieba 0.42.1: Copyright (c) 2013 Sun Junyi, under the MIT licence.
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software
// and associated documentation files (the "Software"), to deal in the Software without
// restriction, including without limitation the rights to use, copy, modify, merge, publish,
// distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
// Software is furnished to do so, subject to the following conditions: The above copyright
// notice and this permission notice shall be included in all copies or substantial portions of
// the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A
// PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
// LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
// OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
// DEALINGS IN THE SOFTWARE.
"""


def main() -> None:
    """Write the table."""
    pinyin: Any = importlib.import_module("pypinyin")
    jieba = Path(str(importlib.import_module("jieba").__file__)).with_name("dict.txt")
    counted = [line.split(" ") for line in jieba.read_text("utf-8").splitlines()]
    every = [(word, int(count), kind) for word, count, kind in counted]
    readings = read(pinyin)
    often: Counter[str] = Counter()
    for word, count, _kind in every:
        for character in word:
            often[character] += count
    syllables = shelved(readings, often)
    words = common(every, readings)
    TABLE.write_text(
        f"{HEAD}export const SYLLABLES = {told(syllables)};\n"
        f"export const WORDS = {json.dumps(' '.join(words), ensure_ascii=False)};\n",
        "utf-8",
    )


def read(pinyin: Any) -> dict[str, list[str]]:
    """The readings of each character, without tones, the commonest first; ü is v."""
    style = pinyin.Style.NORMAL
    phrases: Any = importlib.import_module("pypinyin.phrases_dict")
    tones: Any = importlib.import_module("pypinyin.contrib.tone_convert")
    used: dict[str, set[str]] = {}
    for phrase, sounds in phrases.phrases_dict.items():
        for character, sound in zip(phrase, sounds, strict=False):
            plain = tones.to_normal(sound[0])
            used.setdefault(character, set()).add(plain)
    found = {}
    for code in range(LEAST, MOST + 1):
        character = chr(code)
        every = pinyin.pinyin(character, style=style, heteronym=True, errors="ignore")
        plain = [each for each in dict.fromkeys(every[0] if every else ()) if each.isascii()]
        kept = [each for each in plain if each == plain[0] or each in used.get(character, ())]
        if kept:
            found[character] = kept
    return found


def shelved(readings: Mapping[str, list[str]], often: Mapping[str, int]) -> dict[str, str]:
    """The characters of each syllable, the commonest first; a second reading counts a tenth."""
    shelves: dict[str, list[tuple[float, str]]] = {}
    for character, sounds in readings.items():
        for place, sound in enumerate(sounds):
            rank = often.get(character, 0) * (0.1 if place else 1.0)
            shelves.setdefault(sound, []).append((-rank, character))
    return {
        sound: "".join(character for _rank, character in sorted(shelf))
        for sound, shelf in sorted(shelves.items())
    }


def common(every: Iterable[tuple[str, int, str]], readings: Mapping[str, list[str]]) -> list[str]:
    """The commonest words, by how often they were counted."""
    kept = [
        (-count, word)
        for word, count, kind in every
        if 2 <= len(word) <= 4
        and count >= SEEN
        and kind not in PERSONS
        and not any(each in word for each in COARSE)
        and all(character in readings for character in word)
    ]
    return [word for _count, word in sorted(kept)[:WORDS]]


def told(syllables: Mapping[str, str]) -> str:
    """As a literal of the page's program, a syllable a line."""
    lines = ",\n".join(f'  {name}: "{held}"' for name, held in syllables.items())
    return f"{{\n{lines},\n}}"


if __name__ == "__main__":
    main()
