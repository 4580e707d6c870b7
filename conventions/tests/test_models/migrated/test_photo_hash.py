"""Migration 0029 over photos of before: their bytes stand under their hash, what was lost is told."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from conventions.domain.documents import archives
from conventions.domain.documents.storage import DamagedDocument, read_bytes
from conventions.models import Photo
from conventions.tests import factories as f
from conventions.tests import migrating
from conventions.tests.formats.test_files import picture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def in_media(apps, made):
    """A photo in media, another whose file is gone, as 0028 had them; and what the first one went back to."""
    kept, lost = made
    photos = apps.get_model("conventions", "Photo").objects
    went_back = photos.values_list("image", flat=True).get(pk=kept.pk)
    with storages["default"].open(went_back) as file:
        given_back = file.read()
    content = picture("PNG")
    name = storages["default"].save("photos/2026/une.png", ContentFile(content))
    photos.filter(pk=kept.pk).update(image=name)
    photos.filter(pk=lost.pk).update(image="photos/2026/perdue.png")
    return kept, lost, content, given_back


def with_its_bytes(made):
    """Each test has a store of its own: what the walk left is read at its end."""
    return *made, read_bytes(Photo.objects.get(pk=made[0].pk))


TRIED = migrating.Tried(
    before="0028_stamps_renewed",
    today=lambda: (f.PhotoFactory(), f.PhotoFactory()),
    then=in_media,
    after=with_its_bytes,
)


def test_a_photo_of_before_stands_under_its_hash(before):
    kept, _lost, content, _given_back, taken_in = before
    row = Photo.objects.get(pk=kept.pk)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.image.name == row.storage_name
    assert taken_in == content


def test_a_photo_that_was_lost_is_told(before):
    row = Photo.objects.get(pk=before[1].pk)
    assert row.sha256 == ""
    with pytest.raises(DamagedDocument, match="a disparu"):
        read_bytes(row)
    check = next(check for check in archives.CHECKS if check.name == "fichiers")
    assert f"Photo {row.pk} : son fichier a disparu." in list(check.run(lambda _what, _done: None, 0))


def test_going_back_gives_the_picture_back(before):
    kept, _lost, _content, given_back, _taken_in = before
    assert hashlib.sha256(given_back).hexdigest() == kept.sha256
