"""How important a story is: signals of its coverage → a score from 0 to 100, a level, and the reasons for both.

`norms` says what a story is measured against here; `score` measures it.
"""

from bot.importance.norms import UNKNOWN, Norms, Thresholds, norms, period, thresholds
from bot.importance.owners import authority, mean_resonance, records_of, standing
from bot.importance.readings import next_reading, read_again_at
from bot.importance.scoring import level_of, score
from bot.importance.signals import noted
from bot.importance.urgency import is_urgent

__all__ = [
    "UNKNOWN",
    "Norms",
    "Thresholds",
    "authority",
    "is_urgent",
    "level_of",
    "mean_resonance",
    "next_reading",
    "norms",
    "noted",
    "period",
    "read_again_at",
    "records_of",
    "score",
    "standing",
    "thresholds",
]
