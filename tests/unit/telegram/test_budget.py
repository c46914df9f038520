"""The send budget, on a clock that jumps."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.telegram.budget import PAID_MOST, PATIENCE, SECOND, SendBudget, SlotRefusedError

RunInVirtualTime = Callable[[Coroutine[Any, Any, Any]], Any]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _budget(rate: float) -> SendBudget:
    return SendBudget(rate, clock=asyncio.get_running_loop().time)


async def _times_of(
    budget: SendBudget, chats: Sequence[int], *, urgent: bool = False, paid: bool = False
) -> list[float]:
    """When each chat got its slot, all asking at once."""

    async def ask(chat_id: int) -> float:
        await budget.take(chat_id, urgent=urgent, paid=paid)
        return _now()

    return list(await asyncio.gather(*map(ask, chats)))


def _most_in_a_second(times: Sequence[float], second: float = 1) -> int:
    return max(bisect_left(times, start + second) - place for place, start in enumerate(times))


@pytest.mark.parametrize(("rate", "most"), [(29, 30), (990, 1000)])
def test_a_broadcast_is_paced_so_that_no_second_has_too_many(
    in_virtual_time: RunInVirtualTime, rate: float, most: int
) -> None:
    async def broadcast() -> list[float]:
        return await _times_of(_budget(rate), range(1, int(rate * 3)))

    times = in_virtual_time(broadcast())
    assert _most_in_a_second(times) <= most
    assert len(times) / (times[-1] - times[0]) >= rate * 0.99
    assert max(later - earlier for earlier, later in pairwise(times)) < max(1.1 / rate, 0.006)


def test_slots_missed_while_nobody_asked_are_not_made_up_for(in_virtual_time: RunInVirtualTime) -> None:
    async def twice() -> list[float]:
        budget = _budget(10)
        await budget.take(1)
        await asyncio.sleep(60)
        return await _times_of(budget, range(2, 7))

    assert in_virtual_time(twice()) == pytest.approx([60.0, 60.1, 60.2, 60.3, 60.4])


def test_a_late_timer_costs_no_slot_and_allows_no_burst(in_virtual_time: RunInVirtualTime) -> None:
    async def with_a_stall() -> list[float]:
        loop, budget = asyncio.get_running_loop(), _budget(100)
        loop.call_at(0.055, lambda: setattr(loop.selector, "now", 0.5))  # something blocks the loop until 0.5 s
        return await _times_of(budget, range(1, 40))

    times = in_virtual_time(with_a_stall())
    assert _most_in_a_second(times) <= 100
    assert sum(0.5 <= time < 0.509 for time in times) <= 2


def test_a_paid_broadcast_makes_up_for_stalls_and_never_fills_a_second_beyond_telegrams_limit(
    in_virtual_time: RunInVirtualTime,
) -> None:
    async def with_stalls() -> list[float]:
        loop, budget = asyncio.get_running_loop(), _budget(29)
        for second in range(1, 8):  # something blocks the loop, each second longer than the one before
            loop.call_at(second, lambda until: setattr(loop.selector, "now", until), second + second * 0.03)
        return await _times_of(budget, range(1, 9000), paid=True)

    times = in_virtual_time(with_stalls())
    assert _most_in_a_second(times, SECOND) <= PAID_MOST
    assert len(times) / (times[-1] - times[0]) >= 950


def test_a_reply_goes_before_every_push_that_waits(in_virtual_time: RunInVirtualTime) -> None:
    async def reply_behind_a_broadcast() -> float:
        budget = _budget(10)
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 101):
                group.create_task(budget.take(chat))
            await asyncio.sleep(3.14)
            asked = _now()
            await budget.take(-7, urgent=True)
            replied = _now()
        return replied - asked

    assert in_virtual_time(reply_behind_a_broadcast()) <= 0.1


def test_three_replies_to_one_person_go_at_once_and_then_one_a_second(in_virtual_time: RunInVirtualTime) -> None:
    async def replies() -> list[float]:
        return await _times_of(_budget(1000), [5] * 6, urgent=True)

    times = in_virtual_time(replies())
    assert times[2] < 0.01
    assert [time > 3 for time in times] == [False, False, False, True, True, True]


def test_a_push_to_a_chat_that_just_got_a_message_is_refused_not_queued(in_virtual_time: RunInVirtualTime) -> None:
    async def second_push() -> timedelta:
        budget = _budget(29)
        await budget.take(5)
        with pytest.raises(SlotRefusedError) as refused:
            await budget.take(5)
        assert refused.value.wait == budget.slot_in(5)
        await asyncio.sleep(refused.value.wait.total_seconds())
        await budget.take(5)
        return refused.value.wait

    assert in_virtual_time(second_push()) == pytest.approx(timedelta(seconds=1.05), abs=timedelta(milliseconds=1))


def test_a_push_is_refused_while_another_to_the_same_chat_still_waits(in_virtual_time: RunInVirtualTime) -> None:
    async def two_waiting() -> None:
        budget = _budget(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(budget.take(1))
            group.create_task(budget.take(2))
            await asyncio.sleep(0)
            with pytest.raises(SlotRefusedError):
                await budget.take(2)
        assert budget.slot_in(1) == timedelta(0) or _now() < 1.05

    in_virtual_time(two_waiting())


def test_a_push_whose_chat_got_a_reply_meanwhile_is_refused_and_its_slot_goes_to_the_next(
    in_virtual_time: RunInVirtualTime,
) -> None:
    async def overtaken() -> tuple[Any, ...]:
        budget = _budget(1)
        await budget.take(1)
        pushes = asyncio.gather(budget.take(2), budget.take(3), return_exceptions=True)
        await asyncio.sleep(0)
        await budget.take(2, urgent=True)
        answers = await pushes
        return (*answers, _now())

    to_two, to_three, ended = in_virtual_time(overtaken())
    assert isinstance(to_two, SlotRefusedError)
    assert to_three is None
    assert ended == pytest.approx(2.0)


def test_a_group_gets_no_more_than_twenty_messages_in_any_minute(in_virtual_time: RunInVirtualTime) -> None:
    async def for_three_minutes() -> list[float]:
        budget, times = _budget(29), []
        while _now() < 180:
            try:
                await budget.take(-100)
                times.append(_now())
            except SlotRefusedError as refused:
                await asyncio.sleep(refused.wait.total_seconds())
        return times

    times = in_virtual_time(for_three_minutes())
    assert max(sum(start <= time < start + 60 for time in times) for start in times) == 20
    assert len(times) >= 58


def test_a_pause_for_one_chat_leaves_the_others_alone(in_virtual_time: RunInVirtualTime) -> None:
    async def one_paused() -> None:
        budget = _budget(29)
        budget.pause(timedelta(seconds=30), 7)
        assert budget.slot_in(7) == timedelta(seconds=30)
        assert budget.slot_in(8) == timedelta(0)
        await budget.take(8)
        with pytest.raises(SlotRefusedError):
            await budget.take(7)

    in_virtual_time(one_paused())


def test_a_pause_for_everybody_refuses_waiting_pushes_and_delays_replies_to_the_second(
    in_virtual_time: RunInVirtualTime,
) -> None:
    async def all_paused() -> tuple[list[Any], float]:
        budget = _budget(1)
        pushes = asyncio.gather(*(budget.take(chat) for chat in range(1, 6)), return_exceptions=True)
        await asyncio.sleep(1.5)
        budget.pause(timedelta(seconds=5))
        reply = asyncio.create_task(budget.take(9, urgent=True))
        answers = await pushes
        await reply
        return answers, _now()

    answers, replied_at = in_virtual_time(all_paused())
    assert answers[:2] == [None, None]
    assert [error.wait for error in answers[2:]] == [timedelta(seconds=5)] * 3
    assert replied_at == pytest.approx(6.5)


def test_a_second_chat_told_to_wait_with_nothing_sent_in_between_pauses_everybody(
    in_virtual_time: RunInVirtualTime,
) -> None:
    async def two_floods() -> None:
        budget = _budget(29)
        budget.pause(timedelta(seconds=9), 1)
        assert budget.slot_in(3) == timedelta(0)
        budget.pause(timedelta(seconds=8), 2)
        assert budget.slot_in(3) == timedelta(seconds=8)

    in_virtual_time(two_floods())


def test_two_floods_with_a_message_taken_in_between_pause_only_their_chats(in_virtual_time: RunInVirtualTime) -> None:
    async def two_floods() -> None:
        budget = _budget(29)
        budget.pause(timedelta(seconds=9), 1)
        budget.went_through()
        budget.pause(timedelta(seconds=8), 2)
        assert budget.slot_in(3) == timedelta(0)

    in_virtual_time(two_floods())


def test_a_reply_gives_up_when_the_pause_is_longer_than_its_patience(in_virtual_time: RunInVirtualTime) -> None:
    async def long_pause() -> float:
        budget = _budget(29)
        budget.pause(timedelta(minutes=10))
        with pytest.raises(SlotRefusedError):
            await budget.take(1, urgent=True)
        return _now()

    assert in_virtual_time(long_pause()) == pytest.approx(PATIENCE)


def test_a_cancelled_waiter_costs_no_slot(in_virtual_time: RunInVirtualTime) -> None:
    async def every_other_one_cancelled() -> float:
        budget = _budget(10)
        tasks = [asyncio.create_task(budget.take(chat)) for chat in range(1, 21)]
        await asyncio.sleep(0)
        for task in tasks[1::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return _now()

    assert in_virtual_time(every_other_one_cancelled()) == pytest.approx(0.9)


def test_one_cancelled_just_as_it_got_its_slot_gives_it_back(in_virtual_time: RunInVirtualTime) -> None:
    async def cancelled_when_granted() -> tuple[float, timedelta]:
        budget = _budget(1)
        await budget.take(1)
        late, following = asyncio.create_task(budget.take(2)), asyncio.create_task(budget.take(3))
        await asyncio.sleep(0)
        # The timer that grants runs first at 1.0 s, this one second, the waiter only after both.
        asyncio.get_running_loop().call_at(1.0, late.cancel)
        await asyncio.gather(late, following, return_exceptions=True)
        assert late.cancelled()
        return _now(), budget.slot_in(2)

    ended, wait = in_virtual_time(cancelled_when_granted())
    assert ended < 1.1
    assert wait == timedelta(0)


def test_chats_that_got_nothing_for_a_while_are_forgotten(in_virtual_time: RunInVirtualTime) -> None:
    async def many_chats() -> tuple[int, int]:
        budget = _budget(100)
        for chat in range(1, 20_001):
            await budget.take(chat if chat % 2 else -chat)
        return len(budget._private), len(budget._groups)

    private, groups = in_virtual_time(many_chats())
    assert private < 400
    assert groups < 4000
