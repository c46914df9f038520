"""One send budget for everything that goes out, so that Telegram never has to tell us to slow down.

Telegram's limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, approximate by its
own word): about 30 messages a second in all, one a second to a chat, though short bursts pass, 20 a minute to a group.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.errors import TelegramError

PATIENCE: Final = 30.0
"""Seconds that a reply waits for its slot; whoever asked has given up by then."""
CATCH_UP: Final = 0.008
"""Seconds by which a slot may be granted late without being lost. Timers are a few milliseconds off; at 990 messages a
second that would otherwise cost a third of them."""

PAID_RATE: Final = 990.0
"""Paid messages a second: under Telegram's 1,000 for the same reason that 29 is under 30."""
NAP: Final = 0.004
"""Seconds between two looks at who is next, at rates that would ask for shorter ones; uvloop's timers count whole
milliseconds anyway."""
PAID_NAP: Final = 0.02
"""The same for paid messages: twenty go out together, which costs a sixth less CPU than four (bench/delivery.py)."""
PAID_CATCH_UP: Final = 0.25
"""Seconds by which a paid slot may be late without being lost: at 990 a second, every moment in which the process does
something else would otherwise cost some. How full a second gets by that is bounded below."""
PAID_MOST: Final = 1000
"""Paid messages in any one second, what is caught up included: Telegram's own limit."""
SECOND: Final = 1.025
"""Seconds in which no more are sent than Telegram takes in one, because the network or a busy machine shifts them
against each other: on a calm one by 10 ms (bench/delivery.py). It leaves 975 paid messages a second."""

Limits = tuple[tuple[int, float], ...]
"""How many messages in how many seconds."""

_PUSH_LIMITS: Final[Limits] = ((1, 1.05), (3, 3.15))
_REPLY_LIMITS: Final[Limits] = ((3, 3.15),)
"""To one chat: a push keeps its distance, three replies may follow each other at once. A twentieth over Telegram's own
figures, because the network shifts messages against each other."""
_GROUP_LIMITS: Final[Limits] = ((20, 61.0),)
_PRIVATE_MEMORY: Final = 3.15
_GROUP_MEMORY: Final = 61.0
"""Seconds, the longest of the limits: an older message bears on none of them."""

ChatId = int | str
"""Groups and channels are negative, or a @name."""


class SlotRefusedError(TelegramError):
    """There is no slot in time for this message; nothing was sent."""

    def __init__(self, wait: timedelta) -> None:
        """`wait`: how long it would have to wait, as far as is known now."""
        super().__init__(f"no free slot for sending; try again in {wait.total_seconds():.1f} s")
        self.wait = wait


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    chat_id: ChatId | None
    answer: asyncio.Future[float]
    """0 for a slot; otherwise the seconds after which to ask again."""

    def refuse(self, wait: float) -> None:
        if not self.answer.done():
            self.answer.set_result(wait)


@dataclass(slots=True, eq=False)
class _Lane:
    """A rate of its own and those who wait for a slot at it; replies go first."""

    rate: float
    """Messages a second."""
    most: int
    """Messages in any `SECOND`, what is caught up included."""
    catch_up: float
    """Seconds by which a slot may be granted late without being lost."""
    nap: float
    """Seconds between two looks at who is next, at least."""
    next_at: float
    sent: deque[float] = field(default_factory=deque)
    """When, the last `most` of them: the moment of the grant, until a busy process gets to use it."""
    unused: int = 0
    """The latest of them, whose tasks have yet to wake."""
    replies: list[_Waiter] = field(default_factory=list)
    pushes: deque[_Waiter] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None

    def opens_at(self) -> float:
        """When the next slot may be granted."""
        return self.next_at if len(self.sent) < self.most else max(self.next_at, self.sent[0] + SECOND)

    def grant(self, now: float) -> None:
        """A slot is given away: the next one comes an interval later."""
        self.next_at = max(self.next_at, now - self.catch_up) + 1 / self.rate
        self.sent.append(now)
        self.unused += 1
        if len(self.sent) > self.most:
            self.sent.popleft()

    def use(self, now: float) -> None:
        """A message goes out in the first slot that was granted and not used."""
        self.sent[-self.unused] = now
        self.unused -= 1

    def take_back(self, now: float) -> None:
        """The last slot isn't used."""
        self.sent.pop()
        self.unused -= 1
        self.next_at = max(self.next_at - 1 / self.rate, now)


