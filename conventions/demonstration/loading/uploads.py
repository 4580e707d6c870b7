"""Files of the demonstration as if somebody had posted them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.formats import slugify_fr


def pdf_upload(title: str, content: bytes) -> SimpleUploadedFile:
    """A PDF under the name that a person would have given it."""
    return SimpleUploadedFile(f"{slugify_fr(title)}-fictif.pdf", content, content_type="application/pdf")
