"""What is signed cannot change by any route: triggers on both engines, (re)created after every migration.

`triggers()` is the list; a test checks it against the database, table by table. A frozen act is one in a state of
FROZEN_STATES, reprises apart until they are attested. Changing a column that a rule leaves out (the address of a
signatory whose mail bounced, the day he or she signed) stays possible.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections

from conventions.enums import FROZEN_STATES, ActState
from conventions.models import bounds

FROZEN = ", ".join(f"'{state.value}'" for state in FROZEN_STATES)
MESSAGE_TERM = "Cet acte est figé : ses termes ne changent plus."
MESSAGE_ROW = "Cette ligne ne peut être ni modifiée ni supprimée."
MESSAGE_ACT = "Cet acte est figé ou a un numéro : il ne peut être ni modifié ni supprimé ainsi."
MESSAGE_TAKEN = "Un acte signé remplace déjà une ligne que celui-ci change : reprenez la ligne en vigueur."
ACT_FROZEN = (
    "EXISTS (SELECT 1 FROM conventions_act a WHERE a.id = {row}.act_id AND a.state IN (" + FROZEN + ")"
    " AND NOT (a.origin = 'reprise' AND a.attested_at IS NULL))"
)
ACT_TERMS = [
    "convention_id", "kind", "origin", "number", "old_reference", "term_kind", "starts_on", "starts_on_precision",
    "ends_on", "ends_on_precision", "term_wording", "effective_on", "ground", "ended_by_id", "notice_on", "place",
    "board_decision_id", "preamble", "reason", "object_text", "agreement_template_id", "path", "signing_order",
]  # fmt: skip
SIGNATORY_TERMS = (
    "act_id", "party_id", "representative_id", "order", "civility", "first_name", "last_name", "title",
    "capacity",
)  # fmt: skip
REQUEST_TERMS = ("document_id", "signatory_id", "rank", "created_at")
FILE_TERMS = ("original_name", "content_type", "size", "sha256", "uploaded_by_id", "uploaded_at")


@dataclass(frozen=True)
class Rule:
    """One trigger: refuse `operation` on `table` when `condition` (SQL on NEW/OLD; empty: always).

    With `effect`, a statement of SQL: refuse nothing, and run it once the row is written.
    """

    table: str
    operation: str
    condition: str = ""
    columns: tuple[str, ...] = ()
    message: str = MESSAGE_ROW
    effect: str = ""

    @property
    def name(self) -> str:
        suffix = "_cols" if self.columns else ""
        return f"lock_{self.table.removeprefix('conventions_')}_{self.operation.lower()}{suffix}"

    @property
    def moment(self) -> str:
        return "AFTER" if self.effect else "BEFORE"


def _changed(columns: Iterable[str], distinct: str) -> str:
    return "(" + " OR ".join(f'OLD."{column}" {distinct} NEW."{column}"' for column in columns) + ")"


def _term_rules(table: str, columns: tuple[str, ...] = ()) -> list[Rule]:
    old, new = ACT_FROZEN.format(row="OLD"), ACT_FROZEN.format(row="NEW")
    update = f"({old} OR {new})"
    return [
        Rule(table, "INSERT", new, message=MESSAGE_TERM),
        Rule(table, "UPDATE", update, columns, MESSAGE_TERM),
        Rule(table, "DELETE", old, message=MESSAGE_TERM),
    ]


def _emptied(table: str) -> Rule:
    """TRUNCATE passes the triggers of rows by; PostgreSQL alone has it."""
    return Rule(table, "TRUNCATE")


def _insert_only(table: str) -> list[Rule]:
    return [Rule(table, "UPDATE"), Rule(table, "DELETE")]


def _act_rules() -> list[Rule]:
    locked = f"OLD.state IN ({FROZEN}) AND NOT (OLD.origin = 'reprise' AND OLD.attested_at IS NULL)"
    return [
        Rule("conventions_act", "UPDATE", locked, tuple(ACT_TERMS), MESSAGE_ACT),
        Rule(
            "conventions_act",
            "DELETE",
            "OLD.number IS NOT NULL OR OLD.frozen_at IS NOT NULL OR OLD.attested_at IS NOT NULL"
            f" OR OLD.state = '{ActState.SIGNED.value}'",
            message=MESSAGE_ACT,
        ),
    ]


def _rank_rule() -> Rule:
    """The rank of a text made here is printed in it; an act of paper takes its place in time when it is recorded."""
    return Rule(
        "conventions_act",
        "UPDATE",
        f"OLD.state IN ({FROZEN}) AND OLD.origin <> 'reprise'",
        ("rank",),
        MESSAGE_ACT,
    )


def _signed_rule() -> Rule:
    """A signed act keeps its state, date and documents; only its attestation may be added, once."""
    return Rule(
        "conventions_act",
        "UPDATE",
        f"OLD.state = '{ActState.SIGNED.value}' AND NOT (OLD.origin = 'reprise' AND OLD.attested_at IS NULL)",
        ("state", "signed_on", "frozen_document_id", "signed_document_id", "attested_at", "frozen_at"),
        MESSAGE_ACT,
    )


TERM_TABLES = (
    "funding", "instalmentterm", "inkind", "equipmentterm", "clause", "obligation", "budgetline", "indicator",
    "attendee", "annex",
)  # fmt: skip
# Tables whose rows may take over a signed row.
TAKING_TABLES = tuple(table for table in TERM_TABLES if table not in ("attendee", "annex"))


def _takeover_rule() -> Rule:
    """Two signed rows never replace the same one: the second act cannot be signed as it stands."""
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM conventions_{table} mine JOIN conventions_{table} other"
        " ON other.replaces_id = mine.replaces_id AND other.act_id <> mine.act_id"
        " JOIN conventions_act signed ON signed.id = other.act_id"
        f" WHERE mine.act_id = NEW.id AND signed.state = '{ActState.SIGNED.value}')"
        for table in TAKING_TABLES
    )
    signs = f"NEW.state = '{ActState.SIGNED.value}' AND OLD.state <> '{ActState.SIGNED.value}'"
    return Rule("conventions_act", "UPDATE", f"{signs} AND ({taken})", message=MESSAGE_TAKEN)


# What a procès-verbal prints; answered once, what is missing may still be told.
HANDOVER_MADE = (
    "act_id", "handed_on", "place", "given_by", "received_by", "document_id", "note", "recorded_by_id", "recorded_at",
)  # fmt: skip
HANDOVER_ANSWER = ("acknowledged_at", "acknowledged_by_id")
REPORT_SENT = (
    "obligation_id", "received_on", "attachment_id", "spent", "note", "recorded_by_id", "recorded_at",
)  # fmt: skip
LETTER_MADE = ("act_id", "party_id", "kind", "number", "template_id", "document_id")


def _report_answered_rule() -> Rule:
    """A report is accepted, or asked for again, once."""
    answered = "(OLD.accepted_on IS NOT NULL OR OLD.refused_on IS NOT NULL)"
    columns = ("accepted_on", "refused_on", "refusal")
    return Rule("conventions_reportreceived", "UPDATE", answered, columns)


def _letter_sent_rule() -> Rule:
    """A letter leaves once."""
    return Rule("conventions_formalletter", "UPDATE", "OLD.sent_on IS NOT NULL", ("sent_on", "route"))


INSERT_ONLY_TABLES = (
    "document", "receivedfile", "sealedrevision", "signatureact", "journalentry", "journaldigest", "deviceevent",
    "sanitisation", "payment", "paymentevent", "paymentfile", "handoversignature", "review", "envelopemove", "charge",
    "closedyear",
)  # fmt: skip


def _letter_received_rule() -> Rule:
    """It arrives once."""
    return Rule("conventions_formalletter", "UPDATE", "OLD.received_on IS NOT NULL", ("received_on",))


# Of a device in the remise `h` of a reservation: told as refused, or given back.
_RETURNED = (
    "EXISTS (SELECT 1 FROM conventions_deviceevent e JOIN conventions_handover_items h"
    " ON h.handover_id = e.handover_id WHERE h.equipmentitem_id = OLD.id AND e.device_id = OLD.device_id"
    " AND e.kind IN ('refuse', 'rendu'))"
)
_HANDED = "EXISTS (SELECT 1 FROM conventions_handover_items h WHERE h.equipmentitem_id = {row})"


def _equipment_rules() -> list[Rule]:
    """A device is given once: what was handed over stays so, and its reservation with it."""
    released = (
        "EXISTS (SELECT 1 FROM conventions_equipmentitem i"
        " WHERE i.id = NEW.equipmentitem_id AND i.released_at IS NOT NULL)"
    )
    twice = _HANDED.format(row="NEW.equipmentitem_id")
    return [
        Rule("conventions_device", "UPDATE", columns=("entered_by_id", "entered_at")),
        Rule("conventions_device", "DELETE"),
        Rule("conventions_medium", "UPDATE", columns=("device_id", "recorded_by_id", "recorded_at")),
        Rule("conventions_medium", "DELETE"),
        Rule("conventions_deviceeventtext", "UPDATE"),
        Rule("conventions_equipmentitem", "UPDATE", columns=("equipment_id", "device_id", "recorded_at")),
        Rule("conventions_equipmentitem", "DELETE", _HANDED.format(row="OLD.id")),
        Rule("conventions_handover", "UPDATE", "OLD.document_id IS NOT NULL", HANDOVER_MADE),
        Rule("conventions_handover", "DELETE", "OLD.document_id IS NOT NULL"),
        Rule("conventions_handover_items", "INSERT", f"{released} OR {twice}"),
        *_insert_only("conventions_handover_items"),
    ]


def _item_release_rule() -> Rule:
    """A reservation is released once; after a remise, only once the device was refused or came back."""
    kept = f"({_HANDED.format(row='OLD.id')} AND NOT {_RETURNED})"
    return Rule(
        "conventions_equipmentitem", "UPDATE", f"OLD.released_at IS NOT NULL OR {kept}", ("released_at",)
    )


def _handover_answer_rule() -> Rule:
    """A remise is answered once."""
    return Rule("conventions_handover", "UPDATE", "OLD.acknowledged_at IS NOT NULL", HANDOVER_ANSWER)


def rules() -> list[Rule]:
    """Every trigger of the product, in a stable order."""
    found = _act_rules()
    for table in TERM_TABLES:
        found += _term_rules(f"conventions_{table}")
    found += _term_rules("conventions_signatory", SIGNATORY_TERMS)
    for table in INSERT_ONLY_TABLES:
        found += _insert_only(f"conventions_{table}")
    found.append(Rule("conventions_journalpersonal", "UPDATE"))
    found += [Rule("conventions_signaturerequest", "UPDATE", columns=REQUEST_TERMS)]
    found += [Rule("conventions_signaturerequest", "DELETE")]
    found.append(Rule("conventions_attachment", "UPDATE", columns=FILE_TERMS))
    found.append(Rule("conventions_paymenteventtext", "UPDATE"))
    found.append(Rule("conventions_reportreceived", "UPDATE", columns=REPORT_SENT))
    found.append(Rule("conventions_reportreceived", "DELETE"))
    found.append(Rule("conventions_paymentposition", "UPDATE", columns=("payment_id",)))
    found.append(Rule("conventions_paymentposition", "DELETE"))
    found.append(Rule("conventions_formalletter", "UPDATE", columns=LETTER_MADE))
    found.append(Rule("conventions_formalletter", "DELETE"))
    # What an envelope is for never changes; why it was moved may only be erased.
    scope = ("year", "theme_id", "kind_id", "province_id", "project_id")
    found += [Rule("conventions_envelope", "UPDATE", columns=scope), Rule("conventions_envelope", "DELETE")]
    found.append(Rule("conventions_envelopemovetext", "UPDATE"))
    return found + _equipment_rules()


def triggers(using: str = DEFAULT_DB_ALIAS) -> dict[str, Rule]:
    """Every trigger of this database's engine by its name."""
    found = rules()
    if connections[using].vendor == "postgresql":
        found += [_emptied(table) for table in dict.fromkeys(rule.table for rule in found)]
    named = {rule.name: rule for rule in found}
    named["lock_act_rank"] = _rank_rule()
    named["lock_act_signed"] = _signed_rule()
    named["lock_act_takeover"] = _takeover_rule()
    named["lock_letter_sent"] = _letter_sent_rule()
    named["lock_report_answered"] = _report_answered_rule()
    named["lock_letter_received"] = _letter_received_rule()
    named["lock_handover_answer"] = _handover_answer_rule()
    named["lock_equipmentitem_release"] = _item_release_rule()
    return named | _kept_rules()


