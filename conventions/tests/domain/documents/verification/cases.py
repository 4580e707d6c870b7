"""Every file that someone may bring to « Vérifier un document »: what was done to it, and the verdict. One table.

A row: the name of the file, how it is made from the `Papers`, its verdict, and what the page says was added to a
document of ours that the file holds whole: its first words. `SENTENCES`: what it says of each verdict.
"""

import base64
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conventions.domain.documents.verification import Verdict as V
from conventions.tests import attacks

FOOTER = b"<html><body><hr><p>Message v\xc3\xa9rifi\xc3\xa9 par l\xe2\x80\x99antivirus.</p></body></html>\r\n"
LIST_FOOTER = b"\n_______________________________________________\nListe mailing\nhttps://exemple.invalid\n"
MENTION = b"\n% /ByteRange [0 1 2 3] /Contents <00>\n"
HEADERS = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n"
NOISE = bytes(range(128, 256)) * 24


@dataclass(frozen=True, slots=True)
class Papers:
    """Files of one act signed by two people, after each seal; its attestation, a scan of ours; a file of others."""

    frozen: bytes
    first: bytes
    signed: bytes
    attestation: bytes
    scan: bytes
    foreign: bytes
    folder: Path


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    make: Callable[[Papers], bytes]
    verdict: V
    added: str = ""


def _more(what: str) -> str:
    return f"C’est un document d’ici, entier, auquel on a ajouté {what}"


def _after(kind: str, count: str) -> str:
    return _more(f"{kind} après la fin ({count} octet{'' if count == '1' else 's'}).")


BLANKS, TEXT, OBJECTS, BYTES = "des blancs ou des zéros", "du texte", "des objets de PDF", "des octets"
AFTER_ANY = _more(f"{OBJECTS} après la fin (")

