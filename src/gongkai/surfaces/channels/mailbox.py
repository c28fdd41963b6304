"""A subscriber's mail address, encrypted, and known again by a keyed digest."""

from django.utils.crypto import salted_hmac

from gongkai.procedure.feedback import contacts


def key_of(address: str) -> str:
    """What the database knows the tidied ``address`` by."""
    return salted_hmac("gongkai.follow", address.lower(), algorithm="sha256").hexdigest()


def seal(address: str) -> bytes:
    """The address encrypted, apart from everything that could tell whose it is."""
    return contacts.seal({"mail": address})


def unseal(sealed: bytes | memoryview) -> str:
    """The address in ``sealed``; ``Broken`` when it was sealed with another key."""
    return contacts.unseal(bytes(sealed))["mail"]
