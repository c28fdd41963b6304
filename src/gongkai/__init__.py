"""Gongkai 公开: a disclosure platform whose publications can be proved."""

__version__ = "0.1.0"