class SendBudget:
    """Slots for sending: paced evenly over the second, kept per chat, replies before pushes.

    Paid messages have a rate of their own beside that of all others; what a chat may get is one account for both.
    Belongs to one event loop. What it remembers is bounded by what was sent within the last minute.
    """

    def __init__(
        self, rate: float, clock: Callable[[], float] = time.monotonic, *, paid_rate: float = PAID_RATE
    ) -> None:
        """Rates: messages a second in all. `clock`: seconds that never run backwards, in step with the loop's."""
        self._clock = clock
        self._free = _Lane(rate, math.ceil(rate * SECOND), CATCH_UP, NAP, clock())
        self._paid = _Lane(paid_rate, PAID_MOST, PAID_CATCH_UP, PAID_NAP, clock())
        self._paused_until = clock()
        self._pauses: dict[ChatId, float] = {}
        self._flooded: ChatId | None = None
        self._private = _History(3, _PRIVATE_MEMORY)
        self._groups = _History(20, _GROUP_MEMORY)
        self._pushing: set[ChatId] = set()

    async def take(self, chat_id: ChatId | None, *, urgent: bool = False, paid: bool = False) -> None:
        """Wait for a slot to send to the chat (None: no chat in particular).

        A reply (`urgent`) takes the next one. A push never waits for its own chat, nor through a pause: it is refused
        and belongs back in the outbox, so that one chat doesn't hold up another. Raises SlotRefusedError.
        """
        if urgent:
            await self._take_for_reply(chat_id)
            return
        wait = self._seconds_until_free(chat_id)
        if wait > 0:
            raise SlotRefusedError(_duration(wait))
        lane = self._paid if paid else self._free
        if chat_id is not None:
            self._pushing.add(chat_id)
        try:
            await self._wait_in(lane, lane.pushes, chat_id)
        finally:
            if chat_id is not None:
                self._pushing.discard(chat_id)

    def slot_in(self, chat_id: ChatId | None) -> timedelta:
        """How long a push to the chat would be refused from now on; zero when it may be tried."""
        return _duration(self._seconds_until_free(chat_id))

    def pause(self, wait: timedelta, chat_id: ChatId | None = None) -> None:
        """Telegram said 429: send nothing for `wait`, to that chat or at all.

        Telegram doesn't say which of the two it means. When a second chat is told to wait and nothing went through in
        between, it means everybody.
        """
        until = self._clock() + wait.total_seconds()
        everybody = chat_id is None or self._flooded not in {None, chat_id}
        if chat_id is not None:
            self._flooded = chat_id
            self._pauses = {chat: end for chat, end in self._pauses.items() if end > self._clock()}
            self._pauses[chat_id] = max(until, self._pauses.get(chat_id, until))
        if everybody:
            self._paused_until = max(self._paused_until, until)
        for lane in (self._free, self._paid):
            while everybody and lane.pushes:
                lane.pushes.popleft().refuse(self._paused_until - self._clock())
            self._grant_slots(lane)

    def went_through(self) -> None:
        """Telegram took a message: whoever was told to wait was meant alone."""
        self._flooded = None

    async def _take_for_reply(self, chat_id: ChatId | None) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._wait_in(self._free, self._free.replies, chat_id)
        except TimeoutError:
            raise SlotRefusedError(self.slot_in(chat_id)) from None

    async def _wait_in(self, lane: _Lane, queue: list[_Waiter] | deque[_Waiter], chat_id: ChatId | None) -> None:
        if not lane.replies and not lane.pushes:
            lane.next_at = max(lane.next_at, self._clock())
        waiter = _Waiter(chat_id, asyncio.get_running_loop().create_future())
        queue.append(waiter)
        if queue is lane.replies or len(queue) == 1:  # else the timer is already set for the push that is first
            self._grant_slots(lane)
        try:
            wait = await waiter.answer
        except asyncio.CancelledError:
            self._leave(lane, queue, waiter)
            raise
        if wait > 0:
            raise SlotRefusedError(_duration(wait))
        lane.use(self._clock())

    def _leave(self, lane: _Lane, queue: list[_Waiter] | deque[_Waiter], waiter: _Waiter) -> None:
        """A cancelled waiter gives up its place, or the slot it was just granted."""
        if waiter in queue:
            queue.remove(waiter)
        elif not waiter.answer.cancelled() and waiter.answer.result() == 0:
            lane.take_back(self._clock())
            self._history(waiter.chat_id).take_back(waiter.chat_id)
        self._grant_slots(lane)

    def _grant_slots(self, lane: _Lane) -> None:
        """Grant every slot that is due and set the timer for the next one that somebody can use."""
        now = self._clock()
        while now >= lane.opens_at() and now >= self._paused_until:
            waiter = self._next_waiter(lane, now)
            if waiter is None:
                break
            lane.grant(now)
            self._history(waiter.chat_id).note(waiter.chat_id, now)
            waiter.answer.set_result(0)
        self._set_timer(lane, now)

    def _next_waiter(self, lane: _Lane, now: float) -> _Waiter | None:
        """The first reply whose chat is free, else the first push; pushes whose chat is no longer free are refused."""
        for place, reply in enumerate(lane.replies):
            if not reply.answer.done() and self._free_at(reply.chat_id, urgent=True) <= now:
                return lane.replies.pop(place)
        while lane.pushes:
            push = lane.pushes.popleft()
            if push.answer.done():  # cancelled, and about to leave
                continue
            wait = self._free_at(push.chat_id, urgent=False) - now
            if wait <= 0:
                return push
            push.refuse(wait)
        return None

    def _set_timer(self, lane: _Lane, now: float) -> None:
        if lane.timer is not None:
            lane.timer.cancel()
            lane.timer = None
        usable = [self._free_at(reply.chat_id, urgent=True) for reply in lane.replies]
        if lane.pushes:
            usable.append(now)
        if usable:
            wake_at = max(min(usable), lane.opens_at(), self._paused_until)
            delay = max(lane.nap, wake_at - now)
            lane.timer = asyncio.get_running_loop().call_later(delay, self._grant_slots, lane)

    def _seconds_until_free(self, chat_id: ChatId | None) -> float:
        now = self._clock()
        wait = max(self._paused_until, self._free_at(chat_id, urgent=False)) - now
        if chat_id in self._pushing:
            wait = max(wait, _PUSH_LIMITS[0][1])
        return max(0.0, wait)

    def _free_at(self, chat_id: ChatId | None, *, urgent: bool) -> float:
        """When the chat itself may get its next message."""
        if chat_id is None:
            return 0.0
        own = _REPLY_LIMITS if urgent else _PUSH_LIMITS
        if _is_group(chat_id):
            free_at = self._groups.free_at(chat_id, own + _GROUP_LIMITS)
        else:
            free_at = self._private.free_at(chat_id, own)
        return max(free_at, self._pauses.get(chat_id, 0.0))

    def _history(self, chat_id: ChatId | None) -> _History:
        return self._groups if chat_id is not None and _is_group(chat_id) else self._private


