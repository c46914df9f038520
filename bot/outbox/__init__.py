"""The rules of delivery, pure: what becomes of a due notification, and what to write down of Telegram's answer.

Deciding is late on purpose: expansion knows only story, topic and level, so a setting changed a second ago counts,
and the reason that is stored is the one /why tells. What was held is folded into digests; whoever seems to read no
more is asked.
"""

from __future__ import annotations

from bot.outbox.attention import PATIENCE, SILENCE, Attention, attention, settle_question, settle_silence
from bot.outbox.calendar import first_issue_at, next_issue, quiet_until
from bot.outbox.decide import LATE_CROSSING, LATE_FIRST_SEEN, STALE, catch_up_at, decide
from bot.outbox.digest import LINES, REACH, by_section, fold, is_silent, settle_bug, settle_digest, settle_unsent
from bot.outbox.settle import MAX_UNKNOWN_OUTCOMES, settle_decision, settle_outcome

__all__ = [
    "LATE_CROSSING",
    "LATE_FIRST_SEEN",
    "LINES",
    "MAX_UNKNOWN_OUTCOMES",
    "PATIENCE",
    "REACH",
    "SILENCE",
    "STALE",
    "Attention",
    "attention",
    "by_section",
    "catch_up_at",
    "decide",
    "first_issue_at",
    "fold",
    "is_silent",
    "next_issue",
    "quiet_until",
    "settle_bug",
    "settle_decision",
    "settle_digest",
    "settle_outcome",
    "settle_question",
    "settle_silence",
    "settle_unsent",
]
