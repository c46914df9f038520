"""What is remembered: schema, migrations and one module a table family; implements the stores of `bot.ports`."""
