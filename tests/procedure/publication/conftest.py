"""The township with its charter, its officers, and a log."""

from tests.procedure.editions import log, township, who

__all__ = ["log", "township", "who"]
