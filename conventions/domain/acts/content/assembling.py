"""From live rows to the frozen context of an act: the last read before rendering.

`agreement_context` costs the same number of queries whatever the number of lines.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from django.conf import settings

from conventions.domain.acts.content import amended, changes
from conventions.domain.acts.content.articles import Articles, articles_of
from conventions.domain.acts.content.line_contexts import kept, lines_of
from conventions.domain.acts.content.loading import (
    DEFAULT_DESIGNATIONS,
    LINE_MODELS,
    amendments_before,
    initial_of,
    lines_after,
    loaded,
    rows_of,
)
from conventions.domain.documents import merge_fields, promises
from conventions.domain.documents.context import (
    AgreementContext,
    AmendedActContext,
    AnnexContext,
    ChangeContext,
    ClauseContext,
    PartialDate,
    PartyContext,
    SignatoryContext,
    SnapshotError,
    SourceContext,
    from_snapshot,
)
from conventions.domain.documents.context.rows import (
    address,
    attendee_context,
    ceremony_context,
    decision_context,
    identifiers,
    partial,
    signatory_context,
    source_context,
    term_context,
)
from conventions.enums import (
    ActKind,
    ActState,
    AttachmentKind,
    GrammaticalGender,
    PartnerNature,
)
from conventions.formats import legal_text
from conventions.models import (
    Act,
    Clause,
    Convention,
    Partner,
    Party,
)
from conventions.models.terms import Term, in_force
from conventions.reference.clauses import VISAS

Found = TypeVar("Found")


def agreement_context(
    act: Act, *, is_draft: bool = True, version: int = 1, code: str = "", row: Act | None = None
) -> AgreementContext:
    """Everything the act prints. A merge field without value reads « [à compléter : …] » in a draft;
    freezing is refused before that by `lifecycle.missing_actions`. `row` is the act already `loaded`."""
    row = row or loaded(act)
    bare = _bare_context(row, is_draft=is_draft, version=version)
    clauses = tuple(
        ClauseContext(
            code=clause.code,
            heading=clause.heading,
            body=resolve_draft(clause.body, bare),
            variant=clause.template.variant if clause.template else "",
            changed=clause.differs_from_template,
        )
        for clause in numbered_articles(row)
    )
    return replace(bare, clauses=clauses, visas=_visas(row, bare), code=code)


def clause_gaps(row: Act) -> list[merge_fields.Missing]:
    """Merge fields that the clauses of a `loaded` act use and its file leaves empty."""
    bodies = [clause.body for clause in numbered_articles(row)]
    used = {name for body in bodies for name in merge_fields.fields_of(body)}
    bare = _bare_context(row, is_draft=False, version=1, used=used)
    return merge_fields.missing_fields(bodies, bare)


def left_over(row: Act) -> tuple[str, ...]:
    """What a `loaded` act promises and none of its articles holds, in words; for an amendment, its changes are read."""
    clauses = tuple(
        ClauseContext(code=one.code, heading=one.heading, body=one.body) for one in numbered_articles(row)
    )
    used = {promises.ANNEXES_FIELD} | ({"tableau_modifications"} if row.kind == ActKind.AMENDMENT else set())
    bare = _bare_context(row, is_draft=True, version=1, used=used)
    return tuple(heading for _field, heading in promises.left_over(replace(bare, clauses=clauses)))


def act_facts(act: Act, *, row: Act | None = None) -> frozenset[str]:
    """What is true of the file, in the vocabulary of clause conditions; `row` is the act already `loaded`."""
    row = row or loaded(act)
    own = promises.facts(_bare_context(row, is_draft=True, version=1))
    return own | promises.to_settle(once(row, _in_force)) if row.kind == ActKind.TERMINATION else own


def resolve_draft(body: str, context: AgreementContext) -> str:
    """The body with its fields filled in; a missing value is shown as such, never as « N/A »."""
    gaps = {gap.field: f"[à compléter : {gap.label}]" for gap in merge_fields.missing_fields([body], context)}
    filled = merge_fields.FIELD.sub(lambda match: gaps.get(match[1], match[0]), body) if gaps else body
    return merge_fields.resolve(filled, context)


def numbered_articles(row: Act) -> list[Clause]:
    """Those that engage the parties, and the closing formula: the visas are printed apart."""
    return [clause for clause in own_articles(row) if clause.code != VISAS]


def own_articles(row: Act) -> list[Clause]:
    """The articles of a `loaded` act's own text, in order, without those of the convention that it changes."""
    return [clause for clause in kept(row.clause_set.all()) if clause.is_own]


