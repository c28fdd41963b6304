"""The response headers that keep a page from doing what it was not written to do.

One place for office and board: the board handler answers before Django and imports none of it.
"""

from collections.abc import Mapping

CONTENT_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_policy(office: str = "", own: Mapping[str, str] | None = None) -> str:
    """The Content-Security-Policy; ``office`` is where forms go when it has a host of its own,
    ``own`` are rules of one page in place of the common ones.
    """
    rules = CONTENT_POLICY | dict(own or {})
    if office:
        rules["form-action"] += f" {office}"
        rules["connect-src"] += f" {office}"
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
