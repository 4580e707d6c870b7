"""A journal entry as a line that a newcomer reads: one sentence, before and after in words, who, when, which act."""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.journal.story.kept import KeptFile, files_of
from conventions.domain.journal.story.values import NOTHING, is_long, named, show_moment, shown
from conventions.domain.journal.story.vocabulary import Sentence, Subject, sentence_of
from conventions.enums import Role
from conventions.formats import NBSP, Piece, act_words, elide, word_differences
from conventions.models import Act, Convention, JournalEntry, JournalPersonal, Partner, Signatory, User

APPLICATION = "l’application"
# Keys and hashes: the export has them, a reader has no use for them.
TECHNICAL = frozenset({
    "acte", "version", "objet", "id", "piece", "compte", "representant", "remise",
    "appareil", "bilan", "compte_rendu", "restitution", "ligne", "lignes", "partenaire", "convention",
    "document", "sha256", "communique", "conserve", "fusionne", "renouvelle", "versement", "cas",
    "sequence", "sequences", "rang", "documents", "conventions", "signataire", "empreinte", "signature",
    "revision", "extrait", "fichiers", "texte",
})  # fmt: skip
# What a text becomes for who reads it: the names of its fields rather than « {{ … }} », which are not known here.
Worded = Callable[[str], str]
PERSONAL_SHOWN, PERSONAL_HIDDEN, PERSONAL_ERASED, PERSONAL_NONE = "montrés", "réservés", "effacés", ""


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after, in words; `pieces` when both are long texts."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry for a reader. `told` follows the actor's name: « a validé l’avenant n° 2026-014-A1 »."""

    entry: JournalEntry
    actor: str
    role: str
    title: str
    told: str
    subject: str
    act: str
    changes: tuple[Change, ...]
    details: tuple[tuple[str, str], ...]
    personal: str
    personal_note: str
    files: tuple[KeptFile, ...] = ()

    @property
    def sentence(self) -> str:
        return f"{self.actor[:1].upper()}{self.actor[1:]} {self.told}"

    @property
    def at(self) -> datetime.datetime:
        return timezone.localtime(self.entry.at)

    @property
    def is_refused(self) -> bool:
        return self.subject == Subject.REFUSED

    @property
    def changed(self) -> str:
        """What changed, by name, at most six things."""
        labels = list(dict.fromkeys(change.label for change in self.changes))
        rest = f" et {len(labels) - 6} autres" if len(labels) > 6 else ""
        return ", ".join(labels[:6]) + rest


@dataclass(frozen=True, slots=True)
class _Around:
    """What lines of a page need besides themselves, read once."""

    acts: dict[int, Act]
    erased: dict[tuple[str, int], datetime.datetime]
    with_personal: bool
    signatories: dict[int, str]
    worded: Worded


def read_lines(
    entries: Sequence[JournalEntry],
    *,
    with_personal: bool,
    acts: dict[int, Act] | None = None,
    with_files: bool = False,
    worded: Worded = str,
) -> list[Line]:
    """Entries in words, their actors and side rows loaded by the caller; at most four queries, seven with their files.

    Without `with_personal`, names and addresses are left out and the line says that they are reserved. `acts`: those
    that the entries may name, when the caller has read them. `worded` says how their texts are shown.
    """
    prefetch_related_objects([entry.actor for entry in entries if entry.actor], "groups")
    payloads = [json.loads(entry.payload) for entry in entries]
    around = _Around(
        acts=_acts_of(payloads) if acts is None else acts,
        erased=_erasures(
            {
                entry.chain
                for entry, payload in zip(entries, payloads, strict=True)
                if payload.get("personal") and side_row(entry) is None
            }
        ),
        with_personal=with_personal,
        signatories=_signatories_of(payloads),
        worded=worded,
    )
    lines = [_line(entry, payload, around) for entry, payload in zip(entries, payloads, strict=True)]
    if not with_files:
        return lines
    files = files_of(entries, payloads)
    return [replace(line, files=found) if found else line for line, found in zip(lines, files, strict=True)]


def side_row(entry: JournalEntry) -> JournalPersonal | None:
    """The personal details of an entry, None once they are erased or when it never had any."""
    return getattr(entry, "personal", None)


def _acts_of(payloads: Iterable[dict[str, Any]]) -> dict[int, Act]:
    wanted = {payload.get("details", {}).get("acte") for payload in payloads} - {None, ""}
    keys = [key for key in wanted if isinstance(key, int)]
    return Act.objects.in_bulk(keys) if keys else {}


def _signatories_of(payloads: Iterable[dict[str, Any]]) -> dict[int, str]:
    """Names of those who signed, or were asked to."""
    wanted = {payload.get("details", {}).get("signataire") for payload in payloads} - {None, ""}
    keys = [key for key in wanted if isinstance(key, int)]
    rows = Signatory.objects.in_bulk(keys) if keys else {}
    return {key: str(row) for key, row in rows.items()}


