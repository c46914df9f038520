"""HTTP out: the edge where the bot asks newspapers.

addresses    which addresses may be connected to
robots       what a robots.txt allows
permissions  each site's robots.txt, asked when it is needed and remembered for a while
client       HttpWeb: one request, with time, size, redirect and private-network limits
"""

from bot.web.client import HttpWeb, Limits

__all__ = ["HttpWeb", "Limits"]
