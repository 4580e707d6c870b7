"""Loaded by pdf_sandbox_child.py: what a received PDF does beside showing its pages. Imports nothing of the house.

An allow-list: an action may go to a place of the file, turn its pages, or open an address that a person clicked on.
Any other one, and whatever runs, carries or fetches something, has a word: « script », « file », « action »,
« outside ». « xml » alone is harmless: the data of an electronic invoice (Factur-X), which nobody opens.
"""

import re
from collections.abc import Iterator
from typing import Any

# Scripts, events that run one, forms that are programs.
RUNNING = ("/JS", "/AA", "/XFA", "/RichMediaContent", "/OnInstantiate")
ACTIONS = (
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToR", "/GoToE", "/Rendition", "/Movie",
    "/Sound", "/Thread", "/RichMediaExecute", "/GoTo3DView",
)  # fmt: skip
TURNING = ("/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/Print")
FETCHED = re.compile(r"(?:https?://|mailto:|tel:)|(?![\\/]{2}|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)


def acting(root: Any) -> set[str]:
    """The words for what the whole file does or carries; empty for one that only shows its pages."""
    return set().union(*map(words_of, dictionaries(root)))


def dictionaries(root: Any) -> Iterator[dict]:
    """Every dictionary that one reaches from there, streams included, each once."""
    from pypdf.generic import IndirectObject

    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, dict):
            yield thing
            waiting += dict.values(thing)
        elif isinstance(thing, list):
            waiting += list(thing)


def resolved(thing: Any) -> Any:
    """What a reference, or a reference to a reference, stands for; None for « null » and for what does not exist."""
    from pypdf.generic import IndirectObject, NullObject

    for _step in range(20):
        if not isinstance(thing, IndirectObject):
            break
        thing = thing.get_object()
    return None if isinstance(thing, NullObject | IndirectObject) else thing


def words_of(thing: dict) -> set[str]:
    """For one dictionary, wherever it stands."""
    found = set()
    if any(resolved(thing.get(name)) for name in RUNNING):
        found.add("script")
    if resolved(thing.get("/EF")):
        found.add("xml" if is_data(thing) else "file")
    if is_outside(thing):
        found.add("outside")
    subtype = resolved(thing.get("/S"))
    if subtype in ACTIONS:
        found.add("script" if subtype == "/JavaScript" else "action")
    elif resolved(thing.get("/Type")) == "/Action" and not (goes_inside(thing) or opens_address(thing)):
        found.add("action")
    if not all(map(goes_inside, actions(thing, "/OpenAction", "/Next"))):
        found.add("action")
    clicked = resolved(thing.get("/Subtype")) in ("/Link", "/Widget") or "/Title" in thing
    for action in actions(thing, "/A", "/PA"):
        if not (goes_inside(action) or (clicked and opens_address(action))):
            found.add("action")
    return found


def actions(thing: dict, *names: str) -> Iterator[dict]:
    """Those that a dictionary holds under these names, but for ACTIONS, told where they stand.

    A destination is none, nor an attribute of a tagged text.
    """
    for name in names:
        value = resolved(thing.get(name))
        for one in value if isinstance(value, list) else [value]:
            action = resolved(one)
            if isinstance(action, dict) and resolved(action.get("/S")) not in (None, *ACTIONS):
                yield action


def goes_inside(action: dict) -> bool:
    subtype = resolved(action.get("/S"))
    return subtype == "/GoTo" or (subtype == "/Named" and resolved(action.get("/N")) in TURNING)


def opens_address(action: dict) -> bool:
    """An address of the Web, of mail or of a telephone: never a file nor another computer's folder."""
    address = resolved(action.get("/URI"))
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address or "")
    return resolved(action.get("/S")) == "/URI" and bool(FETCHED.match(text.strip()))


def is_data(filed: dict) -> bool:
    """Whether a file in the PDF is data of an invoice, by its name."""
    names = [str(resolved(filed.get(name)) or "") for name in ("/F", "/UF") if name in filed]
    return bool(names) and all(name.lower().endswith(".xml") for name in names)


def is_outside(thing: dict) -> bool:
    """Whether it stands for something to be fetched elsewhere: a stream in another file, an address as a file."""
    from pypdf.generic import StreamObject

    if resolved(thing.get("/FS")) == "/URL":
        return True
    return isinstance(thing, StreamObject) and any(resolved(thing.get(name)) for name in ("/F", "/Ref"))
