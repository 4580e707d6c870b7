"""A world made by the code that was in use before the house was arranged anew, and opened by today's.

`world.tar.xz` holds the rows and the private files made by the commit 1fbc2b4, whose migrations end at `LANDED`. `make`
tells how. It is not made again: it would no longer be of that time. Everything in it is invented and says « (fictif) »,
save one case that the demonstration publishes.
"""

from pathlib import Path

ARCHIVE = Path(__file__).parent / "world.tar.xz"
LANDED = "0022_network_tries"
# Of this world alone: they open nothing else.
SECRET_KEY = "tests only, never a real site: a world made before the moves"
FIELD_KEY = "bGFuZGVkIHRlc3RzIG9ubHksIG5vIHJlYWwgc2l0ZS4="