def _kept_rules() -> dict[str, Rule]:
    """What keeps `models.bounds` true, whoever writes an act or a public sheet, and by whatever route."""
    found = {}
    for table, read in bounds.READ.items():
        name = f"keep_{table.removeprefix('conventions_')}"
        new, old = read.convention.format(row="NEW"), read.convention.format(row="OLD")
        written, left = bounds.kept(new), bounds.kept(f"{old} AND {old} <> {new}", known=True)
        found[f"{name}_insert"] = Rule(table, "INSERT", effect=written)
        found[f"{name}_update"] = Rule(table, "UPDATE", columns=read.columns, effect=f"{written}; {left}")
        found[f"{name}_delete"] = Rule(table, "DELETE", effect=bounds.kept(old, known=True))
    return found


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """(Re)create every trigger, and count again what they keep; safe to call again.

    A base that was taken back before the table of bounds has its locks all the same.
    """
    connection = connections[using]
    build = _postgres if connection.vendor == "postgresql" else _sqlite
    keeps = bounds.TABLE in connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, rule in triggers(using).items():
            for statement in build(name, rule)[: None if keeps or not rule.effect else -1]:
                cursor.execute(statement)
        if keeps:
            cursor.execute(bounds.kept())


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop every trigger. For the teardown of tests that flush the database; nothing else calls it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, rule in triggers(using).items():
            on = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


