"""The township of the channels' tests: a board that stands, and the worker's hands."""

from tests.surfaces.channels.conftest import _mail, office

__all__ = ["_mail", "office"]
