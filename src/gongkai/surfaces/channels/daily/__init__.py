"""The supervisors' daily letter 监督日报: what was due yesterday, late, withdrawn, corrected.

It is counted by the functions of the periodic report. It names entries, addresses of items and
numbers of voices; nobody's name and nobody's words.
"""