# Table, name, text of each trigger in force: one that is disabled, or that a condition holds back, is none.
_HELD_BY_POSTGRES = """
    SELECT c.relname, t.tgname, p.prosrc
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgqual IS NULL AND t.tgenabled IN ('O', 'A')
      AND c.relnamespace = to_regnamespace(current_schema())
"""
_HELD_BY_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"


def installed(using: str = DEFAULT_DB_ALIAS) -> set[tuple[str, str]]:
    """(table, trigger name) of our triggers that the database holds now, in force and as they were written."""
    connection = connections[using]
    on_postgres = connection.vendor == "postgresql"
    texts = {
        name: _function_body(rule) if on_postgres else _sqlite(name, rule)[1]
        for name, rule in triggers(using).items()
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELD_BY_POSTGRES if on_postgres else _HELD_BY_SQLITE)
        return {(table, name) for table, name, text in cursor.fetchall() if text == texts.get(name)}


def _condition(rule: Rule, distinct: str) -> str:
    parts = [f"({rule.condition})"] if rule.condition else []
    if rule.columns:
        parts.append(_changed(rule.columns, distinct))
    return " AND ".join(parts)


def _sqlite(name: str, rule: Rule) -> list[str]:
    condition = _condition(rule, "IS NOT")
    when = f" WHEN {condition}" if condition else ""
    message = rule.message.replace("'", "''")
    body = rule.effect or f"SELECT RAISE(ABORT, '{message}')"
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} {rule.moment} {rule.operation} ON {rule.table} FOR EACH ROW{when} BEGIN {body}; END",
    ]


