"""Every door to the outside, as Protocols over model types: what the engine asks of the world, and nothing more.

Implementations: `bot.web` (Web), `bot.workers` (PageReader), `bot.telegram` (Messenger), `storage` (the stores).
A store method is one transaction. Times are handed in; no implementation asks a clock.
"""

from bot.ports.collect import CollectStore
from bot.ports.conversation import Carried, PublisherStore, SubscriberStore
from bot.ports.delivery import ALL_LEVELS, DeliveryStore, Levels, PaidStore
from bot.ports.upkeep import MaintenanceStore
from bot.ports.world import Clock, Messenger, PageReader, Web

__all__ = [
    "ALL_LEVELS",
    "Carried",
    "Clock",
    "CollectStore",
    "DeliveryStore",
    "Levels",
    "MaintenanceStore",
    "Messenger",
    "PageReader",
    "PaidStore",
    "PublisherStore",
    "SubscriberStore",
    "Web",
]
