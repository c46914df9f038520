"""The demo: the real bot, unchanged, between a local stand-in for Telegram and a bundled newspaper."""

from __future__ import annotations
