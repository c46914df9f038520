"""What can go wrong between a bot and Telegram, on order.

stand_in.faults.inject(too_many_requests(3), method="sendMessage", chat_id=7)      # the next one
stand_in.faults.inject(reset(processed=True), times=2, after=10)                   # two, after ten went well
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.demo.refusal import RefusalError, bad_request, forbidden

BAD_GATEWAY: Final = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    processed: bool = False
    """Whether the call takes effect although its answer goes wrong."""
    delay: float | None = 0.0
    """Seconds before anything happens; None: nothing ever does, until the bot hangs up."""
    refusal: RefusalError | None = None
    page: tuple[int, str] | None = None
    """A status and the HTML that comes with it."""
    cut: bool = False
    """Half of the answer's JSON."""
    reset: bool = False
    """The connection breaks instead of an answer."""

    @property
    def is_delay(self) -> bool:
        """Whether the call goes on as usual afterwards."""
        return bool(self.delay) and not (self.refusal or self.page or self.cut or self.reset)


def too_many_requests(retry_after: int = 1, *, with_parameters: bool = True) -> Fault:
    parameters = {"retry_after": retry_after} if with_parameters else None
    words = f"Too Many Requests: retry after {retry_after}"
    return Fault(name="too many requests", refusal=RefusalError(429, words, parameters))


def server_error(*, processed: bool = False) -> Fault:
    refusal = RefusalError(500, "Internal Server Error: restart")
    return Fault(name="server error", processed=processed, refusal=refusal)


def bad_gateway(status: int = 502, *, processed: bool = False) -> Fault:
    """A proxy's HTML page instead of JSON (502, 504, 413)."""
    return Fault(name="bad gateway", processed=processed, page=(status, BAD_GATEWAY))


def truncated(*, processed: bool = True) -> Fault:
    return Fault(name="truncated answer", processed=processed, cut=True)


def reset(*, processed: bool = False) -> Fault:
    """The connection breaks: before the call is looked at, or when only the answer is missing."""
    return Fault(name="connection reset", processed=processed, reset=True)


def hang(*, processed: bool = False) -> Fault:
    """No answer until the bot gives up."""
    return Fault(name="no answer", processed=processed, delay=None)


def latency(seconds: float) -> Fault:
    return Fault(name="latency", delay=seconds)


def refused(refusal: RefusalError) -> Fault:
    return Fault(name="refused", refusal=refusal)


def blocked() -> Fault:
    return refused(forbidden("bot was blocked by the user"))


def deactivated() -> Fault:
    return refused(forbidden("user is deactivated"))


def kicked(kind: str = "supergroup") -> Fault:
    return refused(forbidden(f"bot was kicked from the {kind} chat"))


def group_deleted() -> Fault:
    return refused(forbidden("the group chat was deleted"))


def chat_not_found() -> Fault:
    return refused(bad_request("chat not found"))


def bad_message(detail: str = 'can\'t parse entities: Unsupported start tag "x" at byte offset 0') -> Fault:
    """A refusal of the message itself."""
    return refused(bad_request(detail))


def migrated(new_chat_id: int) -> Fault:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return refused(RefusalError(400, words, {"migrate_to_chat_id": new_chat_id}))


@dataclass(slots=True)
class _Order:
    fault: Fault
    method: str | None
    chat_id: int | None
    after: int
    times: int | None

    def fits(self, method: str, chat_id: object) -> bool:
        return self.method in {None, method} and self.chat_id in {None, chat_id}


class FaultPlan:
    """Which calls go wrong. The earliest order that fits a call decides."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def inject(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        after: int = 0,
        times: int | None = 1,
    ) -> None:
        """Spoil the next `times` calls of that method and chat (None: all of them), letting `after` pass first."""
        self._orders.append(_Order(fault, method, chat_id, after, times))

    def clear(self) -> None:
        self._orders.clear()

    @property
    def pending(self) -> int:
        """How many orders still wait for their calls."""
        return len(self._orders)

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, used up by asking."""
        for order in self._orders:
            if not order.fits(method, chat_id):
                continue
            if order.after:
                order.after -= 1
                continue
            if order.times is not None:
                order.times -= 1
            self._orders = [one for one in self._orders if one.times != 0]
            return order.fault
        return None
