"""Screens 电子显示屏: lobby displays that show public records. None has a text of its own.

:mod:`programme` decides what is on show and turns it into content, :mod:`files` lays that down as
files which displays ask for without Django or a database, :mod:`display` are the few addresses
that a display speaks to, :mod:`views` the desk's pages.
"""
