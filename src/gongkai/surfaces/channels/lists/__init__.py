"""Mail lists that the office keeps 邮件列表: of what is public, by categories, at a pace.

Whoever is on one is a follower like any other (``channels.models.Subscription``): the address
encrypted, one click to leave, paused after refusals, told of withdrawals.
"""
