"""Television 电视: what is on show, as a loop for the local station, with its text for a crawl.

:mod:`programme` says what is on, :mod:`frames` sets it as pages and says how long each stands,
:mod:`tape` makes the video of them by a program of its own. Nothing here has a text of its own.
"""
