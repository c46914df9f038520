"""What handlers say of themselves to the middlewares."""

from __future__ import annotations

from typing import Final

SETTINGS: Final = {"settings": True}
"""Changes what a chat receives, or a message that everybody there sees: in groups and channels for administrators."""
COSTLY: Final = {"costly": True}
"""Costs the database, the processor or the send budget: only so often a minute."""