def _erasures(chains: set[str]) -> dict[tuple[str, int], datetime.datetime]:
    """When the personal details of each line of these chains were erased."""
    found: dict[tuple[str, int], datetime.datetime] = {}
    if not chains:
        return found
    rows = JournalEntry.objects.filter(Q(event=journal.ERASED), chain__in=chains)
    for chain, at, payload in rows.values_list("chain", "at", "payload"):
        for sequence in journal.erased_sequences(json.loads(payload)["details"]):
            found[chain, sequence] = at
    return found


def _names_in(values: dict[str, Any]) -> dict[str, Any]:
    """The names of lines that changes speak of; some events tell how many lines there were instead."""
    found = values.get("lignes")
    return found if isinstance(found, dict) else {}


def _line(entry: JournalEntry, payload: dict[str, Any], around: _Around) -> Line:
    details = payload.get("details") or {}
    side = side_row(entry)
    state, note = _personal_state(entry, payload, around)
    personal = side.data if side is not None and around.with_personal else {}
    sentence = sentence_of(entry.event)
    model = _model_of(entry, details)
    names = {**_names_in(details), **_names_in(personal)}
    act = _act_name(around.acts.get(details.get("acte") or 0), details)
    pairs = {**(payload.get("changes") or {}), **{k: v for k, v in personal.items() if _is_pair(v)}}
    signatory = around.signatories.get(details.get("signataire") or 0, "")
    told = _told(sentence, act, {**details, "of_signatory": elide("de", signatory)}, model)
    unsaid = {name: value for name, value in details.items() if f"{{{name}}}" not in sentence.told}
    rest = {**unsaid, **{k: v for k, v in personal.items() if not _is_pair(v)}}
    return Line(
        entry=entry,
        actor=str(entry.actor) if entry.actor else signatory or APPLICATION,
        role=_role_of(entry.actor) or ("signataire" if signatory else ""),
        title=sentence.title,
        told=told,
        subject=sentence.subject,
        act=act["act"] if details.get("acte") else "",
        changes=tuple(_change(key, pair, model, names, around.worded) for key, pair in pairs.items()),
        details=tuple(_details(rest, model)),
        personal=state,
        personal_note=note,
    )


def _personal_state(entry: JournalEntry, payload: dict[str, Any], around: _Around) -> tuple[str, str]:
    if not payload.get("personal"):
        return PERSONAL_NONE, ""
    if side_row(entry) is None:
        at = around.erased.get((entry.chain, entry.sequence))
        return PERSONAL_ERASED, f"effacés le {show_moment(at)}" if at else "effacés sans trace"
    if not around.with_personal:
        return PERSONAL_HIDDEN, "réservés aux personnes qui suivent le dossier"
    return PERSONAL_SHOWN, ""


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _role_of(user: User | None) -> str:
    if user is None:
        return ""
    if not user.is_staff:
        return "partenaire"
    labels = [str(Role(group.name).label) for group in user.groups.all() if group.name in Role.values]
    return ", ".join(labels) or ("administrateur" if user.is_superuser else "")


def _model_of(entry: JournalEntry, details: dict[str, Any]) -> type[models.Model] | None:
    if details.get("objet"):
        try:
            return apps.get_model("conventions", details["objet"])
        except LookupError:
            return None
    if entry.convention_id:
        return Convention
    return Partner if entry.partner_id else None


def _act_name(act: Act | None, details: dict[str, Any]) -> dict[str, str]:
    """« l’avenant n° 2026-014-A1 », « de l’avenant … », « à l’avenant … »."""
    words = act_words(act.kind if act is not None else "initial")
    number = (act.number if act is not None else "") or details.get("numero") or ""
    suffix = f" n°{NBSP}{number}" if number else ""
    return {"act": words.the + suffix, "of_act": words.of + suffix, "to_act": words.to + suffix}


def _told(
    sentence: Sentence, act: dict[str, str], details: dict[str, Any], model: type[models.Model] | None
) -> str:
    told = {
        name: shown(value, model, name) for name, value in details.items() if f"{{{name}}}" in sentence.told
    }
    return sentence.told.format_map(defaultdict(lambda: "…", {**told, **act}))


def _change(
    key: str, pair: list, model: type[models.Model] | None, names: dict[str, str], worded: Worded
) -> Change:
    what = named(key, model, names)
    before, after = (worded(shown(value, what.model, what.column)) for value in pair)
    return Change(
        what.label, before, after, word_differences(before, after) if is_long(before, after) else ()
    )


def _counts(name: str, value: Any) -> bool:
    return name == "lignes" and isinstance(value, int)


def _details(values: dict[str, Any], model: type[models.Model] | None) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if value in ("", None, []) or (name in TECHNICAL and not _counts(name, value)):
            continue
        what = named(name, model, {})
        text = shown(value, what.model, what.column or name)
        if text != NOTHING:
            yield what.label, text