AS_THEY_ARE = (
    Case("signe", lambda p: p.signed, V.CONFORMING),
    Case("attestation", lambda p: p.attestation, V.CONFORMING),
    Case("scan", lambda p: p.scan, V.WITHOUT_SEAL),
    Case("revenu-au-texte-fige", lambda p: p.frozen, V.INTERMEDIATE),
    Case("revenu-a-la-premiere-signature", lambda p: p.first, V.INTERMEDIATE),
)
PADDED = (
    Case("une-ligne-vide", lambda p: p.signed + b"\n", V.CHANGED, _after(BLANKS, "1")),
    Case("deux-lignes-vides", lambda p: p.signed + b"\r\n\r\n", V.CHANGED, _after(BLANKS, "4")),
    Case("un-zero", lambda p: p.signed + b"\0", V.CHANGED, _after(BLANKS, "1")),
    Case("des-espaces", lambda p: p.signed + b" " * 900, V.CHANGED, _after(BLANKS, "900")),
    Case("des-zeros", lambda p: p.signed + bytes(900), V.CHANGED, _after(BLANKS, "900")),
    Case("beaucoup-d-espaces", lambda p: p.signed + b" " * 3000, V.CHANGED, _after(BLANKS, "3 000")),
    Case("beaucoup-de-zeros", lambda p: p.signed + bytes(3000), V.CHANGED, _after(BLANKS, "3 000")),
    Case("un-million-de-zeros", lambda p: p.signed + bytes(10**6), V.CHANGED, _after(BLANKS, "1 000 000")),
    Case("fin-de-fichier-dos", lambda p: p.signed + b"\x1a", V.CHANGED, _after(BLANKS, "1")),
    Case("pied-de-courriel", lambda p: p.signed + FOOTER, V.CHANGED, _after(TEXT, str(len(FOOTER)))),
    Case("pieds-de-courriel", lambda p: p.signed + FOOTER * 30, V.CHANGED, _after(TEXT, "2 250")),
    Case("pied-de-liste", lambda p: p.signed + LIST_FOOTER, V.CHANGED, _after(TEXT, str(len(LIST_FOOTER)))),
    Case("pied-qui-dit-byterange", lambda p: p.signed + MENTION, V.CHANGED, _after(TEXT, str(len(MENTION)))),
    Case("pieds-qui-disent-byterange", lambda p: p.signed + MENTION * 50, V.CHANGED, _after(TEXT, "1 950")),
    Case("pied-qui-dit-eof", lambda p: p.signed + b"%%EOF\n", V.CHANGED, _after(TEXT, "6")),
    Case("pieds-qui-disent-eof", lambda p: p.signed + b"%%EOF\n" * 300, V.CHANGED, _after(TEXT, "1 800")),
    Case(
        "pied-qui-copie-un-sceau",
        lambda p: p.signed + _ranges(p.signed) * 50,
        V.CHANGED,
        _more(f"{TEXT} après"),
    ),
    Case("du-bruit", lambda p: p.signed + NOISE, V.CHANGED, _after(BYTES, "3 072")),
    Case("un-script", lambda p: p.signed + b"\n<script>alert(1)</script>\n", V.CHANGED, _after(TEXT, "27")),
    Case(
        "une-archive",
        lambda p: p.signed + gzip.compress(b"x" * 99, mtime=0),
        V.CHANGED,
        _more(f"{BYTES} après"),
    ),
    Case("une-bombe", lambda p: p.signed + attacks.bomb(), V.CHANGED, _more(f"{OBJECTS} après")),
    Case("un-autre-pdf", lambda p: p.signed + p.foreign, V.CHANGED, _more(f"{OBJECTS} après")),
    Case("deux-fois-le-meme", lambda p: p.signed * 2, V.CHANGED, _more(f"{OBJECTS} après")),
    Case(
        "une-marque-devant",
        lambda p: b"\xef\xbb\xbf" + p.signed,
        V.CHANGED,
        _more("3 octets avant le début."),
    ),
    Case(
        "en-tetes-devant",
        lambda p: HEADERS + p.signed,
        V.CHANGED,
        _more(f"{len(HEADERS)} octets avant le début."),
    ),
    Case(
        "devant-et-derriere",
        lambda p: HEADERS + p.signed + bytes(9),
        V.CHANGED,
        _more(f"{len(HEADERS)} octets avant le début et {BLANKS} après la fin (9 octets)."),
    ),
    Case("texte-fige-et-zeros", lambda p: p.frozen + bytes(3000), V.CHANGED, _after(BLANKS, "3 000")),
    Case("premiere-signature-et-pied", lambda p: p.first + FOOTER * 30, V.CHANGED, _after(TEXT, "2 250")),
    Case("attestation-et-zeros", lambda p: p.attestation + bytes(3000), V.CHANGED, _after(BLANKS, "3 000")),
    Case("attestation-et-pied", lambda p: p.attestation + FOOTER, V.CHANGED, _after(TEXT, str(len(FOOTER)))),
    Case("scan-et-zeros", lambda p: p.scan + bytes(3000), V.CHANGED, _after(BLANKS, "3 000")),
    Case("scan-et-pied", lambda p: p.scan + FOOTER, V.CHANGED, _after(TEXT, str(len(FOOTER)))),
)
SEALED_BYTES = (
    Case("octet-change-dans-une-page", lambda p: attacks.flip_a_byte(p.signed), V.ALTERED),
    Case("octet-change-sous-le-premier-sceau", lambda p: attacks.flip_in_seal(p.signed, 0), V.ALTERED),
    Case("octet-change-sous-la-premiere-signature", lambda p: attacks.flip_in_seal(p.signed, 1), V.ALTERED),
    Case("octet-change-sous-la-derniere-signature", lambda p: attacks.flip_in_seal(p.signed, 2), V.ALTERED),
    Case("octet-change-dans-la-signature", lambda p: attacks.flip_in_the_last_seal(p.signed), V.ALTERED),
    Case("octet-change-dans-l-en-tete", lambda p: attacks.flip_at(p.signed, 7), V.ALTERED),
    Case("octet-change-et-zeros", lambda p: attacks.flip_a_byte(p.signed) + bytes(3000), V.ALTERED),
    Case("octet-change-et-pied", lambda p: attacks.flip_a_byte(p.signed) + FOOTER, V.ALTERED),
    Case("octet-change-dans-l-attestation", lambda p: attacks.flip_a_byte(p.attestation), V.ALTERED),
    Case("octet-change-dans-le-texte-fige", lambda p: attacks.flip_a_byte(p.frozen), V.ALTERED),
    Case("zeros-au-milieu", lambda p: p.signed[:5000] + bytes(512) + p.signed[5512:], V.ALTERED),
    Case("etendue-changee", lambda p: attacks.change_range(p.signed), V.CHANGED, _more(f"{OBJECTS} après")),
    Case(
        "place-libre-remplie", lambda p: attacks.fill_the_room(p.signed), V.CHANGED, _more(f"{OBJECTS} après")
    ),
    Case("chiffres-en-minuscules", lambda p: attacks.small_digits(p.signed), V.UNREGISTERED, _more(OBJECTS)),
)
OVER = (
    Case("recouvert", lambda p: attacks.paint_over(p.signed), V.CHANGED_AFTER, AFTER_ANY),
    Case(
        "recouvert-puis-zeros", lambda p: attacks.paint_over(p.signed) + bytes(9), V.CHANGED_AFTER, AFTER_ANY
    ),
    Case("texte-fige-recouvert", lambda p: attacks.paint_over(p.frozen), V.CHANGED_AFTER, AFTER_ANY),
    Case("annote", lambda p: attacks.annotate(p.signed), V.CHANGED_AFTER, AFTER_ANY),
    Case("attestation-annotee", lambda p: attacks.annotate(p.attestation), V.CHANGED_AFTER, AFTER_ANY),
    Case("piece-jointe-ajoutee", lambda p: attacks.attach(p.signed), V.CHANGED_AFTER, AFTER_ANY),
    Case("script-ajoute", lambda p: attacks.script_after(p.signed), V.CHANGED_AFTER, AFTER_ANY),
    Case(
        "page-retournee",
        lambda p: attacks.update(p.signed, attacks.turn_the_page),
        V.CHANGED_AFTER,
        AFTER_ANY,
    ),
    Case("page-retiree", lambda p: attacks.update(p.signed, attacks.drop_a_page), V.CHANGED_AFTER, AFTER_ANY),
    Case("sceaux-caches", lambda p: attacks.update(p.signed, attacks.hide_the_seals), V.CHANGED, AFTER_ANY),
    Case("titre-change", lambda p: attacks.update(p.signed, attacks.rename), V.CHANGED, AFTER_ANY),
    Case(
        "zeros-puis-recouvert", lambda p: attacks.paint_over(p.signed + bytes(9)), V.CHANGED_AFTER, AFTER_ANY
    ),
    Case("horodatage-ajoute", lambda p: _stamped(p), V.STAMPED, AFTER_ANY),
    Case("horodatage-et-zeros", lambda p: _stamped(p) + bytes(9), V.CHANGED, AFTER_ANY),
    Case("horodatage-abime", lambda p: _flipped(_stamped(p)), V.CHANGED, AFTER_ANY),
    Case(
        "recouvert-puis-horodatage",
        lambda p: attacks.stamp(attacks.paint_over(p.signed), p.folder),
        V.CHANGED_AFTER,
        AFTER_ANY,
    ),
    Case(
        "signe-par-un-inconnu",
        lambda p: attacks.sign_a_free_field(p.first, p.folder / "a"),
        V.FOREIGN,
        AFTER_ANY,
    ),
)
REMADE = (
    Case("refait-par-qpdf", lambda p: attacks.run_qpdf(p.signed), V.CHANGED),
    Case("refait-et-linearise", lambda p: attacks.run_qpdf(p.signed, "--linearize"), V.CHANGED),
    Case("refait-en-clair", lambda p: attacks.run_qpdf(p.signed, "--qdf"), V.CHANGED),
    Case("refait-par-pypdf", lambda p: attacks.rewrite_with_pypdf(p.signed), V.CHANGED),
    Case(
        "refait-sans-flux-d-objets",
        lambda p: attacks.run_qpdf(p.signed, "--object-streams=disable"),
        V.CHANGED,
    ),
    Case("refait-avec-script", lambda p: attacks.act_on_opening(p.signed), V.CHANGED),
    Case("refait-et-pieds", lambda p: attacks.rewrite_with_pypdf(p.signed) + FOOTER * 30, V.UNREADABLE),
    Case("attestation-refaite", lambda p: attacks.rewrite_with_pypdf(p.attestation), V.CHANGED),
    Case("scan-refait", lambda p: attacks.rewrite_with_pypdf(p.scan), V.UNKNOWN),
    Case("sans-ses-sceaux", lambda p: attacks.strip_signatures(p.signed), V.STRIPPED),
    Case(
        "sans-ses-sceaux-recouvert",
        lambda p: attacks.paint_over(attacks.strip_signatures(p.signed)),
        V.STRIPPED,
    ),
    Case("chiffre", lambda p: attacks.encrypt(p.signed), V.PROTECTED),
    Case("chiffre-sans-mot-de-passe", lambda p: attacks.encrypt(p.signed, user=""), V.PROTECTED),
    Case("fins-de-ligne-changees", lambda p: p.signed.replace(b"\n", b"\r\n"), V.UNREADABLE),
    Case("en-utf-8", lambda p: p.signed.decode("latin-1").encode(), V.UNREADABLE),
    Case("loin-du-debut", lambda p: b" " * 2000 + p.signed, V.UNREADABLE),
)
CUT = (
    Case("coupe-d-un-octet", lambda p: p.signed[:-1], V.CUT),
    Case("coupe-de-mille-octets", lambda p: p.signed[:-1000], V.CUT),
    Case("coupe-a-moitie", lambda p: attacks.cut(p.signed), V.CUT),
    Case("coupe-a-moitie-puis-zeros", lambda p: attacks.cut(p.signed) + bytes(3000), V.CHANGED, _more(BYTES)),
    Case("coupe-avant-les-sceaux", lambda p: attacks.cut_before_the_seals(p.signed), V.UNREADABLE),
    Case("texte-fige-coupe-d-un-octet", lambda p: p.frozen[:-1], V.CUT),
    Case("attestation-coupee-d-un-octet", lambda p: p.attestation[:-1], V.CUT),
    Case("attestation-coupee", lambda p: attacks.cut(p.attestation), V.UNREADABLE),
    Case("scan-coupe", lambda p: attacks.cut(p.scan), V.UNREADABLE),
)
OTHERS = (
    Case("vide", lambda p: b"", V.UNREADABLE),
    Case("zeros", lambda p: bytes(10_000), V.UNREADABLE),
    Case("archive", lambda p: b"PK\x03\x04 autre chose", V.UNREADABLE),
    Case("page-web", lambda p: FOOTER, V.UNREADABLE),
    Case(
        "texte-qui-dit-byterange",
        lambda p: b"La cl\xc3\xa9 /ByteRange [0 1 2 3] d\xe2\x80\x99un PDF",
        V.UNREADABLE,
    ),
    Case("moitie-de-sceau", lambda p: b"%PDF-1.7 /ByteRange [0 1 2 3]", V.UNREADABLE),
    Case("sceau-copie-seul", lambda p: b"%PDF-1.7\n" + _ranges(p.signed), V.UNREADABLE),
    Case("emboite", lambda p: b"%PDF-1.7\n" + b"[" * 200_000, V.UNREADABLE),
    Case("bombe", lambda p: attacks.bomb(), V.UNREADABLE),
    Case("comprime", lambda p: gzip.compress(p.signed, mtime=0), V.UNREADABLE),
    Case("en-base-64", lambda p: base64.encodebytes(p.signed), V.UNREADABLE),
    Case("trop-lourd", lambda p: p.signed + bytes(20 * 1024 * 1024), V.TOO_HEAVY),
    Case("facture", lambda p: p.foreign, V.UNKNOWN),
    Case("facture-qui-dit-byterange", lambda p: p.foreign + MENTION, V.UNKNOWN),
    Case("facture-abimee-qui-dit-byterange", lambda p: p.foreign + MENTION * 50, V.UNREADABLE),
    Case("facture-avec-script", lambda p: attacks.act_on_opening(p.foreign), V.UNKNOWN),
    Case("facture-coupee", lambda p: attacks.cut(p.foreign), V.UNREADABLE),
    Case("contrat-signe-ailleurs", lambda p: _contract(p), V.FOREIGN),
    Case("contrat-signe-ailleurs-et-zeros", lambda p: _contract(p) + bytes(3000), V.FOREIGN),
    Case("contrat-signe-ailleurs-abime", lambda p: attacks.flip_at(_contract(p), 12), V.FOREIGN),
)
# The end of what is shown, whatever stands before it.
SENTENCES = {
    V.CONFORMING: "le document scellé que l’OPT-NC a enregistré. Rien n’y a changé.",
    V.WITHOUT_SEAL: "un document enregistré par l’OPT-NC. Il ne porte pas de sceau électronique.",
    V.INTERMEDIATE: "ce n’est pas la dernière version : des signatures ont été ajoutées depuis.",
    V.ALTERED: "Des octets protégés par un de nos sceaux ont changé",
    V.CUT: "Il manque la fin de ce fichier",
    V.CHANGED: "Ce fichier n’est plus tel qu’il a été scellé ou enregistré : il a été modifié, réenregistré",
    V.CHANGED_AFTER: "Quelque chose a été ajouté par-dessus le document scellé",
    V.STAMPED: "ce qu’ils protègent n’a pas changé ; l’horodatage n’est pas dans notre registre.",
    V.UNREGISTERED: "Les sceaux sont les nôtres et ils sont intacts, mais ce fichier n’est pas dans notre registre.",
    V.STRIPPED: "aucun sceau ne s’y lit et il n’est pas enregistré.",
    V.FOREIGN: "Une signature de ce fichier n’a pas été faite avec notre certificat",
    V.PROTECTED: "Ce fichier est chiffré.",
    V.UNKNOWN: "Ce fichier n’est pas dans notre registre et aucun de nos sceaux ne s’y lit.",
    V.UNREADABLE: "Ce fichier est vide, n’est pas un PDF, ou est trop abîmé ou trop complexe pour être lu.",
    V.TOO_HEAVY: "Ce fichier dépasse 20 Mo. Il n’a pas été lu.",
}
CASES = (*AS_THEY_ARE, *PADDED, *SEALED_BYTES, *OVER, *REMADE, *CUT, *OTHERS)


def _ranges(content: bytes) -> bytes:
    """What a seal says of the bytes that it covers, word for word."""
    found = re.findall(rb"/ByteRange \[[^\]]*\]", content)
    return b"\n" + found[-1] + b"\n"


def _stamped(papers: Papers, first: Callable[[bytes], bytes] = bytes) -> bytes:
    return attacks.stamp(first(papers.signed), papers.folder)


def _flipped(content: bytes) -> bytes:
    return attacks.flip_in_the_last_seal(content)


def _contract(papers: Papers) -> bytes:
    return attacks.sign_elsewhere(papers.foreign, papers.folder)
