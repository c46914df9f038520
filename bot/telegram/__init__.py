"""Telegram: bytes and pacing only. What is sent and to whom is decided elsewhere; here it is rendered, sent, received.

Importing `aiogram` costs seconds, so only this package and `handlers` do.
"""