def _function_body(rule: Rule) -> str:
    """What PostgreSQL runs for a rule."""
    condition = _condition(rule, "IS DISTINCT FROM") or "TRUE"
    message = rule.message.replace("'", "''").replace("%", "%%")
    result = "OLD" if rule.operation == "DELETE" else "NEW"
    if rule.effect:
        return f" BEGIN IF {condition} THEN {rule.effect}; END IF; RETURN {result}; END "
    return (
        f" BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN {result}; END "
    )


def _postgres(name: str, rule: Rule) -> list[str]:
    each = "STATEMENT" if rule.operation == "TRUNCATE" else "ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${_function_body(rule)}$body$",
        f"DROP TRIGGER IF EXISTS {name} ON {rule.table}",
        f"CREATE TRIGGER {name} {rule.moment} {rule.operation} ON {rule.table} FOR EACH {each}"
        f" EXECUTE FUNCTION {name}()",
    ]


def step_aside_for_migrate(sender: AppConfig, using: str, plan: list[Any], **kwargs: Any) -> None:
    """Receiver of pre_migrate: SQLite makes an altered table anew, and refuses while a trigger names the one that goes.

    The locks come back after the migration. One that breaks leaves them off until it is run again;
    `verifier_archives` says so meanwhile.
    """
    if plan and connections[using].vendor == "sqlite":
        remove(using)


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate: an altered table on SQLite loses its triggers silently."""
    tables = connections[using].introspection.table_names()
    if all(rule.table in tables for rule in rules()):
        install(using)
