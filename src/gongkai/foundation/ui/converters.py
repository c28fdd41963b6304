"""Parts of routes that several apps have: ``<address:…>``, registered with this app."""

from gongkai.foundation.core.identifiers import ADDRESS_LENGTH, ALPHABET


class Address:
    """A permanent address (永久地址), and nothing else."""

    regex = f"[{ALPHABET}]{{{ADDRESS_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """The address as written."""
        return value

    def to_url(self, value: str) -> str:
        """The address as written."""
        return value