def _bare_context(
    act: Act, *, is_draft: bool, version: int, used: set[str] | None = None
) -> AgreementContext:
    """All but the articles. `used`: only what these merge fields may read, for the checklist."""

    def needs(field: str) -> bool:
        return used is None or field in used

    convention = act.convention
    parties, names = _parties(act)
    return AgreementContext(
        title=convention.title,
        kind=convention.kind.slug.replace("-", "_"),
        kind_label=convention.kind.agreement_title or convention.kind.name,
        parties=parties,
        reference=act.reference or None,
        act_kind=act.kind,
        act_number=act.rank or None,
        origin=act.origin,
        path=act.path,
        is_draft=is_draft,
        version=version,
        project=convention.project.name if convention.project else "",
        object=_object(act, needs),
        recitals=tuple(line.strip() for line in act.preamble.splitlines() if line.strip()),
        amends=once(act, _amended) if needs("convention_visee") else None,
        changes=once(act, _changes)
        if act.kind == ActKind.AMENDMENT and needs("tableau_modifications")
        else (),
        term=term_context(act),
        ground=act.ground,
        ended_by=names.get(act.ended_by_id or 0, ""),
        notice_on=partial(act.notice_on),
        **_own_lines(act, names),
        attendees=tuple(attendee_context(row) for row in act.attendees.all()) if used is None else (),
        board_decision=decision_context(act.board_decision),
        legal_basis=convention.kind.legal_basis,
        dpo_contact=settings.DPO_CONTACT,
        place=act.place,
        signed_on=_signed_on(act) if act.is_reprise else None,
        has_request=_has_request(act) if used is None else False,
        files=annexes_of(act) if needs(promises.ANNEXES_FIELD) else (),
        ceremony=ceremony_context(act.ceremony),
        sources=_sources(convention) if used is None else (),
    )


def _sources(convention: Convention) -> tuple[SourceContext, ...]:
    return tuple(source_context(row) for row in convention.sources.all() if row.publishable)


def _object(act: Act, needs: Callable[[str], bool]) -> str:
    """That of the convention; of an amendment its own, or what it changes; of a termination, why it ends."""
    if act.kind == ActKind.INITIAL:
        return act.convention.purpose
    if act.kind == ActKind.TERMINATION:
        return act.reason
    if act.object_text.strip() or not needs("objet"):
        return act.object_text
    return amended.object_of(once(act, _changes), prolongs=changes.prolonging(act))


def once(row: Act, read: Callable[[Act], Found]) -> Found:
    """What is read beside a `loaded` act, kept with it: the checklist of each event asks for the same."""
    kept = row.__dict__.setdefault("_read_once", {})
    if read not in kept:
        kept[read] = read(row)
    return kept[read]


def _changes(act: Act) -> tuple[ChangeContext, ...]:
    """Its changes as they print: an article of the convention is read with what the convention says."""
    before, after = once(act, _in_force), once(act, _once_signed)
    lines = amended.changes_told(act, once(act, _articles), before, after)
    parties, _names = _parties(act)
    rows = act.convention.parties.all()
    joining = tuple(party for row, party in zip(rows, parties, strict=True) if row.joined_by_id == act.pk)
    return (
        *amended.parties_told(once(act, _parties_signed), parties, joining),
        *(
            replace(
                change,
                before=read_article(change.before, act),
                after=read_article(change.after, act, changed=True),
            )
            for change in lines
        ),
    )


