"""A file page by page: pictures, text with its place, contents; made once, kept beside the file.

``sheets`` says what a page is, ``store`` where pages stand, ``preparing`` makes them in portions.
What opens a stranger's file (``child`` and what it calls) runs in a process of its own, limited in
processor time, memory and file size; nothing of it imports Django, and nothing that it answers is
believed before ``sheets`` has looked at it.
"""
