"""The conversation: one file a dialogue, each with `create_router()`."""
