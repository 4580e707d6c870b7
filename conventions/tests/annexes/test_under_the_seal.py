"""Received files chosen as annexes: read when chosen, embedded when frozen, never changed after."""

import hashlib
import io

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.html import strip_tags
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from conventions.domain.acts import amending, drafting
from conventions.domain.acts.lifecycle import apply, doubtful, missing_actions
from conventions.domain.acts.lifecycle.preparers import preparers_of
from conventions.domain.acts.review import second_reading
from conventions.domain.documents import annexes, storage
from conventions.domain.documents.reading import page_texts
from conventions.domain.documents.rendering import consolidated_html
from conventions.domain.documents.rendering.engine import write_marks
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, AttachmentKind, Event
from conventions.formats import rib_key
from conventions.models import Act, Annex, Funding
from conventions.tests import factories as f
from conventions.tests.annexes.conftest import CLAUSE, annex_of, choose, frozen, paper
from conventions.tests.conftest import sign_in
from conventions.tests.pdf.reading import plain

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def pages(*sizes, **metadata):
    """A PDF of blank pages of these sizes."""
    writer, out = PdfWriter(), io.BytesIO()
    for width, height in sizes:
        writer.add_blank_page(width, height)
    writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    writer.write(out)
    return out.getvalue()


def picture(kind, size=(400, 300), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 90).save(out, kind, **options)
    return out.getvalue()


def embedded(content):
    """{name: bytes} of the files in a PDF, its own data apart."""
    found = PdfReader(io.BytesIO(content)).attachments
    return {name: files[0] for name, files in found.items() if name != "convention.json"}


def test_frozen_text_prints_and_embeds_its_annexes_in_their_order(act, officer, lawyer):
    plan, budget = paper(act), paper(act, pages(*[(595, 842)] * 3), title="Fiche technique (fictif)")
    rows = [annex_of(act, budget, "Fiche technique (fictif)", position=2), annex_of(act, plan, position=1)]
    choose(act, *rows, by=officer)
    act = frozen(act, officer, lawyer)
    content = storage.read_bytes(act.frozen_document)
    files = embedded(content)
    assert list(files) == ["annexe-1-plan-de-scene-fictif.pdf", "annexe-2-fiche-technique-fictif.pdf"]
    text = " ".join(" ".join(page_texts(content)).split())
    told = act.frozen_document.snapshot["data"]["files"]
    for told_file, given in zip(told, files.values(), strict=True):
        assert told_file["sha256"] == hashlib.sha256(given).hexdigest()
        assert told_file["sha256"] in text.replace(" ", "")
    assert "Pages 1 Plan de scène (fictif)" in text
    last = told[1]["sha256"]
    assert f"{last[-8:-4]} {last[-4:]} 3 Total 4" in text
    catalog = PdfReader(io.BytesIO(content)).trailer["/Root"]
    kinds = [spec.get_object()["/AFRelationship"] for spec in catalog["/AF"]]
    assert sorted(kinds) == ["/Data", "/Supplement", "/Supplement"]


def test_choosing_an_annex_is_preparing_so_is_having_filed_it(act, officer, lawyer):
    filer = f.UserFactory(role="gestionnaire")
    assert preparers_of(act) == {officer.pk}
    choose(act, annex_of(act, paper(act, uploaded_by=lawyer)), by=filer)
    assert preparers_of(act) == {officer.pk, filer.pk, lawyer.pk}
    act = apply(act, Event.SUBMIT, by=officer)
    with pytest.raises(Refused, match="Vous avez préparé ce dossier"):
        apply(act, Event.APPROVE, by=lawyer)


def test_an_annex_changes_only_in_a_draft_and_a_change_is_read_again(act, officer, lawyer):
    act = apply(apply(act, Event.SUBMIT, by=officer), Event.APPROVE, by=lawyer)
    with pytest.raises(drafting.Locked):
        choose(act, annex_of(act, paper(act)), by=officer)
    act = apply(act, Event.TAKE_BACK, by=officer, reason="Un plan manque.")
    choose(act, annex_of(act, paper(act)), by=officer)
    act.refresh_from_db()
    changed = second_reading.since_last_reading(act).changes
    assert [row.label for row in changed] == ["Annexe"]
    act = apply(act, Event.SUBMIT, by=officer)
    assert (act.state, act.approved_by) == (ActState.IN_REVIEW, None)


