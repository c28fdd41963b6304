"""What could do harm, apart from what is merely of another kind, too large or damaged."""

from gongkai.foundation.core.errors import Refused


class Harmful(Refused):
    """The content can do something by itself, or hides what it is; its bytes are kept apart."""
