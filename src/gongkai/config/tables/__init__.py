"""``django migrate`` as we run it: an empty database gets its tables at once (``laying``)."""
