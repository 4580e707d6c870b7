"""A world made by the code that was in use before the house was arranged anew, and opened by today's.

`world.tar.xz` holds the rows and the private files that the commit `COMMIT` made: its migrations end at `LANDED`.
`make` made it; nothing makes it again, or it would no longer be of that time.
"""

from pathlib import Path

ARCHIVE = Path(__file__).parent / "world.tar.xz"
COMMIT = "1fbc2b4"
LANDED = ("conventions", "0022_network_tries")
# Of this world alone: they open nothing else.
SECRET_KEY = "tests only, never a real site: a world made before the moves"
FIELD_KEY = "bGFuZGVkIHRlc3RzIG9ubHksIG5vIHJlYWwgc2l0ZS4="