def _articles(row: Act) -> Articles:
    """The articles in force before a `loaded` amendment, with the numbers of those it adds."""
    acts = once(row, amendments_before)
    later: list[list[Clause]] = [[] for _act in acts]
    ranks = {act.pk: rank for rank, act in enumerate(acts)}
    for clause in Clause.objects.of_convention().filter(act__in=acts) if acts else ():
        later[ranks[clause.act_id]].append(clause)
    then = changes.changing_rows(row, Clause)
    return articles_of(once(row, initial_of).clause_set.all(), *later, then=then)


def _parties_signed(row: Act) -> tuple[PartyContext, ...]:
    """The parties as the last signed text names them; none where the application has no such text."""
    last = (once(row, amendments_before) or [once(row, initial_of)])[-1]
    document = last.frozen_document
    if document is None or not document.snapshot:
        return ()
    try:
        signed = from_snapshot(document.snapshot)
    except SnapshotError:
        return ()  # `verifier_archives` tells of it
    return signed.parties if isinstance(signed, AgreementContext) else ()


def read_article(text: str, row: Act, *, changed: bool = False) -> str:
    """A text of the convention with its fields filled in from what is in force; `row`: a `loaded` act of it.

    `changed`: from what will be in force once this act is signed.
    """
    if not merge_fields.FIELD.search(text):
        return text
    return _read(text, once(row, _once_signed if changed else _in_force))


def _in_force(row: Act) -> AgreementContext:
    """The first act, with the lines and the duration of the acts signed before this one."""
    first = _bare_context(once(row, initial_of), is_draft=False, version=1, used=set(merge_fields.REGISTRY))
    acts = once(row, amendments_before)
    if not acts:
        return first
    return _amended_context(first, row, once(row, _lines_before), [act for act in acts if act.term_kind])


def _once_signed(row: Act) -> AgreementContext:
    """What is in force, as this act changes it."""
    lines = {
        model: in_force([*found, *rows_of(row, model)]) for model, found in once(row, _lines_before).items()
    }
    term = [row] if row.kind == ActKind.AMENDMENT and row.term_kind else []
    return _amended_context(once(row, _in_force), row, lines, term)


def _lines_before(row: Act) -> dict[type[Term], list]:
    return lines_after(once(row, initial_of), once(row, amendments_before))


def _amended_context(context: AgreementContext, row: Act, lines: dict, acts: list[Act]) -> AgreementContext:
    term = context.term
    if acts:
        last = term_context(acts[-1])
        term = replace(last, start=term.start or last.start)  # it took effect once
    return replace(context, term=term, **line_contexts(row.convention.parties.all(), lines))


def _read(text: str, context: AgreementContext) -> str:
    """Fields filled in; a table or a list of the document is named in brackets."""
    filled = resolve_draft(text, context)
    return merge_fields.FIELD.sub(lambda found: f"[{merge_fields.REGISTRY[found[1]].label}]", filled)


def _visas(act: Act, context: AgreementContext) -> tuple[str, ...]:
    """« Vu … »: those the act lists; one drafted before it could list any has the legal basis and the délibération."""
    listed = [clause.body for clause in own_articles(act) if clause.code == VISAS]
    if listed:
        return merge_fields.visas("\n".join(listed), context)
    basis = act.convention.kind.legal_basis
    decision = merge_fields.board_wording(decision_context(act.board_decision))
    seen = [f"vu {legal_text(basis)}" if basis else "", f"vu la {decision}" if decision else ""]
    return tuple(f"{text} ;" for text in seen if text)


def _has_request(act: Act) -> bool:
    return any(row.kind == AttachmentKind.PROJECT for row in act.convention.attachments.all())


