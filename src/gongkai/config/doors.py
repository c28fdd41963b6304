"""Who may use the views that others wrote: by name, since we cannot decorate them.

Every name of a borrowed package stands here; ``tests/test_routes.py`` fails on a missing one.
"""
