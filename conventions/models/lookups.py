"""What Django's lookups leave to the engine, and engines take otherwise."""

from typing import Any

from django.db import models
from django.db.models.lookups import In


@models.IntegerField.register_lookup
class InRange(In):
    """`in` where a number that no such column holds is equal to nothing: Django says so of `exact` alone, and SQLite
    breaks on the 65th bit of a key that was typed in an address or in a list of choices."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value():
            low, high = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [
                value
                for value in self.rhs
                if not isinstance(value, int)
                or ((low is None or low <= value) and (high is None or value <= high))
            ]
        return super().process_rhs(compiler, connection)
