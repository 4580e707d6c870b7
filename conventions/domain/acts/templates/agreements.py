"""Verbs and readings of the templates of acts: which articles make one, in what order, which are mandatory."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from conventions import permissions
from conventions.domain.acts.templates import clauses, versions
from conventions.domain.acts.templates.versions import TemplateRefused, named_fields
from conventions.enums import TemplateState
from conventions.formats import Piece, has_changed, moved_items, word_differences
from conventions.models import AgreementLine, AgreementTemplate, ClauseTemplate, User
from conventions.reference.clauses import CLOSING

SAME = ("act_kind", "code")
COPIED = ("name", "note")


def new_version(template: AgreementTemplate, *, by: User) -> AgreementTemplate:
    """A draft with the same articles, numbered after the last version. Returns the draft already open, if any."""
    return versions.new_version(template, by=by, same=SAME, copied=COPIED, extra=_copy_lines)


def _copy_lines(old: AgreementTemplate, new: AgreementTemplate) -> None:
    copied = ("code", "position", "mandatory", "condition")
    AgreementLine.objects.bulk_create(
        AgreementLine(template=new, **{name: getattr(line, name) for name in copied})
        for line in old.lines.all()
    )


def put_in_force(template: AgreementTemplate, *, by: User) -> AgreementTemplate:
    """Put a draft in force; the version in force until then is retired in the same step.

    Raises TemplateRefused, in French: not a draft, an article that does not exist, no mandatory closing formula,
    another template in force for the same kinds of convention.
    """
    return versions.put_in_force(template, by=by, same=SAME, check=_check)


def prepared_texts(template: AgreementTemplate) -> QuerySet[ClauseTemplate]:
    """The texts in preparation of its articles, in its order; none for a template that is not a draft itself."""
    if template.state != TemplateState.DRAFT:
        return ClauseTemplate.objects.none()
    codes = template.lines.values("code")
    drafts = ClauseTemplate.objects.filter(
        state=TemplateState.DRAFT, act_kind=template.act_kind, code__in=codes
    )
    return drafts.order_by("position", "code", "variant")


def put_in_force_with_texts(template: AgreementTemplate, *, by: User) -> AgreementTemplate:
    """Put a draft in force together with the texts in preparation of its articles: a whole version at once.

    The version in force until then is retired first, so that acts drafted from it keep the texts it had. Raises
    TemplateRefused, in French, and changes nothing, for any of the reasons of `put_in_force` and of `clauses`.
    """
    permissions.require(permissions.can_edit_clauses, by)
    with transaction.atomic():
        locked = AgreementTemplate.objects.select_for_update().get(pk=template.pk)
        if locked.state != TemplateState.DRAFT:
            raise TemplateRefused("Seule une version en préparation peut entrer en vigueur.")
        for previous in versions.versions_of(locked, SAME).filter(state=TemplateState.IN_FORCE):
            versions.set_state(previous, TemplateState.RETIRED, by=by)
        for text in prepared_texts(locked):
            clauses.put_in_force(text, by=by)
        return put_in_force(locked, by=by)


def _check(template: AgreementTemplate) -> None:
    # Two templates put in force at once must see each other: all those of the kind of act are locked.
    rivals = list(
        AgreementTemplate.objects.select_for_update(of=("self",))
        .filter(act_kind=template.act_kind, state__in=[TemplateState.IN_FORCE, TemplateState.DRAFT])
        .order_by("pk")
    )
    lines = list(template.lines.all())
    written = ClauseTemplate.objects.in_force().filter(act_kind=template.act_kind)
    unknown = sorted({line.code for line in lines} - set(written.values_list("code", flat=True)))
    if unknown:
        raise TemplateRefused(f"Aucun modèle d’article n’est en vigueur pour : {', '.join(unknown)}.")
    closing = next((line for line in lines if line.code == CLOSING), None)
    if closing is None or not closing.mandatory or closing.condition:
        raise TemplateRefused(
            "La formule de clôture (« Fait à … ») doit figurer dans le modèle, obligatoire et sans condition."
        )
    _check_scope(template, rivals)


def _check_scope(template: AgreementTemplate, rivals: list[AgreementTemplate]) -> None:
    mine = {kind.pk for kind in template.kinds.all()}
    for rival in rivals:
        if rival.code == template.code or rival.state != TemplateState.IN_FORCE:
            continue
        theirs = {kind.pk for kind in rival.kinds.all()}
        if mine & theirs or not (mine or theirs):
            raise TemplateRefused(
                f"« {rival.name} » est déjà en vigueur pour les mêmes natures. Retirez-le, ou changez les natures."
            )


def retire(template: AgreementTemplate, *, by: User) -> AgreementTemplate:
    """Withdraw a template: acts already drafted keep their articles.

    Raises TemplateRefused if it already is, or when it is the one that serves every kind of convention.
    """
    if template.state == TemplateState.IN_FORCE and not template.kinds.exists():
        raise TemplateRefused(
            "Ce modèle sert à toutes les natures : il n’est retiré que par une nouvelle version mise en vigueur."
        )
    return versions.retire(template, by=by)


# Comparing two versions


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """A clause whose text is new or not the same in both versions of the template, variant by variant."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """From one version of a template to another. Articles are told by code and heading."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    rules: tuple[str, ...]  # what is mandatory or conditional in one and not in the other, as sentences
    texts: tuple[TextChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.moved or self.rules or self.texts)