def _duration(seconds: float) -> timedelta:
    """Rounded up to a millisecond: whoever comes back after that long isn't refused again for what rounding cost."""
    return timedelta(milliseconds=math.ceil(seconds * 1000))


def _is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or chat_id < 0


class _History:
    """When chats got their last messages, as far back as a limit reaches."""

    def __init__(self, messages: int, seconds: float) -> None:
        self._messages = messages
        self._seconds = seconds
        self._sent: OrderedDict[ChatId, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sent)

    def note(self, chat_id: ChatId | None, now: float) -> None:
        """A message goes out now; chats that got none for long enough are forgotten."""
        if chat_id is not None:
            self._sent.setdefault(chat_id, deque(maxlen=self._messages)).append(now)
            self._sent.move_to_end(chat_id)
        while self._sent and next(iter(self._sent.values()))[-1] + self._seconds < now:
            self._sent.popitem(last=False)

    def take_back(self, chat_id: ChatId | None) -> None:
        """The last message didn't go out after all."""
        if chat_id is None or chat_id not in self._sent:
            return
        self._sent[chat_id].pop()
        if not self._sent[chat_id]:
            del self._sent[chat_id]

    def free_at(self, chat_id: ChatId, limits: Limits) -> float:
        times = self._sent.get(chat_id)
        if not times:
            return 0.0
        return max((times[-count] + seconds for count, seconds in limits if len(times) >= count), default=0.0)