def test_nothing_of_an_annex_changes_once_frozen_by_any_route(act, officer, lawyer):
    filed = paper(act)
    choose(act, annex_of(act, filed), by=officer)
    act = frozen(act, officer, lawyer)
    annex = Annex.objects.get()
    other = annex_of(act, paper(act, f.small_pdf("Autre")))
    routes = [
        lambda: Annex.objects.update(title="Autre"),
        lambda: Annex.objects.update(attachment=other.attachment),
        lambda: Annex.objects.all().delete(),
        other.save,
    ]
    for route in routes:
        with pytest.raises(DatabaseError, match="figé"), transaction.atomic():
            route()
    with pytest.raises(ProtectedError):
        filed.delete()
    with pytest.raises(drafting.Locked):
        choose(act, removed=[annex], by=officer)
    assert Annex.objects.values_list("title", "sha256").get() == (annex.title, annex.sha256)


def test_a_file_swapped_on_the_disk_is_never_frozen(act, officer, lawyer):
    choose(act, annex_of(act, paper(act)), by=officer)
    act = apply(apply(act, Event.SUBMIT, by=officer), Event.APPROVE, by=lawyer)
    name = Annex.objects.get().storage_name
    storages["private"].delete(name)
    with storages["private"].open(name, "wb") as file:
        file.write(f.small_pdf("Un autre texte"))
    with pytest.raises(Refused, match="a été modifié"):
        apply(act, Event.FREEZE, by=officer)
    assert Act.objects.get(pk=act.pk).state == ActState.APPROVED


@pytest.mark.parametrize(
    ("values", "content"),
    [
        ({"kind": AttachmentKind.BANK}, b""),
        ({"title": "RIB de l’association"}, b""),
        ({"original_name": "releve d'identite_IBAN.pdf"}, b""),
    ],
)
def test_bank_details_are_never_an_annex(act, values, content):
    with pytest.raises(Refused, match="Un RIB n’est jamais une annexe"):
        annex_of(act, paper(act, **values))


def test_bank_details_under_another_name_are_found_by_their_bytes(act):
    paper(act, f.small_pdf("compte"), kind=AttachmentKind.BANK)
    with pytest.raises(Refused, match="Un RIB n’est jamais une annexe"):
        annex_of(act, paper(act, f.small_pdf("compte"), title="Fiche"))


def test_a_paper_called_bank_details_later_stops_the_freezing(act, officer):
    filed = paper(act)
    choose(act, annex_of(act, filed), by=officer)
    type(filed).objects.filter(pk=filed.pk).update(kind=AttachmentKind.BANK)
    assert any(one.code.startswith("rib-") for one in missing_actions(act, Event.FREEZE))


def protected():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "content_type", "told"),
    [
        (protected(), "application/pdf", "mot de passe"),
        (b"%PDF-1.7\nrien", "application/pdf", "abîmé"),
        (b"PK\x03\x04", "application/vnd.oasis.opendocument.text", "Une annexe est un PDF"),
        (b"\xff\xd8\xff rien", "image/jpeg", "abîmée"),
        (pages(*[(595, 842)] * (annexes.MAX_PAGES + 1)), "application/pdf", "plus de 200 pages"),
    ],
)
def test_a_file_that_no_signatory_could_read_is_refused(act, content, content_type, told):
    with pytest.raises(Refused, match=told):
        annex_of(act, paper(act, content, content_type=content_type))


def test_a_pdf_that_acts_gives_its_pages_alone(act):
    writer, out = PdfWriter(clone_from=io.BytesIO(f.small_pdf("Plan"))), io.BytesIO()
    writer.add_open_action(JavaScript("app.alert('bonjour')"))
    writer.add_attachment("caché.txt", b"rien")
    writer.write(out)
    annex = annex_of(act, paper(act, out.getvalue()))
    kept = PdfReader(io.BytesIO(storage.bytes_at(annex.storage_name)))
    assert (annex.page_count, len(kept.pages)) == (1, 1)
    assert not {"/Names", "/OpenAction", "/AA", "/AF"} & set(kept.trailer["/Root"])


def test_an_image_becomes_one_page_upright_within_a4(act):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    wide = picture("JPEG", (400, 300), exif=exif)
    for content, sort in ((wide, "image/jpeg"), (picture("PNG", mode="RGBA"), "image/png")):
        annex = annex_of(act, paper(act, content, content_type=sort))
        box = PdfReader(io.BytesIO(storage.bytes_at(annex.storage_name))).pages[0].mediabox
        assert annex.page_count == 1
        assert (max(box.width, box.height) <= 842, min(box.width, box.height) <= 596) == (True, True)
        assert (box.height > box.width) == (sort == "image/jpeg")


