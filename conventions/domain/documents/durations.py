"""A frozen duration in words: the one way from a `TermContext` to `formats`."""

from conventions.domain.documents.context import PartialDate, TermContext
from conventions.formats import Moment, Term, show_terms


def _moment(when: PartialDate | None) -> Moment | None:
    return Moment(when.value, when.precision) if when else None


def term_of(term: TermContext) -> Term:
    """A duration as `formats` words it."""
    return Term(term.kind, _moment(term.start), _moment(term.end), term.wording)


def term_in_words(*terms: TermContext) -> str:
    """« du 1er mars 2023 au 29 février 2024 », several periods with « puis »; empty when unknown."""
    return show_terms(term_of(term) for term in terms)
