"""The response headers that keep a page from doing what it was not written to do.

One place for office and board: the board handler answers before Django and imports none of it.
"""

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


def content_policy(office: str = "") -> str:
    """The Content-Security-Policy; ``office`` is where forms go when it has a host of its own."""
    rules = dict(CONTENT_POLICY)
    if office:
        rules["form-action"] += f" {office}"
        rules["connect-src"] += f" {office}"
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
