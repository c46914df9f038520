"""The rules of delivery, pure: what becomes of a due notification, and what to write down of Telegram's answer.

Deciding is late on purpose: expansion knows only story, topic and level, so a setting changed a second ago counts,
and the reason that is stored is the one /why tells.
"""

from __future__ import annotations

from bot.outbox.decide import LATE_CROSSING, LATE_FIRST_SEEN, STALE, decide
from bot.outbox.settle import MAX_UNKNOWN_OUTCOMES, settle_decision, settle_outcome

__all__ = [
    "LATE_CROSSING",
    "LATE_FIRST_SEEN",
    "MAX_UNKNOWN_OUTCOMES",
    "STALE",
    "decide",
    "settle_decision",
    "settle_outcome",
]
