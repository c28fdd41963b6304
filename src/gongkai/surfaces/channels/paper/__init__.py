"""Paper 纸: public records set as documents and sheets. Nothing on it has a text of its own.

:mod:`body` turns a sealed text into values, :mod:`document` sets the item as an official document,
:mod:`notice` as the sheet for a wall, :mod:`wall` decides what hangs in which box.
"""
