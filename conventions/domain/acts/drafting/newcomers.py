"""A partner met on the way, known by its name alone; an address from a title."""

from django.db import models, transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.enums import GrammaticalGender, PartnerNature
from conventions.formats import slugify_fr
from conventions.models import Partner, User

MASCULINE_NATURES = (PartnerNature.STATE, PartnerNature.PUBLIC_BODY, PartnerNature.OTHER)


def create_partner(name: str, *, nature: PartnerNature, by: User, acronym: str = "") -> Partner:
    """A partner known by its name only; the rest is filled in later on its own page.

    Raises Refused when one of that name exists: accents, case and hyphens do not count.
    """
    permissions.require(permissions.can_edit_partners, by)
    twin = Partner.objects.lookalikes(name, acronym).first()
    if twin is not None:
        raise Refused(f"« {twin} » existe déjà. Choisissez ce partenaire dans la liste.")
    gender = GrammaticalGender.MASCULINE if nature in MASCULINE_NATURES else GrammaticalGender.FEMININE
    with transaction.atomic():
        partner = Partner.objects.create(
            name=name, acronym=acronym, nature=nature, gender=gender, slug=free_slug(Partner, name)
        )
        journal.record("partenaire_cree", by=by, partner=partner, details={"nature": str(nature)})
    return partner


def free_slug(model: type[models.Model], text: str) -> str:
    """An address from a title, numbered when it is taken."""
    length = (getattr(model._meta.get_field("slug"), "max_length", None) or 50) - 5
    base = slugify_fr(text)[:length].strip("-") or str(model._meta.model_name)
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, rank = base, 2
    while slug in taken:
        slug, rank = f"{base}-{rank}", rank + 1
    return slug
