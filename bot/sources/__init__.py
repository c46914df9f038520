"""Where we ask, and when: the sources file and the schedule of polls.

files       sources.toml, catalogue.toml and the publisher's own: text -> Source
schedule    when each address is asked next; pure, time handed in
headers     what an answer says of when to come back
"""

from bot.sources.files import Outlet, built_in, catalogue, load, outlets
from bot.sources.schedule import (
    after_answer,
    after_failure,
    body_hash,
    check_answer,
    due,
    is_worth_reading,
    next_at,
    plan,
)

__all__ = [
    "Outlet",
    "after_answer",
    "after_failure",
    "body_hash",
    "built_in",
    "catalogue",
    "check_answer",
    "due",
    "is_worth_reading",
    "load",
    "next_at",
    "outlets",
    "plan",
]
