"""Backup and restore 备份与恢复: the whole installation in a folder elsewhere, and back from it.

``pool`` knows the folder, ``sealing`` the passphrase, ``gathering`` what belongs into a backup and
in which order; ``outside`` asks what others remember of the log, and ``laying`` and ``proving``
put a backup into an empty home and prove it from the log.
"""
