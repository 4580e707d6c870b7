"""Rows of tables as plain values, the same whatever the engine: how the archive holds them."""

PLAIN = (bool, int, str, list, dict, type(None))


def encoded(row) -> dict:
    """{column: value}: exact to the microsecond, JSON as it is, anything else as Django writes it."""
    return {field.column: _plain(field, row) for field in row._meta.concrete_fields}


def _plain(field, row):
    value = field.value_from_object(row)
    return value if isinstance(value, PLAIN) else field.value_to_string(row)


def decoded(model, values: dict):
    """The row again, of a model of that time."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in values.items()})