@pytest.mark.parametrize(
    ("body", "promised"),
    [
        ("Le plan est dans l’annexe 2.", "l’annexe 2"),
        ("Voir les annexes 1 et 3.", "l’annexe 3"),
        ("Voir l’annexe n° 4.", "l’annexe 4"),
        ("Voir l’annexe II.", "l’annexe 2"),
        ("Voir l’annexe « Plan des loges ».", "l’annexe « Plan des loges »"),
    ],
)
def test_what_the_text_promises_and_the_act_has_not_is_named(act, officer, body, promised):
    choose(act, annex_of(act, paper(act)), by=officer)
    act.clause_set.update(
        body=f"{body} Voir l’annexe 1, l’annexe « Plan de scène (fictif) », l’annexe 9 du décret."
    )
    told = [one.label for one in missing_actions(act, Event.FREEZE) if one.anchor == "pieces"]
    assert [label.split(" renvoie à ")[1].split(", que")[0] for label in told] == [promised]
    assert [one for one in missing_actions(act, Event.SUBMIT) if one.anchor == "pieces"] != []


@pytest.mark.parametrize(
    "words", ["Le plan est joint en annexe.", "Le plan ci-joint.", "Le plan annexé au texte."]
)
def test_an_annex_promised_without_a_name_is_a_doubt_until_there_is_one(act, officer, words):
    """« Les pièces annexées au compte rendu » promises nothing of the act: it is told, and stops nothing."""
    act.clause_set.update(body=words)
    assert not any("renvoie" in one.label for one in missing_actions(act, Event.FREEZE))
    assert any("et l’acte n’a aucune annexe" in doubt.label for doubt in doubtful.doubts_on(act))
    choose(act, annex_of(act, paper(act)), by=officer)
    assert not any("aucune annexe" in doubt.label for doubt in doubtful.doubts_on(act))


def test_annexes_that_a_phone_cannot_open_are_refused_together(act, officer, monkeypatch):
    monkeypatch.setattr(annexes, "MAX_BYTES", 100)
    choose(act, annex_of(act, paper(act)), by=officer)
    assert any(one.code == "annexes-lourdes" for one in missing_actions(act, Event.FREEZE))


def test_paper_that_shows_a_whole_account_is_no_annex_whatever_its_name(act):
    account = ("14168", "00001", "01012345678")
    shown = f"Banque {account[0]} Guichet {account[1]} Compte {account[2]} Clé {rib_key(*account)}"
    kept = f"<p>Devis fictif, page sans compte</p><p style='break-before: page'>{shown}</p>"
    row = paper(act, write_marks(kept), title="Devis (fictif)")
    with pytest.raises(Refused, match=r"un compte bancaire entier \(page 2\)"):
        annex_of(act, row)
    assert annex_of(act, paper(act, write_marks("<p>Devis fictif, sans compte</p>"))).page_count == 1


def test_staff_read_an_annex_as_the_act_will_hold_it(act, officer):
    choose(act, annex_of(act, paper(act)), by=officer)
    row = Annex.objects.get()
    desk = sign_in("gestionnaire")
    address = reverse("admin:conventions_convention_annex", args=[act.convention_id, row.pk])
    answer = desk.get(address)
    assert b"".join(answer.streaming_content) == storage.read_bytes(row)
    assert answer["Content-Disposition"] == 'inline; filename="annexe-plan-de-scene-fictif.pdf"'
    page = desk.get(reverse("admin:conventions_convention_change", args=[act.convention_id]))
    assert address in page.content.decode()
    other = reverse("admin:conventions_convention_annex", args=[f.ConventionFactory().pk, row.pk])
    assert desk.get(other).status_code == 404


def test_annex_of_forty_pages_is_frozen_whole(act, officer, lawyer):
    choose(
        act, annex_of(act, paper(act, pages(*[(595, 842)] * 40)), "Cahier des charges (fictif)"), by=officer
    )
    act = frozen(act, officer, lawyer)
    content = storage.read_bytes(act.frozen_document)
    (given,) = embedded(content).values()
    assert len(PdfReader(io.BytesIO(given)).pages) == 40
    assert "Cahier des charges (fictif)" in " ".join(" ".join(page_texts(content)).split())


def test_text_in_force_lists_the_annexes_of_its_amendments_and_what_they_removed(officer):
    convention = f.ConventionFactory(
        act="signe", act__fundings=[{"amount": 2_000_000}], act__clauses=[CLAUSE]
    )
    later = amending.start_amendment(convention, by=officer, reason="Plan (fictif).")
    (line,) = amending.lines_in_force(convention)[Funding]
    amending.remove_line(later, line, by=officer)
    f.AnnexFactory(act=later, title="Plan de repli (fictif)")
    f.settle(later, ActState.SIGNED, number="2026-014-A1")
    text = plain(strip_tags(consolidated_html(amending.consolidated(convention))))
    assert "Avenant n° 2026-014-A1 : annexes jointes" in text
    assert "Plan de repli (fictif)" in text
    assert "Ce qui n’est plus en vigueur" in text
    removed = text[text.index("Lignes supprimées") :]
    assert "2 000 000 F CFP" in removed
    assert "Avenant n° 2026-014-A1" in removed
