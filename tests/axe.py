"""What axe objects to in a page, at one width and in one mode after the other.

A page is loaded once, and axe with it; then the window is resized and the modes are chosen. Whether
all rules are asked anew or only those about looks, says what has changed since.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""Those of these rules that look at colours and sizes. The others read the document and what of it
is shown: that changes with the width of the window, but not with colours or the size of letters.
"""
MODES = ("", "text", "contrast")
"""None, and those of a reader's modes that hide nothing."""

_SOURCE = Path(AXE_FILE_PATH).read_text("utf-8")
_RUN = """async rules => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    return found.violations.flatMap(each => each.nodes.slice(0, 3).map(
        node => `${each.id} ${node.html.slice(0, 90)}`))
}"""
_CHOOSE = """mode => {
    const root = document.documentElement
    root.removeAttribute('data-text')
    root.removeAttribute('data-contrast')
    if (mode) root.setAttribute('data-' + mode, mode == 'text' ? 'large' : 'high')
}"""
_SPILL = "document.documentElement.scrollWidth - innerWidth"


def ready(page) -> None:
    """Bring axe into the document that ``page`` shows now."""
    page.evaluate(_SOURCE)


def violations(page, rules=RULES) -> list[str]:
    """Every rule that is broken, with the first elements that break it."""
    return page.evaluate(_RUN, list(rules))


def complaints(page, widths) -> list[str]:
    """What is wrong with this document in windows of these widths, in every mode."""
    ready(page)
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for mode in MODES:
            page.evaluate(_CHOOSE, mode)
            over = page.evaluate(_SPILL)
            found = violations(page, LOOKS if mode else RULES)
            found += [f"{over} px too wide"] if over > 0 else []
            wrong += [f"{width} {mode}: {each}" for each in found]
    return wrong
