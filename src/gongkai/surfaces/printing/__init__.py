"""Printing 成批打印: the sheets of many items in one PDF, set by the worker while somebody waits.

A run is asked for at ``/desk/paper/runs/``; nothing in it has a text of its own. What it leaves on
the disk can be made again from the records at any time, so no backup holds it, and it goes by
itself.
"""
