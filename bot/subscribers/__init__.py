"""What a subscriber can do, as use cases the conversation calls: each a small function over `UseCases`.

arrivals: welcome, pause, resume, forget, left, returned, moved   following: follow, unfollow
menu: the topics with their states, a topic's card, its level and sound   reading: latest, shown, explain
"""

from bot.subscribers.use_cases import UseCases

__all__ = ["UseCases"]
