"""Updates in: fetched by long polling, handled, and only then confirmed.

aiogram's own polling confirms before handlers finish, doesn't wait for them when it stops, and never gets past an
update it can't parse (all tried with 3.31). Here a crash repeats the last batch at most, which does no harm because
buttons and commands name the state they want.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.errors import TelegramError
from bot.telegram.answers import NO_ANSWER, TOKEN_REFUSED, NoAnswer, flood_wait, surely_unsent
from bot.telegram.profile import REFUSED_TOKEN, introduce

POLL_SECONDS: Final = 30
"""How long Telegram keeps a poll open when there is nothing new."""
ANSWER_SECONDS: Final = 15
"""How long its answer may take on top."""
NO_LONG_POLL: Final = 0.5
"""Seconds: a server that says "nothing new" sooner does not wait for news, so we do; else the loop would spin."""
HANDLER_SECONDS: Final = 10.0
STOP_SECONDS: Final = 7.0
"""What a stop leaves running handlers; with the confirmation within the 10 s service managers grant."""
CONFIRM_SECONDS: Final = 2
CHATS_AT_ONCE: Final = 32
"""Chats whose updates are handled side by side; storage and the send budget have room for no more."""
LONGEST_REST: Final = timedelta(minutes=1)
"""Between polls that fail; the first rest is one second, then doubled."""

_HINTS: Final = {
    "conflict": "another process polls with this token, or a webhook is set; one of the two has to go",
    "unreachable": "check the network, and TELEGRAM_API_URL if you set it",
}

Raw = Mapping[str, Any]
Answer = TypeVar("Answer")

log = structlog.get_logger()


class RawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, its updates as they came: one that aiogram can't parse must not cost the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int = 0
    allowed_updates: list[str]


class Updates:
    """The converse wheel: `run()` until `stop()`. Updates of one chat are handled in order, chats side by side."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, commands: Mapping[str, str]) -> None:
        """`commands`: what each does, by name, for Telegram's menu (`profile.introduce`)."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._commands = commands
        self._allowed = dispatcher.resolve_used_update_types()
        self._room = asyncio.Semaphore(CHATS_AT_ONCE)
        self._stopping = asyncio.Event()
        self._handling: asyncio.Timeout | None = None
        self._offset: int | None = None
        self._failures = 0
        self._trouble: str | None = None

    def stop(self) -> None:
        """Begin no more updates; `run` returns when those begun are handled and confirmed."""
        self._stopping.set()
        if self._handling is not None:
            self._handling.reschedule(asyncio.get_running_loop().time() + STOP_SECONDS)

    async def run(self) -> None:
        """Raises TelegramError if Telegram refuses the token; everything else it lives through."""
        introduced = False
        while not self._stopping.is_set():
            # The first answer is asked for without waiting, so that a wrong token shows at once.
            answered = await self._poll(POLL_SECONDS if introduced else 0)
            if answered and not introduced:
                await self._unless_stopped(introduce(self._bot, self._commands))
                introduced = True
        await self._confirm()

    async def _poll(self, seconds: int) -> bool:
        """Fetch a batch and handle it, or rest after a failure; whether Telegram answered."""
        asked_at = asyncio.get_running_loop().time()
        fetch = RawUpdates(offset=self._offset, timeout=seconds, allowed_updates=self._allowed)
        try:
            batch = await self._unless_stopped(self._bot(fetch, request_timeout=seconds + ANSWER_SECONDS))
        except TOKEN_REFUSED:
            raise TelegramError(REFUSED_TOKEN) from None
        except NO_ANSWER as error:
            await self._rest(_trouble(error), flood_wait(error))
            return False
        updates = _numbered(batch or ())
        if batch and not updates:
            await self._rest("no usable answer")
            return False
        self._recovered()
        await self._handle(updates)
        if seconds and not updates and asyncio.get_running_loop().time() - asked_at < NO_LONG_POLL:
            await self._unless_stopped(asyncio.sleep(NO_LONG_POLL))
        return True

    async def _handle(self, batch: Mapping[int, Raw]) -> None:
        """Handle a batch chat by chat, then move the offset behind what is handled without a gap."""
        chats: dict[int | None, list[int]] = defaultdict(list)
        for update_id, update in batch.items():
            chats[_chat_of(update)].append(update_id)
        handled: set[int] = set()
        try:
            async with asyncio.timeout(None) as self._handling, asyncio.TaskGroup() as group:
                for update_ids in chats.values():
                    group.create_task(self._handle_chat({each: batch[each] for each in update_ids}, handled))
        except TimeoutError:
            log.warning("updates.unfinished_at_stop", count=len(batch) - len(handled))
        finally:
            self._handling = None
            for update_id in batch:
                if update_id not in handled:
                    break
                self._offset = update_id + 1

    async def _handle_chat(self, updates: Mapping[int, Raw], handled: set[int]) -> None:
        async with self._room:
            for update_id, update in updates.items():
                if self._stopping.is_set():
                    return
                await self._handle_or_park(update_id, update)
                handled.add(update_id)

    async def _handle_or_park(self, update_id: int, raw: Raw) -> None:
        """Handle one update. Whatever is wrong with it costs only itself: it is logged, without what it says."""
        problem: str | None = None
        where: str | None = None
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._feed(raw)
        except (ValidationError, UpdateTypeLookupError) as error:
            problem, where = "unreadable", _where(error)
        except TimeoutError as error:
            problem, where = "too slow", _where(error)
        except Exception as error:  # a bug of ours: seen in the log, and no reason to fetch the update for ever
            problem, where = type(error).__name__, _where(error)
        if problem is not None:
            log.error("updates.parked", update_id=update_id, kind=_kind(raw), problem=problem, where=where)

    async def _feed(self, raw: Raw) -> None:
        update = Update.model_validate(raw, context={"bot": self._bot})
        _ = update.event_type  # raises for what this aiogram doesn't know, before it prints the whole update
        answer = await self._dispatcher.feed_update(self._bot, update)
        if isinstance(answer, TelegramMethod):
            await self._dispatcher.silent_call_request(self._bot, answer)

    async def _rest(self, trouble: str, wait: timedelta | None = None) -> None:
        """Wait as long as Telegram asked, else longer each time; one log line when something else goes wrong."""
        if trouble != self._trouble:
            log.warning("updates.interrupted", problem=trouble, hint=_HINTS.get(trouble))
        self._trouble = trouble
        rest = wait or min(timedelta(seconds=2 ** min(self._failures, 16)), LONGEST_REST)
        self._failures += 1
        await self._unless_stopped(asyncio.sleep(rest.total_seconds()))

    def _recovered(self) -> None:
        if self._trouble is not None and not self._stopping.is_set():
            log.info("updates.resumed", after_failures=self._failures)
            self._trouble = None
            self._failures = 0

    async def _confirm(self) -> None:
        """Tell Telegram what was handled since the last poll; unconfirmed updates would come again."""
        if self._offset is None:
            return
        confirmation = RawUpdates(offset=self._offset, limit=1, allowed_updates=self._allowed)
        try:
            await self._bot(confirmation, request_timeout=CONFIRM_SECONDS)
        except NO_ANSWER as error:
            log.warning("updates.unconfirmed_at_stop", problem=_trouble(error))

    async def _unless_stopped(self, work: Coroutine[Any, Any, Answer]) -> Answer | None:
        """The result of `work`, or None (and `work` is cancelled) when `stop()` comes first."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            stopping.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)


