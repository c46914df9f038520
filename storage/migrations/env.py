"""Run by Alembic, on the connection and within the transaction that `storage.migrations.upgrade` hands it."""

from alembic import context

from storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