def annexes_of(act: Act) -> tuple[AnnexContext, ...]:
    """The received files that the act makes a part of itself, in their order."""
    return tuple(
        AnnexContext(
            number=number, title=row.title, page_count=row.page_count, size=row.size, sha256=row.sha256
        )
        for number, row in enumerate(act.annexes.all(), start=1)
    )


def _signed_on(act: Act) -> PartialDate | None:
    return partial(act.signed_on, act.signed_on_precision, act.signed_on_wording)


def _own_lines(act: Act, names: dict[int, str]) -> dict[str, Any]:
    """What the act promises itself: a line that replaces a signed one is told by the table of changes alone."""
    promised = {
        model: [row for row in rows_of(act, model) if row.replaces_id is None] for model in LINE_MODELS
    }
    return lines_of(names, promised)


def line_contexts(parties: Iterable[Party], rows: dict[type, list]) -> dict[str, Any]:
    """Lines of any acts of a convention, as the fields of AgreementContext that hold them; `parties`: its own."""
    return lines_of({row.pk: designation(row.partner)[0] for row in parties}, rows)


def _parties(act: Act) -> tuple[tuple[PartyContext, ...], dict[int, str]]:
    return _named(list(act.convention.parties.all()), act)


def joined(parties: Iterable[Party], act: Act) -> tuple[PartyContext, ...]:
    """Those that signed amendments brought after this act, for a text in force; those of the act come before."""
    return _named([row for row in parties if row.joined_by and row.joined_by.state == ActState.SIGNED], act)[
        0
    ]


def _named(rows: list[Party], act: Act) -> tuple[tuple[PartyContext, ...], dict[int, str]]:
    """Parties as a text names them, and their short names by key."""
    short = {row.pk: designation(row.partner) for row in rows}
    repeated = {name for name, count in Counter(name for name, _ in short.values()).items() if count > 1}
    for row in rows:
        if short[row.pk][0] in repeated:
            short[row.pk] = (row.partner.acronym or row.partner.name, row.partner.gender)
    signers: dict[int, list[SignatoryContext]] = {}
    for person in act.signatories.all():
        signers.setdefault(person.party_id, []).append(signatory_context(person))
    contexts = tuple(_party(row, *short[row.pk], tuple(signers.get(row.pk, ()))) for row in rows)
    return contexts, {pk: name for pk, (name, _) in short.items()}


def designation(partner: Partner) -> tuple[str, str]:
    """How the act calls a partner after its first mention, article included, and the gender of that name."""
    if partner.is_opt:
        return partner.designation or "l’OPT-NC", GrammaticalGender.MASCULINE
    if partner.designation:
        return partner.designation, partner.gender
    return DEFAULT_DESIGNATIONS[PartnerNature(partner.nature)]


def _party(
    row: Party, short_name: str, gender: str, signatories: tuple[SignatoryContext, ...]
) -> PartyContext:
    partner = row.partner
    return PartyContext(
        role=row.role,
        role_label=row.get_role_display(),
        name=partner.name if not partner.is_opt else f"{partner.name} ({partner.acronym})",
        short_name=short_name,
        nature=partner.nature,
        nature_label=partner.get_nature_display(),
        gender=gender,
        identifiers=identifiers(partner),
        address=address(partner),
        signatories=signatories,
        year_end_day=partner.year_end_day,
        year_end_month=partner.year_end_month,
        presentation=partner.legal_form,
        founding_texts=tuple(line.strip() for line in partner.founding_texts.splitlines() if line.strip()),
        logo=partner.logo.sha256 if partner.logo else "",
    )


def _amended(act: Act) -> AmendedActContext | None:
    if act.kind == ActKind.INITIAL:
        return None
    initial = Act.objects.get(convention=act.convention, rank=0)
    return AmendedActContext(
        reference=initial.reference or None,
        title=act.convention.title,
        signed_on=_signed_on(initial),
    )
