"""Documents with real bytes in private storage; attachments, photos, sources; requests and acts of signature."""

import datetime
import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from factory.django import DjangoModelFactory, ImageField

from conventions import models
from conventions.enums import AttachmentKind, DocumentKind, SignatureMethod
from conventions.tests.factories.people import days_from_today


def small_pdf(text: str) -> bytes:
    """A valid PDF of one page; the same text gives the same bytes. The text is kept in its title."""
    title = text.encode("utf-16-be").hex().upper()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        f"<</Title<FEFF{title}>>>".encode(),
    ]
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + head + table + trailer % (len(objects) + 1, len(body))


def _stored(name: str, content: bytes) -> None:
    storage = storages["private"]
    if not storage.exists(name):
        storage.save(name, ContentFile(content))


class DocumentFactory(DjangoModelFactory):
    """`pdf` are its bytes (PDF), written in private storage under their SHA-256."""

    class Meta:
        model = models.Document

    class Params:
        pdf = factory.LazyAttribute(lambda o: small_pdf(o.title))

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory")
    kind = DocumentKind.FROZEN
    title = factory.Sequence(lambda n: f"Document {n} (fictif)")
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.pdf).hexdigest())
    size = factory.LazyAttribute(lambda o: len(o.pdf))
    page_count = 1

    @classmethod
    def _generate(cls, strategy, params):
        document = super()._generate(strategy, params)
        if document.pk and not storages["private"].exists(document.storage_name):
            _stored(document.storage_name, params.get("pdf") or small_pdf(document.title))
        return document


class SealedRevisionFactory(DjangoModelFactory):
    class Meta:
        model = models.SealedRevision

    document = factory.SubFactory(DocumentFactory)
    revision = 1
    size = 1000
    sha256 = "1" * 64
    certificate_fingerprint = "2" * 64


class AttachmentFactory(DjangoModelFactory):
    """`content` are its bytes, written in private storage under their SHA-256."""

    class Meta:
        model = models.Attachment

    class Params:
        content = factory.LazyAttribute(lambda o: small_pdf(o.original_name))

    convention = factory.SubFactory("conventions.tests.factories.acts.ConventionFactory")
    kind = AttachmentKind.OTHER
    title = "Pièce (fictif)"
    original_name = factory.Sequence(lambda n: f"piece-{n}.pdf")
    content_type = "application/pdf"
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())

    @classmethod
    def _generate(cls, strategy, params):
        attachment = super()._generate(strategy, params)
        if attachment.pk:
            content = params.get("content") or small_pdf(attachment.original_name)
            _stored(attachment.storage_name, content)
        return attachment


class AnnexFactory(DjangoModelFactory):
    """A received file that an act takes under its seal; its bytes are those of its attachment."""

    class Meta:
        model = models.Annex

    act = factory.SubFactory("conventions.tests.factories.acts.ActFactory")
    attachment = factory.SubFactory(AttachmentFactory, convention=factory.SelfAttribute("..act.convention"))
    title = "Plan de scène (fictif)"
    sha256 = factory.SelfAttribute("attachment.sha256")
    size = factory.SelfAttribute("attachment.size")
    page_count = 1

    @classmethod
    def _generate(cls, strategy, params):
        annex = super()._generate(strategy, params)
        if annex.pk:
            for name in (annex.storage_name, annex.attachment.storage_name):
                _stored(name, small_pdf(annex.attachment.original_name))
        return annex


class PhotoFactory(DjangoModelFactory):
    class Meta:
        model = models.Photo

    convention = factory.SubFactory("conventions.tests.factories.acts.ConventionFactory")
    image = ImageField(width=120, height=80, color="teal")
    alternative_text = "Des personnes inventées se serrent la main."
    credit = "OPT-NC (fictif)"
    publishable = True


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    convention = factory.SubFactory("conventions.tests.factories.acts.ConventionFactory")
    title = "Article de presse (fictif)"
    publisher = "Journal (fictif)"
    url = "https://exemple.invalid/article"
    published_on = factory.LazyFunction(lambda: days_from_today(-50))


class SignatureRequestFactory(DjangoModelFactory):
    """For the frozen document of an act to be signed; `token` in clear is never kept."""

    class Meta:
        model = models.SignatureRequest

    class Params:
        token = factory.Sequence(lambda n: f"jeton-{n}")

    document = factory.SubFactory(DocumentFactory)
    signatory = factory.LazyAttribute(lambda o: o.document.act.signatories.first())
    token_hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.token.encode()).hexdigest())


class SignatureCodeFactory(DjangoModelFactory):
    """Ten minutes to type `code`, which is never kept."""

    class Meta:
        model = models.SignatureCode

    request = factory.SubFactory(SignatureRequestFactory)
    document_sha256 = factory.LazyAttribute(lambda o: o.request.document.sha256)
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class SignatureActFactory(DjangoModelFactory):
    class Meta:
        model = models.SignatureAct

    document = factory.SubFactory(DocumentFactory)
    signatory = factory.LazyAttribute(lambda o: o.document.act.signatories.first())
    method = SignatureMethod.INK
    document_sha256 = factory.LazyAttribute(lambda o: o.document.sha256)
    signed_on = datetime.date(2026, 3, 2)
