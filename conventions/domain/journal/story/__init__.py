"""The journal for people: sentences, values in words, filters, pages, days. It reads; `domain.journal` writes."""

from conventions.domain.journal.story.lines import Change, Line, read_lines
from conventions.domain.journal.story.timeline import (
    PAGE_SIZE,
    Day,
    Filters,
    Timeline,
    about,
    choices,
    every_line,
    filtered,
    of_chain,
    timeline,
)
from conventions.domain.journal.story.vocabulary import SENTENCES, Subject, sentence_of

__all__ = [
    "PAGE_SIZE",
    "SENTENCES",
    "Change",
    "Day",
    "Filters",
    "Line",
    "Subject",
    "Timeline",
    "about",
    "choices",
    "every_line",
    "filtered",
    "of_chain",
    "read_lines",
    "sentence_of",
    "timeline",
]
