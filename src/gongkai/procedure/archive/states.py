"""The life that papers of the office have in common; each kind has its own name for the last."""

DRAFT, PROPOSED, DROPPED = "draft", "proposed", "dropped"
UNFINISHED = (DRAFT, PROPOSED)
"""States in which a paper still waits for somebody."""
