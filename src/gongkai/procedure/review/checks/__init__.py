"""What is looked at before review ends 审核前检查: each check a small module, over one reading.

:mod:`reading` turns a draft into passages with positions, once; every check walks them and yields
hits; :mod:`running` makes them the findings that are kept with the review. Which kinds block is
the charter's to say (``[checks]``).
"""
