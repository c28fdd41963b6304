"""Telling other programs and groups at once what was published 推送: webhooks and messengers.

Each is a follower of the log with a cursor of its own; what it is told is what anybody may read.
"""
