"""The logo of a partner: one of its papers, made small and plain; acts print it in their letterhead.

A frozen act names it by its hash, and its bytes stay: another logo is another paper, and those of before are kept.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponseNotModified

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import attachments, pictures, storage
from conventions.domain.documents.context import AgreementContext
from conventions.domain.foundation.refusals import Refused
from conventions.formats import kind_of_file
from conventions.models import Attachment, Partner, User
from conventions.models.documents import attachment_name

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (640, 256)  # dots at most: 300 an inch on the widest place of a letterhead
LEAST = 80  # dots of the longer side
WHITE = 8  # how far from white a dot is ink, of 255

TOO_LARGE = "Cette image est trop grande. Réduisez-la, puis choisissez-la de nouveau."
UNREADABLE = "Cette image est abîmée. Enregistrez-la de nouveau, puis choisissez-la."
TOO_SMALL = f"Cette image est trop petite pour être imprimée : il lui faut au moins {LEAST} points de large ou de haut."
BLANK = "Sur du papier blanc, ce logo ne se verrait pas. Choisissez celui qui est prévu pour un fond clair."


def give(partner: Partner, upload: UploadedFile, *, by: User) -> Attachment:
    """Make an image the logo of a partner: upright, cropped of its white, at most `SIZE`, as a PNG without metadata.

    Acts frozen before keep theirs. Raises Refused: no picture, too large, too small, damaged, blank on white.
    """
    permissions.require(permissions.can_edit_partners, by)
    file = attachments.inspect_picture(upload)
    content = _png(_cropped(pictures.flat(file.content, too_large=TOO_LARGE, unreadable=UNREADABLE)))
    kind = kind_of_file(io.BytesIO(content), "logo.png")
    with transaction.atomic():
        row = _same(partner, content) or attachments.file_upload(
            attachments.Received("logo.png", kind, content), by=by, title="Logo", partner=partner
        )
        _choose(partner, row, by=by)
    return row


def remove(partner: Partner, *, by: User) -> None:
    """Acts to come print none; the file stays among the papers of the partner."""
    permissions.require(permissions.can_edit_partners, by)
    with transaction.atomic():
        _choose(partner, None, by=by)


def _same(partner: Partner, content: bytes) -> Attachment | None:
    found = partner.attachments.filter(sha256=hashlib.sha256(content).hexdigest(), pending=False)
    return found.first()


def _choose(partner: Partner, row: Attachment | None, *, by: User) -> None:
    kept = Partner.objects.select_for_update().get(pk=partner.pk)
    before = journal.field_values(kept, ["logo"])
    kept.logo = row
    changes = journal.difference(before, journal.field_values(kept, ["logo"]))
    if not changes:
        return
    kept.version += 1
    kept.save(update_fields=["logo", "version", "updated_at"])
    journal.record("partenaire_modifie", by=by, partner=kept, changes=changes)


def _cropped(image: Image) -> Image:
    from PIL import Image, ImageOps

    ink = ImageOps.invert(image.convert("L")).point(lambda dot: 255 if dot > WHITE else 0).getbbox()
    if ink is None:
        raise Refused(BLANK)
    found = image.crop(ink)
    if max(found.size) < LEAST:
        raise Refused(TOO_SMALL)
    found.thumbnail(SIZE, Image.Resampling.LANCZOS)
    return found


def _png(image: Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def bytes_of(ctx: AgreementContext) -> dict[str, bytes]:
    """{hash: PNG} of the logos that an act prints, for `render_agreement`. Raises DamagedDocument."""
    return {
        party.logo: storage.checked_bytes(
            attachment_name(party.logo), party.logo, told=f"Le fichier du logo ({party.short_name})"
        )
        for party in ctx.parties
        if party.logo
    }


def response(row: Attachment, *, request: HttpRequest) -> FileResponse | HttpResponseNotModified:
    """The logo, to be shown. Raises DamagedDocument."""
    return storage.picture_response(row, request=request, filename="logo")
