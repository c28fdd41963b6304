"""Witnesses 见证: this installation looks after other logs, and others after its own.

Everything goes by fetching and by plain files, so that it works from behind a firewall: a witness
fetches a log's checkpoint, remembers it, cosigns it and puts the result on its own board; the log's
installation fetches it there. ``docs/adr/0018`` says why not the other way round.
"""
