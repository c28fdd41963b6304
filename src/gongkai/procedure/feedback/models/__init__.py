"""Every voice and its answer: one case model."""

from gongkai.procedure.feedback.models.cases import (
    Answer,
    Case,
    CaseFile,
    Helper,
    Note,
    Pause,
    Survey,
    Turn,
)
from gongkai.procedure.feedback.models.contacts import Contact, Tiding
from gongkai.procedure.feedback.models.doors import Attempt, Heard, Held, Phrase
from gongkai.procedure.feedback.models.topics import Pattern, PatternCase, Second, Topic
from gongkai.procedure.feedback.models.walls import Hanging, Wording

__all__ = [
    "Answer",
    "Attempt",
    "Case",
    "CaseFile",
    "Contact",
    "Hanging",
    "Heard",
    "Held",
    "Helper",
    "Note",
    "Pattern",
    "PatternCase",
    "Pause",
    "Phrase",
    "Second",
    "Survey",
    "Tiding",
    "Topic",
    "Turn",
    "Wording",
]
