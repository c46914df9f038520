"""Words that chats may be about to follow: what buttons of a preview name, and what questions ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select

from bot.model import Draft
from storage.engine import Database
from storage.schema import drafts


async def add_drafts(db: Database, given: Sequence[Draft], now: datetime) -> tuple[int, ...]:
    ids = []
    async with db.write() as connection:
        for draft in given:
            new = insert(drafts).values(
                chat_id=draft.chat_id,
                thread_id=draft.thread_id,
                query=draft.query,
                replaces=draft.replaces,
                question=draft.question,
                created_at=now,
            )
            ids.append((await connection.execute(new.returning(drafts.c.id))).scalar_one())
    return tuple(ids)


async def draft(db: Database, chat_id: int, thread_id: int, draft_id: int) -> Draft | None:
    return await _theirs(db, chat_id, thread_id, drafts.c.id == draft_id)


async def asked_for(db: Database, chat_id: int, thread_id: int, question: int) -> Draft | None:
    return await _theirs(db, chat_id, thread_id, drafts.c.question == question)


async def asked_last(db: Database, chat_id: int, thread_id: int, since: datetime) -> Draft | None:
    newest = await _theirs(db, chat_id, thread_id, drafts.c.created_at >= since)
    return newest if newest is not None and newest.question is not None else None


async def _theirs(db: Database, chat_id: int, thread_id: int, wanted: ColumnElement[bool]) -> Draft | None:
    newest = (
        select(drafts)
        .where(drafts.c.chat_id == chat_id, drafts.c.thread_id == thread_id, wanted)
        .order_by(drafts.c.id.desc())
        .limit(1)
    )
    async with db.read() as connection:
        row = (await connection.execute(newest)).one_or_none()
    if row is None:
        return None
    return Draft(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        query=row.query,
        replaces=row.replaces,
        question=row.question,
    )
