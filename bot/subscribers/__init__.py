"""What a subscriber can do, as use cases the conversation calls: each a small function over `UseCases`.

arrivals: welcome, pause, resume, forget, left, returned, moved, seen   following: follow, unfollow
survey, archive: what a query finds among past articles   preview: looking before following
menu: the topics with their states, a topic's card, its level, sound and mute   reading: latest, shown, explain
preferences: how they want to be told, muted stories   digests: plan, stop   zones: time zones as people name them
"""

from bot.subscribers.use_cases import Publisher, UseCases

__all__ = ["Publisher", "UseCases"]
