"""Batches of scanned copies, with real bytes in private storage. Real reading: `acts.scans.receive`."""

import hashlib
import io

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from conventions import models
from conventions.enums import ActState, DocumentKind, ScanState
from conventions.tests.factories.acts import ActFactory
from conventions.tests.factories.documents import DocumentFactory, _stored, small_pdf
from conventions.tests.factories.people import UserFactory


def small_picture() -> bytes:
    """A grey page as JPEG."""
    stream = io.BytesIO()
    Image.new("L", (60, 84), 230).save(stream, "JPEG")
    return stream.getvalue()


class ScanBatchFactory(DjangoModelFactory):
    """Read and waiting to be filed; empty."""

    class Meta:
        model = models.ScanBatch

    state = ScanState.TO_FILE
    created_by = factory.SubFactory(UserFactory, role="gestionnaire")


class ScanFileFactory(DjangoModelFactory):
    class Meta:
        model = models.ScanFile

    class Params:
        pdf = factory.LazyAttribute(lambda o: small_pdf(o.original_name))

    batch = factory.SubFactory(ScanBatchFactory)
    position = factory.LazyAttribute(lambda o: o.batch.files.count() + 1)
    original_name = factory.Sequence(lambda n: f"scan-{n}.pdf")
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.pdf).hexdigest())
    size = factory.LazyAttribute(lambda o: len(o.pdf))
    page_count = 1

    @classmethod
    def _generate(cls, strategy, params):
        file = super()._generate(strategy, params)
        if file.pk:
            _stored(file.storage_name, params.get("pdf") or small_pdf(file.original_name))
        return file


class ScanPartFactory(DjangoModelFactory):
    """Of an act to be signed."""

    class Meta:
        model = models.ScanPart

    batch = factory.SubFactory(ScanBatchFactory)
    act = factory.SubFactory(ActFactory, state=ActState.TO_SIGN)
    copy = 1


class ScanPageFactory(DjangoModelFactory):
    """With its two pictures; in no copy unless `part=` says so."""

    class Meta:
        model = models.ScanPage

    file = factory.SubFactory(ScanFileFactory)
    number = factory.LazyAttribute(lambda o: o.file.pages.count() + 1)
    thumbnail = picture = factory.LazyFunction(lambda: hashlib.sha256(small_picture()).hexdigest())

    @classmethod
    def _generate(cls, strategy, params):
        page = super()._generate(strategy, params)
        if page.pk:
            _stored(page.picture_name(page.thumbnail), small_picture())
        return page


class ReceivedFileFactory(DjangoModelFactory):
    """Of one page, beside the scan of a signed act."""

    class Meta:
        model = models.ReceivedFile

    class Params:
        pdf = factory.LazyAttribute(lambda o: small_pdf(o.original_name))

    document = factory.SubFactory(DocumentFactory, kind=DocumentKind.SCAN)
    original_name = factory.Sequence(lambda n: f"recu-{n}.pdf")
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.pdf).hexdigest())
    size = factory.LazyAttribute(lambda o: len(o.pdf))
    pages = "1"

    @classmethod
    def _generate(cls, strategy, params):
        file = super()._generate(strategy, params)
        if file.pk:
            _stored(file.storage_name, params.get("pdf") or small_pdf(file.original_name))
        return file
