"""Pure formatting and parsing of what New Caledonia writes: no database, no Django, no clock.

Each `show_…` makes text for a reader; each `parse_…` or `normalise_…` reads what was typed and raises
FormatError, in French, saying what to do.
"""

from .amounts import NOT_TOLD, Amount, Tally, is_line, show_amount, tally
from .bank import (
    Rib,
    mask_iban,
    normalise_bank_account,
    normalise_iban,
    parse_rib,
    rib_key,
    rib_to_iban,
    show_iban,
)  # fmt: skip
from .base import NBSP, NNBSP, FormatError, collapse_spaces
from .codes import CODE_ALPHABET, CODE_LENGTH, normalise_code, show_code
from .dates import (
    MONTHS,
    WEEKDAYS,
    ParsedDate,
    Precision,
    long_date,
    long_date_html,
    month_and_year,
    parse_date_fr,
    show_date,
    weekday_date,
)  # fmt: skip
from .deadlines import (
    after_word,
    as_phrase,
    as_sentence,
    bare_label,
    date_phrase,
    due_phrase,
    duty_phrase,
    join_phrases,
    legal_text,
    pickup_phrase,
)  # fmt: skip
from .devices import device_in_words
from .differences import Piece, has_changed, moved_items, word_differences
from .grammar import (
    ActWords,
    Agreement,
    Gender,
    act_words,
    capitalise,
    contract,
    counted,
    elide,
    elides,
    join_list,
    of_the,
    party_labels,
    plural,
    to_the,
    with_article,
)  # fmt: skip
from .identifiers import (
    Ridet,
    luhn_is_valid,
    normalise_ridet,
    normalise_rna,
    normalise_siret,
    ridet_warnings,
)  # fmt: skip
from .letters import amount_in_words, words_for_count
from .money import MAX_XPF, parse_xpf, show_number, show_xpf
from .periods import (
    Moment,
    Term,
    comes_after_a_gap,
    join_periods,
    last_day,
    moment,
    show_moment,
    show_period,
    show_term,
    show_terms,
    successive,
)  # fmt: skip
from .phones import Phone, parse_phone, phone_warnings, show_phone
from .search import acronym_key, initials_key, search_key, slugify_fr
from .sizes import show_size
from .typography import typeset

__all__ = [
    "CODE_ALPHABET", "CODE_LENGTH", "MAX_XPF", "MONTHS", "NBSP", "NNBSP", "NOT_TOLD", "WEEKDAYS", "ActWords",
    "Agreement", "Amount", "FormatError", "Gender", "Moment", "ParsedDate", "Phone", "Piece", "Precision",
    "Rib", "Ridet", "Tally", "Term", "acronym_key", "act_words", "after_word", "amount_in_words", "as_phrase",
    "as_sentence", "bare_label", "capitalise", "collapse_spaces", "comes_after_a_gap", "contract", "counted",
    "date_phrase", "device_in_words", "due_phrase", "duty_phrase", "elide", "elides", "has_changed",
    "initials_key", "is_line", "join_list", "join_periods", "join_phrases", "last_day", "legal_text",
    "long_date", "long_date_html", "luhn_is_valid", "mask_iban", "moment", "month_and_year", "moved_items",
    "normalise_bank_account", "normalise_code", "normalise_iban", "normalise_ridet", "normalise_rna",
    "normalise_siret", "of_the", "parse_date_fr", "parse_phone", "parse_rib", "parse_xpf", "party_labels",
    "phone_warnings", "pickup_phrase", "plural", "rib_key", "rib_to_iban", "ridet_warnings", "search_key",
    "show_amount", "show_code", "show_date", "show_iban", "show_moment", "show_number", "show_period",
    "show_phone", "show_size", "show_term", "show_terms", "show_xpf", "slugify_fr", "successive", "tally", "to_the",
    "typeset", "weekday_date", "with_article", "word_differences", "words_for_count",
]  # fmt: skip
