"""What a browser would post: the data of the form as the page renders it."""

from conventions.tests.boundary.forms import forms_of


def form_data(response, form_id: str = "dossier") -> dict[str, list[str]]:
    """The data of a rendered form, to change then post."""
    data: dict[str, list[str]] = {}
    for form in forms_of(response.content.decode(), page=""):
        for control in form.fields if form.key == form_id else []:
            if control.kind != "file":
                data.setdefault(control.name, []).extend([control.value] if control.sent else [])
    return {name: values for name, values in data.items() if values}


def add_line(data: dict, prefix: str, **values) -> dict:
    """One more line, as the button « Ajouter » gives; the defaults are the caller's."""
    rank = int(data[f"{prefix}-TOTAL_FORMS"][0])
    data[f"{prefix}-TOTAL_FORMS"] = [str(rank + 1)]
    for name, value in values.items():
        data[f"{prefix}-{rank}-{name}"] = [str(value)]
    return data
