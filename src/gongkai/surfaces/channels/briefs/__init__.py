"""Briefs 简报: issues of an organisation's newsletter, made of what is open to its readers.

:mod:`queries` reads what an issue says, from public records under the one audience policy;
:mod:`sheet` sets it as a PDF/A and :mod:`word` as a .docx; :mod:`reading` is what members see.
"""
