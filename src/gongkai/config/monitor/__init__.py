"""``gongkai monitor``: somebody else's memory of a board, from cron on any machine.

Needs the package and nothing else: no home, no settings, no database of the product, no Django. Two
parts: the log must go on from what was seen before (``log``), and the pages that readers see must
be what the log says (``pages``). ``memory`` is the folder between two runs.
"""
