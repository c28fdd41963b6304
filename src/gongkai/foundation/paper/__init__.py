"""Sheets of paper 纸面: a template and data become a PDF that an archive can keep for decades.

``composing.compose`` is the only way in. It knows no model and nobody's rights: whoever composes a
sheet hands in what it says, and decides who gets it. The look of official documents, which most
templates take over, is ``official.typ``.
"""
