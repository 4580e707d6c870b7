"""Templates as lawyers read them: when each text is chosen, since when it holds, what it prints."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.templates import agreements
from conventions.domain.acts.templates.clauses import precedence
from conventions.domain.documents import merge_fields
from conventions.domain.documents.rendering import CopyArticle, TemplateCopy
from conventions.domain.documents.rendering.text import compose, paragraphs
from conventions.enums import TemplateState
from conventions.formats import long_date
from conventions.models import AgreementLine, AgreementTemplate, ClauseTemplate

# What `promises.facts` may say of a file, in words.
CONDITIONS = (
    ("", _("toujours proposé")),
    ("montant_connu", _("si le montant est connu")),
    ("montant_non_communique", _("si le montant n’est pas communiqué")),
    ("montant_a_determiner", _("si le montant reste à déterminer")),
    ("montant_plafonne", _("si le montant est plafonné")),
    ("montant_selon_resultat", _("si le montant dépend d’un résultat")),
    ("montants_divers", _("si des montants n’ont pas le même statut")),
    ("sans_financement", _("s’il n’y a pas de financement")),
    ("autres_financements", _("si d’autres que l’OPT-NC financent le projet")),
    ("versement_unique", _("si un seul montant est versé, sans versement prévu")),
    ("versement_par_exercice", _("si chaque exercice a son montant, sans versement prévu")),
    ("versement_prevu", _("si un seul versement est prévu")),
    ("versement_sur_constat", _("si un montant reste à arrêter, sans versement prévu")),
    ("versement_echelonne", _("si les versements sont échelonnés")),
    ("duree_datee", _("si la durée est datée")),
    ("duree_indeterminee", _("si la durée est indéterminée")),
    ("duree_libre", _("si la durée est écrite en toutes lettres")),
    ("fin_connue", _("si la date de fin est connue")),
    ("soutien_en_nature", _("s’il y a un soutien en nature")),
    ("materiel_donne", _("si du matériel est donné")),
    ("materiel_prete", _("si du matériel est prêté")),
    ("biens_pretes", _("si des biens ou du matériel sont prêtés")),
    ("engagements_opt", _("si l’OPT-NC prend des engagements")),
    ("engagements_listes", _("si des engagements du bénéficiaire sont listés")),
    ("engagements_autres", _("si d’autres parties prennent des engagements")),
    ("visibilite_listee", _("si des contreparties de visibilité sont listées")),
    ("comptes_rendus_listes", _("si des comptes rendus ou bilans sont listés")),
    ("avec_financement", _("s’il y a un soutien financier")),
    ("avec_soutien", _("s’il y a un soutien, financier ou en nature")),
    ("argent_seul", _("si le soutien est seulement financier")),
    ("nature_seule", _("si le soutien est seulement en nature")),
    ("argent_et_nature", _("si le soutien est financier et en nature")),
    ("comptes_rendus_argent", _("si des comptes rendus d’un soutien financier sont listés")),
    ("comptes_rendus_nature", _("si des bilans sont listés, sans soutien financier")),
    ("bilan_argent", _("s’il y a un soutien financier, sans compte rendu listé")),
    ("bilan_nature", _("si le soutien est en nature, sans bilan listé")),
    ("biens_donnes", _("si des biens ou du matériel sont donnés")),
    ("cout_connu", _("si le coût du projet est connu, sans la part de l’OPT-NC")),
    ("part_connue", _("si le coût du projet et la part de l’OPT-NC sont connus")),
    ("plusieurs_parties", _("s’il y a plus de deux parties")),
    ("resiliation_faute", _("si une partie résilie pour faute, après mise en demeure")),
    ("resiliation_interet_general", _("si l’OPT-NC résilie pour un motif d’intérêt général")),
    ("resiliation_force_majeure", _("si une partie résilie pour force majeure")),
    ("comptes_argent", _("si la convention résiliée apporte de l’argent, sans bien prêté")),
    ("comptes_prets", _("si la convention résiliée prête des biens, sans argent")),
    ("comptes_argent_et_prets", _("si la convention résiliée apporte de l’argent et prête des biens")),
    ("modifications_listees", _("si des modifications sont listées")),
    ("annexes_listees", _("s’il y a des annexes")),
    ("papier", _("si l’acte est signé sur papier")),
    ("en_ligne", _("si l’acte est signé en ligne")),
)


def preview(body: str) -> list[dict[str, Any]]:
    """The text as it is printed, with the example of each field; « [montan ?] » where it is unknown."""
    known = merge_fields.FIELD.sub(
        lambda found: found[0] if found[1] in merge_fields.REGISTRY else f"[{found[1]} ?]", body
    )
    return paragraphs(compose(merge_fields.preview(known)))


def variants(row: ClauseTemplate) -> list[tuple[str, str]]:
    """(name, when it is chosen) of the texts in force of one article, the one that wins first."""
    family = ClauseTemplate.objects.in_force().filter(act_kind=row.act_kind, code=row.code)
    texts = family.prefetch_related("kinds").order_by("variant")
    ranked = sorted(texts, key=precedence, reverse=True)
    return [(text.variant or "texte ordinaire", when_chosen(text)) for text in ranked]


def condition_words(code: str) -> str:
    return str(dict(CONDITIONS).get(code, code))


def when_chosen(row: ClauseTemplate) -> str:
    """« pour : mécénat ; si le montant est connu », « quand aucun autre ne convient »."""
    kinds = ", ".join(str(kind) for kind in row.kinds.all())
    parts = [f"pour : {kinds}" if kinds else "", condition_words(row.condition)]
    if not row.condition:
        parts[1] = "" if kinds else "quand aucun autre texte ne convient mieux"
    return " ; ".join(part for part in parts if part)


def since(row: AgreementTemplate) -> str:
    """« en vigueur depuis le 25 novembre 2026 », « retirée le … », « en préparation »."""
    if row.state == TemplateState.DRAFT:
        return "en préparation"
    told, moment = ("en vigueur", row.in_force_since)
    if row.state == TemplateState.RETIRED:
        told, moment = "retirée", row.retired_at
    if moment is None:
        return told
    day = long_date(timezone.localtime(moment).date())
    return f"{told} le {day}" if row.state == TemplateState.RETIRED else f"{told} depuis le {day}"


def copy_of(row: AgreementTemplate) -> TemplateCopy:
    """The template with every text that its articles may take, and when, in words."""
    lines = {line.code: line for line in row.lines.all()}
    texts = agreements.texts_of(row)
    names = agreements.headings(texts)
    articles = tuple(
        CopyArticle(heading=names[code], body=text.body, when=_when(lines[code], text))
        for (code, _variant), text in texts.items()
    )
    kinds = ", ".join(str(kind) for kind in row.kinds.all())
    return TemplateCopy(
        name=row.name,
        version=row.version,
        since=since(row),
        kinds=f"Pour : {kinds}." if kinds else "Pour toutes les natures de convention.",
        articles=articles,
        note=row.note,
    )


def _when(line: AgreementLine, text: ClauseTemplate) -> str:
    only = condition_words(line.condition) if line.condition else ""
    parts = [
        "article obligatoire" if line.mandatory else "",
        f"seulement {only}" if only else "",
        when_chosen(text),
    ]
    told = " ; ".join(part for part in parts if part)
    return f"{told[:1].upper()}{told[1:]}."