def compare(old: AgreementTemplate, new: AgreementTemplate) -> Comparison:
    """What an act drafted from `new` gets that one drafted from `old` did not, and the reverse.

    The text of an article is the one in force when each version of the template was retired; today's for one that
    is not.
    """
    before = {line.code: line for line in old.lines.all()}
    after = {line.code: line for line in new.lines.all()}
    texts_before, texts_after = texts_of(old), texts_of(new)
    names = headings({**texts_before, **texts_after})
    told = lambda codes: tuple(names.get(code, code) for code in codes)  # noqa: E731
    common = [code for code in before if code in after]
    return Comparison(
        added=told(code for code in after if code not in before),
        removed=told(code for code in before if code not in after),
        moved=told(moved_items(common, [code for code in after if code in before])),
        rules=tuple(
            sentence
            for code in common
            for sentence in _rules_changed(names.get(code, code), before[code], after[code])
        ),
        texts=tuple(_texts_changed(common, texts_before, texts_after)),
    )


def texts_of(template: AgreementTemplate) -> dict[tuple[str, str], ClauseTemplate]:
    """{(code, variant): text} in force while the template was, in the order of its articles.

    Those of a draft are the texts it would bring in force, and otherwise those in force today.
    """
    places = {line.code: line.position for line in template.lines.all()}
    found = ClauseTemplate.objects.in_force_at(template.retired_at).filter(
        act_kind=template.act_kind, code__in=places
    )
    coming = {(row.code, row.variant): row for row in prepared_texts(template)}
    kept = [row for row in found if (row.code, row.variant) not in coming]
    rows = sorted(
        [*kept, *coming.values()], key=lambda row: (places[row.code], row.code, row.variant, row.version)
    )
    return {(row.code, row.variant): row for row in rows}


def headings(texts: dict[tuple[str, str], ClauseTemplate]) -> dict[str, str]:
    """{code: heading of its ordinary text}; the closing formula has none of its own."""
    found: dict[str, str] = {}
    for (code, _variant), row in texts.items():
        found.setdefault(code, row.heading or ("Formule de clôture" if code == CLOSING else code))
    return found


def _rules_changed(name: str, before: AgreementLine, after: AgreementLine) -> Iterator[str]:
    if before.mandatory != after.mandatory:
        yield f"« {name} » devient {'obligatoire' if after.mandatory else 'facultatif'}."
    if before.condition != after.condition:
        yield f"« {name} » n’est plus retenu dans les mêmes cas."


def _texts_changed(common: list[str], before: dict, after: dict) -> Iterator[TextChange]:
    for key, row in after.items():
        earlier = before.get(key)
        if earlier is not None and (key[0] not in common or earlier.pk == row.pk):
            continue
        if earlier is None or has_changed(earlier.body, row.body) or earlier.heading != row.heading:
            old, new = (f"{text.heading}\n\n{text.body}".strip() if text else "" for text in (earlier, row))
            pieces = word_differences(named_fields(old), named_fields(new))
            yield TextChange(name=str(row), pieces=pieces)
