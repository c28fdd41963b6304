"""A playlist for the demonstration's hall, so that a display can be paired at once."""

from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.channels.screens import queries, workflow
from gongkai.surfaces.channels.screens.models import Playlist

NAME = "便民大厅"


def arrange(officer: Officer) -> None:
    """Have one playlist, by rule alone; again, nothing."""
    if not queries.playlists(officer.organisation).exists():
        workflow.keep(playlist=Playlist(name=NAME), officer=officer)