def _numbered(batch: Iterable[Any]) -> dict[int, Raw]:
    """The updates by number, in order; what has no number can be neither handled nor confirmed."""
    numbered = {}
    for update in batch:
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(update_id, int):
            numbered[update_id] = update
        else:
            log.error("updates.without_number")
    return dict(sorted(numbered.items()))


def _kind(update: Raw) -> str:
    """What kind of update it is, by the Bot API's name of its one other field."""
    return next((name[:40] for name in update if name != "update_id"), "empty")


def _chat_of(update: Raw) -> int | None:
    """The chat an update belongs to (a person's id is that of their private chat); None when it says none."""
    event = update.get(_kind(update))
    message = event.get("message") if isinstance(event, dict) else None
    for holder, field in ((event, "chat"), (message, "chat"), (event, "from"), (event, "user")):
        owner = holder.get(field) if isinstance(holder, dict) else None
        chat_id = owner.get("id") if isinstance(owner, dict) else None
        if isinstance(chat_id, int):
            return chat_id
    return None


def _trouble(error: NoAnswer) -> str:
    if isinstance(error, TelegramConflictError):
        return "conflict"
    if flood_wait(error) is not None:
        return "flood"
    return "unreachable" if surely_unsent(error) else "no usable answer"


def _where(error: BaseException) -> str:
    """The innermost places it passed: enough to find it, and nothing of what anybody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
