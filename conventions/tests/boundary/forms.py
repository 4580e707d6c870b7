"""The forms of a page, as a browser would send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# A line of a table of lines: « funding-3-amount » is the same field as « funding-0-amount ».
_RANK = re.compile(r"-(\d+|__prefix__)-")
NOT_SENT = {"submit", "button", "reset", "image"}
TYPED = {"text", "textarea", "search"}  # free words, which a refusal must show again


@dataclass(frozen=True)
class Field:
    """One control. `sent`: whether its value goes with the form (a box that is not ticked does not)."""

    name: str
    kind: str
    value: str = ""
    sent: bool = True
    options: tuple[str, ...] = ()
    longest: int = 0  # 0: no limit
    numeric: bool = False

    @property
    def sort(self) -> str:
        """Its name without the number of its line."""
        return _RANK.sub("-n-", self.name)


@dataclass
class Form:
    """One form: where it goes, what it holds, and its named buttons with where each one goes."""

    page: str
    action: str
    method: str
    key: str = ""  # its id in the page
    multipart: bool = False
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def shape(self) -> tuple:
        """The same for two forms that ask the same things."""
        return (self.method, tuple(sorted({each.sort for each in self.fields})))


def forms_of(html: str, page: str) -> list[Form]:
    """Each form of a page that was read at this address."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, []
        self._form: Form | None = None
        self._named: dict[str, Form] = {}
        self._blank = 0  # inside <template>: a line that nobody added yet
        self._open: dict | None = None  # the select or the text area being read
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "template":
            self._blank += 1
        elif self._blank:
            return
        elif tag == "form":
            self._begin(values)
        elif tag == "option" and self._open is not None:
            self._open["options"].append(values.get("value", ""))
            if "selected" in values:
                self._open["chosen"].append(values.get("value", ""))
        elif values.get("name") and "disabled" not in values:
            self._control(tag, values)

    def _begin(self, values: dict) -> None:
        self._form = Form(
            page=self.page,
            action=values.get("action") or self.page,
            method=(values.get("method") or "get").lower(),
            key=values.get("id", ""),
            multipart="multipart" in values.get("enctype", ""),
        )
        self.found.append(self._form)
        if self._form.key:
            self._named[self._form.key] = self._form

    def _control(self, tag: str, values: dict) -> None:
        form = self._named.get(values["form"]) if "form" in values else self._form
        if form is None:
            return
        kind = values.get("type", "submit" if tag == "button" else "text").lower()
        if tag in ("select", "textarea"):
            self._open = {"form": form, "tag": tag, "values": values, "options": [], "chosen": []}
            self._text = []
        elif kind in NOT_SENT:
            form.buttons.append((values["name"], values.get("value", ""), values.get("formaction", "")))
        elif tag == "input":
            ticked = kind not in ("checkbox", "radio") or "checked" in values
            usual = "on" if kind in ("checkbox", "radio") else ""
            form.fields.append(
                Field(
                    values["name"],
                    kind,
                    values.get("value", usual),
                    sent=ticked,
                    longest=int(values.get("maxlength") or 0),
                    numeric="numeric" in values.get("inputmode", ""),
                )
            )

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._blank -= 1
        elif tag == "form":
            self._form = None
        elif self._open is not None and tag == self._open["tag"]:
            form, values = self._open["form"], self._open["values"]
            form.fields += list(self._closed(values))
            self._open = None

    def _closed(self, values: dict) -> Iterator[Field]:
        assert self._open is not None
        if self._open["tag"] == "textarea":
            # A browser drops the first line feed and sends « CR LF ».
            text = "".join(self._text).removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            yield Field(values["name"], "textarea", text, longest=int(values.get("maxlength") or 0))
            return
        options, chosen = tuple(self._open["options"]), self._open["chosen"]
        if "multiple" in values:
            for value in chosen or [""]:
                yield Field(values["name"], "multiple", value, sent=bool(chosen), options=options)
        else:
            first = chosen[0] if chosen else (options[0] if options else "")
            yield Field(values["name"], "select", first, options=options)
