"""The logo of a partner: any picture in, a small plain one kept; printed and frozen with the acts that come after."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from conventions.domain.acts.lifecycle import ContentChanged, apply
from conventions.domain.documents import logos, storage
from conventions.domain.documents.archives import renders
from conventions.domain.documents.context import from_snapshot
from conventions.domain.documents.rendering import render_agreement
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import partners
from conventions.enums import Event, PartyRole
from conventions.models import JournalEntry
from conventions.tests import factories as f
from conventions.tests.annexes.conftest import act, frozen, lawyer, officer  # noqa: F401
from conventions.tests.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def drawn(kind="PNG", size=(900, 500), mode="RGB", ink=(10, 102, 115), **options):
    """A rectangle of ink in the middle of a white picture."""
    image = Image.new(mode, size, 255 if mode == "L" else (255,) * len(mode))
    image.paste(ink, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return SimpleUploadedFile(f"logo.{kind.lower()}", out.getvalue())


def partner_of(act):  # noqa: F811
    return act.convention.parties.exclude(role=PartyRole.OPT).get().partner


def pictures_of(content):
    """(alternative text) of each figure of a PDF, and the number of pictures of its first page."""
    reader = PdfReader(io.BytesIO(content))
    return len(reader.pages[0].images), [
        str(obj["/Alt"])
        for obj in (
            reader.get_object(rank) for rank in range(1, len(reader.xref_objStm) + len(reader.xref[0]) + 1)
        )
        if isinstance(obj, dict) and "/Alt" in obj
    ]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_any_picture_becomes_a_small_plain_one(officer, kind):  # noqa: F811
    partner = f.PartnerFactory()
    exif = Image.Exif()
    exif[0x010E] = "Devant la mairie (fictif)"
    options = {"exif": exif} if kind != "PNG" else {}
    row = logos.give(partner, drawn(kind, (2400, 2400), **options), by=officer)
    kept = Image.open(io.BytesIO(storage.read_bytes(row)))
    assert (kept.format, kept.mode, kept.size) == ("PNG", "RGB", (256, 256))
    assert not kept.info.get("exif")
    partner.refresh_from_db()
    assert partner.logo == row
    line = JournalEntry.objects.filter(partner=partner).order_by("sequence").last()
    assert line.event == "partenaire_modifie"


def test_picture_turned_by_its_camera_stands_upright(officer):  # noqa: F811
    exif = Image.Exif()
    exif[0x0112] = 6
    row = logos.give(f.PartnerFactory(), drawn("JPEG", (800, 400), exif=exif), by=officer)
    assert row.size > 0
    width, height = Image.open(io.BytesIO(storage.read_bytes(row))).size
    assert height > width


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (lambda: drawn(ink=(255, 255, 255)), "ne se verrait pas"),
        (lambda: drawn(mode="RGBA", ink=(0, 0, 0, 0)), "ne se verrait pas"),
        (lambda: drawn(size=(60, 60)), "au moins 80 points"),
        (lambda: SimpleUploadedFile("logo.png", drawn().read()[:400]), "abîmée"),
        (lambda: SimpleUploadedFile("logo.pdf", f.small_pdf("Logo (fictif)")), "abîmée"),
    ],
)
def test_what_would_not_print_is_refused_and_nothing_changes(officer, upload, told):  # noqa: F811
    partner = f.PartnerFactory()
    with pytest.raises(Refused, match=told):
        logos.give(partner, upload(), by=officer)
    partner.refresh_from_db()
    assert partner.logo is None
    assert not partner.attachments.exists()


def test_the_same_picture_twice_is_one_paper_and_one_line(officer):  # noqa: F811
    partner = f.PartnerFactory()
    first = logos.give(partner, drawn(), by=officer)
    logos.remove(partner, by=officer)
    assert logos.give(partner, drawn(), by=officer) == first
    logos.give(partner, drawn(), by=officer)
    assert partner.attachments.count() == 1
    assert JournalEntry.objects.filter(partner=partner, event="partenaire_modifie").count() == 3


def test_only_those_who_keep_partners_choose_it(officer):  # noqa: F811
    partner = f.PartnerFactory()
    for role in ("lecture", "juriste", "communication"):
        with pytest.raises(PermissionDenied):
            logos.give(partner, drawn(), by=f.UserFactory(role=role))
        with pytest.raises(PermissionDenied):
            logos.remove(partner, by=f.UserFactory(role=role))


def test_frozen_act_prints_it_says_what_it_is_and_renders_again_to_its_bytes(act, officer, lawyer):  # noqa: F811
    logos.give(partner_of(act), drawn(), by=officer)
    act = frozen(act, officer, lawyer)
    content = storage.read_bytes(act.frozen_document)
    count, told = pictures_of(content)
    assert count == 1
    assert [text for text in told if text.startswith("Logo d")]
    context = from_snapshot(act.frozen_document.snapshot)
    assert (
        render_agreement(context, logos=logos.bytes_of(context)).content
        == content[: act.frozen_document.size]
    )
    with pytest.raises(ValueError, match="logos"):
        render_agreement(context)
    logos.give(partner_of(act), drawn(ink=(129, 80, 0)), by=officer)
    assert list(renders.changed_renders(5, lambda *_: None)) == []


def test_lost_logo_is_told_where_to_mend_it_before_freezing(act, officer, lawyer):  # noqa: F811
    row = logos.give(partner_of(act), drawn(), by=officer)
    act = apply(apply(act, Event.SUBMIT, by=officer), Event.APPROVE, by=lawyer)
    storages["private"].delete(row.storage_name)
    with pytest.raises(Refused, match="Choisissez-le de nouveau dans la fiche du partenaire"):
        apply(act, Event.FREEZE, by=officer)


def test_logo_chosen_after_validation_asks_for_a_new_reading(act, officer, lawyer):  # noqa: F811
    act = apply(apply(act, Event.SUBMIT, by=officer), Event.APPROVE, by=lawyer)
    logos.give(partner_of(act), drawn(), by=officer)
    with pytest.raises(ContentChanged, match="les parties"):
        apply(act, Event.FREEZE, by=officer)


def test_act_without_logo_holds_no_word_of_one(act, officer, lawyer):  # noqa: F811
    act = frozen(act, officer, lawyer)
    assert all("logo" not in party for party in act.frozen_document.snapshot["data"]["parties"])
    assert pictures_of(storage.read_bytes(act.frozen_document))[0] == 0


def test_merged_file_brings_its_logo_where_the_kept_one_has_none(officer):  # noqa: F811
    source, target = f.PartnerFactory(), f.PartnerFactory()
    row = logos.give(source, drawn(), by=officer)
    partners.merge(source, target, by=officer)
    target.refresh_from_db()
    assert target.logo == row


def test_on_its_page_it_is_given_seen_changed_and_taken_away(officer):  # noqa: F811
    partner = f.PartnerFactory(name="Les Amis du Banian (fictif)")
    desk = sign_in("gestionnaire")
    page, image = (reverse(f"admin:partner_{name}", args=[partner.pk]) for name in ("logo", "logo_picture"))
    assert "Aucun logo" in desk.get(page).content.decode()
    assert desk.get(image).status_code == 404
    refused = desk.post(page, {"file": drawn(ink=(255, 255, 255))})
    assert "ne se verrait pas" in refused.content.decode()
    refused = desk.post(
        page, {"file": SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}
    )
    assert "Enregistrez l’image en PNG." in refused.content.decode()
    assert desk.post(page, {"file": drawn()}).status_code == 302
    shown = desk.get(page).content.decode()
    assert "Logo des Amis du Banian" in shown
    answer = desk.get(image)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert desk.get(image, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    desk.post(reverse("admin:partner_logo_removed", args=[partner.pk]))
    assert desk.get(image).status_code == 404
