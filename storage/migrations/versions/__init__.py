"""The migrations, each named by its number; appended, never edited."""
