"""What a browser would post: the data of the form as the page renders it."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects {name: [values]} of the controls of the form with an id, templates left out."""

    def __init__(self, form_id: str):
        super().__init__()
        self.form_id = form_id
        self.data: dict[str, list[str]] = {}
        self._inside = False
        self._templates = 0
        self._select: str | None = None
        self._several = False
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        names = dict(attributes)
        if tag == "form" and values.get("id") == self.form_id:
            self._inside = True
        if tag == "template":
            self._templates += 1
        if not self._inside or self._templates:
            return
        if tag == "input":
            self._input(values, names)
        elif tag == "select":
            self._select, self._several, self._options = values["name"], "multiple" in names, []
        elif tag == "option" and self._select:
            self._options.append((values.get("value", ""), "selected" in names))
        elif tag == "textarea":
            self._textarea, self._text = values["name"], ""

    def _input(self, values, names):
        kind = values.get("type", "text")
        if kind in ("submit", "file", "button"):
            return
        if kind in ("checkbox", "radio") and "checked" not in names:
            return
        default = "on" if kind == "checkbox" else ""
        self.data.setdefault(values["name"], []).append(values.get("value", default))

    def handle_data(self, data):
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "template":
            self._templates -= 1
        if tag == "form":
            self._inside = False
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            if not chosen and not self._several and self._options:
                chosen = [self._options[0][0]]
            self.data.setdefault(self._select, []).extend(chosen)
            self._select = None
        if tag == "textarea" and self._textarea:
            # A browser drops the first line feed and posts « CR LF ».
            text = self._text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.data.setdefault(self._textarea, []).append(text)
            self._textarea = None


def form_data(response, form_id: str = "dossier") -> dict:
    """The data of a rendered form, to change then post."""
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    return reader.data


def add_line(data: dict, prefix: str, **values) -> dict:
    """One more line, as the button « Ajouter » gives; the defaults are the caller's."""
    rank = int(data[f"{prefix}-TOTAL_FORMS"][0])
    data[f"{prefix}-TOTAL_FORMS"] = [str(rank + 1)]
    for name, value in values.items():
        data[f"{prefix}-{rank}-{name}"] = [str(value)]
    return data
