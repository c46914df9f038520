"""Paid messages are money: their count holds whatever happens to the process."""

from __future__ import annotations

import asyncio
from datetime import date

from storage import Store, open_store

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


async def test_a_day_grants_its_limit_and_no_more(store: Store) -> None:
    assert [await store.take_paid(TODAY, 40, 100) for _ in range(4)] == [40, 40, 20, 0]


async def test_each_day_has_its_own_count(store: Store) -> None:
    await store.take_paid(TODAY, 100, 100)
    assert await store.take_paid(TOMORROW, 10, 100) == 10
    assert await store.take_paid(TODAY, 10, 100) == 0


async def test_a_limit_that_was_lowered_meanwhile_grants_nothing(store: Store) -> None:
    await store.take_paid(TODAY, 50, 100)
    assert await store.take_paid(TODAY, 1, 20) == 0
    assert await store.take_paid(TODAY, 60, 100) == 50


async def test_the_count_survives_a_restart(store: Store) -> None:
    await store.take_paid(TODAY, 70, 100)
    again = await open_store(store.url.render_as_string(hide_password=False))
    assert await again.take_paid(TODAY, 70, 100) == 30
    await again.close()


async def test_two_processes_share_a_limit(store: Store) -> None:
    other = await open_store(store.url.render_as_string(hide_password=False))
    granted = await asyncio.gather(*(each.take_paid(TODAY, 7, 100) for each in (store, other) for _ in range(10)))
    assert sum(granted) == 100
    await other.close()
