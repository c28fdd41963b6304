"""The English catalogue says everything the Chinese source says."""

import gettext
import io
import re

from tools import messages


def test_every_message_has_its_english():
    assert messages.missing(messages.read()) == []


def test_the_catalogue_holds_nothing_that_the_source_lacks():
    source = {(message.context, message.id) for message in messages.found()}
    assert {(message.context, message.id) for message in messages.read()} - source == set()


def test_what_is_installed_is_what_was_compiled():
    assert _words(messages.MO.read_bytes()) == _words(messages.compiled(messages.read()))


def test_a_translation_fills_in_the_same_values():
    differing = []
    for message in messages.read():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and any(word and _values(word) != _values(ids[0]) for word in said):
            differing.append(message.id)
    assert differing == []


def _words(compiled: bytes) -> dict:
    words = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    return {message: said for message, said in words.items() if message}


def _values(words: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|{\w*}", words))
