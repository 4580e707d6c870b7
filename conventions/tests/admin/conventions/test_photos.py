"""The pictures of a convention: shown in its page from their checked bytes, to the staff alone."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from conventions.domain.documents import archives
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.factories import ConventionFactory, PhotoFactory
from conventions.tests.formats.test_files import picture

pytestmark = pytest.mark.django_db
PAGE = b"<html><script>1</script></html>"


def url_of(convention, photo) -> str:
    return reverse("admin:conventions_convention_photo", args=[convention.pk, photo.pk])


def test_photo_is_shown_in_the_page_from_its_checked_bytes(as_role, draft, page_of):
    photo = PhotoFactory(convention=draft)
    client, url = as_role("communication"), url_of(draft, photo)
    assert f'<img src="{url}"' in client.get(page_of(draft)).content.decode()
    shown = client.get(url)
    assert hashlib.sha256(b"".join(shown.streaming_content)).hexdigest() == photo.sha256
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert {"private", "no-cache", "no-store"} <= set(shown["Cache-Control"].split(", "))
    assert shown["Content-Disposition"].startswith("inline")
    assert client.get(url, headers={"If-None-Match": shown["ETag"]}).status_code == 304


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_bytes_decide_the_type(as_role, draft, kind):
    photo = PhotoFactory(convention=draft, image__from_func=lambda: BytesIO(picture(kind)))
    assert as_role("lecture").get(url_of(draft, photo))["Content-Type"] == f"image/{kind.lower()}"


def test_bytes_that_are_no_picture_are_never_shown_as_one(as_role, draft):
    photo = PhotoFactory(convention=draft)
    photo.sha256 = hashlib.sha256(PAGE).hexdigest()
    photo.image.storage.save(photo.storage_name, ContentFile(PAGE))
    photo.save()
    shown = as_role("communication").get(url_of(draft, photo))
    assert shown["Content-Type"] == "application/octet-stream"
    assert shown["Content-Disposition"].startswith("attachment")


def test_photo_of_another_convention_is_not_found(as_role, draft):
    assert as_role("lecture").get(url_of(draft, PhotoFactory())).status_code == 404
    assert (
        as_role("lecture").get(url_of(ConventionFactory(), PhotoFactory(convention=draft))).status_code == 404
    )


def test_replaced_photo_has_the_hash_of_its_new_bytes(as_role, draft, page_of):
    photo = PhotoFactory(convention=draft)
    client = as_role("communication")
    data = form_data(client.get(page_of(draft)))
    upload = ContentFile(picture("PNG"), name="autre.png")
    assert client.post(page_of(draft), data | {"photo-0-image": upload}).status_code == 302
    first, photo.sha256 = photo.sha256, ""
    photo.refresh_from_db()
    assert photo.sha256 not in ("", first)
    assert b"".join(client.get(url_of(draft, photo)).streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("harm", ["lost", "tampered"])
def test_archives_tell_a_damaged_photo(harm):
    photo = PhotoFactory()
    store = photo.image.storage
    check = next(check for check in archives.CHECKS if check.name == "fichiers")
    assert list(check.run(lambda _what, _done: None, 0)) == []
    if harm == "lost":
        store.delete(photo.storage_name)
    else:
        store.save(photo.storage_name, ContentFile(picture("PNG")))
    told = "a disparu" if harm == "lost" else "a été modifié"
    assert list(check.run(lambda _what, _done: None, 0)) == [f"Photo {photo.pk} : son fichier {told}."]


def test_archives_tell_a_picture_that_no_row_names():
    photo = PhotoFactory()
    assert list(archives.orphans()) == []
    type(photo).objects.all().delete()
    assert list(archives.orphans()) == [f"Fichier sans ligne, gardé : {photo.storage_name}"]
