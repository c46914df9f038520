"""What the demo and the tests run the real bot against: a stand-in for Telegram, and a small invented newspaper.

`telegram` holds the stand-in, `newspaper` the outlets and their articles, `script` the conversation that the demo
plays. Nothing here imports the bot or its Telegram library: it is written from the public Bot API, as by someone else.
"""
