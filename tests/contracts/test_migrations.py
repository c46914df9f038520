"""The migrations lead to the schema that the code is written against."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

POSTGRES_CATALOG = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""


async def catalog(connection: AsyncConnection) -> list[tuple[Any, ...]]:
    if connection.dialect.name == "postgresql":
        rows = [tuple(row) for row in await connection.execute(text(POSTGRES_CATALOG))]
    else:
        found = await connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        rows = [(row.name, *sorted(re.split(r",(?![^(]*\))|\s*\n\s*", row.sql))) for row in found]
    return sorted((row for row in rows if "alembic" not in repr(row)), key=repr)
