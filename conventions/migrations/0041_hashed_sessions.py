"""Sessions stand under the hash of their key: open ones go on, under their new name."""

import hashlib

from django.db import migrations
from django.utils import timezone


def hash_keys(apps, schema_editor):
    session = apps.get_model("sessions", "Session").objects
    rows = apps.get_model("conventions", "UserSession").objects
    for old in list(session.filter(expire_date__gt=timezone.now())):
        # The first 160 bits, as conventions.domain.people.security.session_store writes them.
        key = hashlib.sha256(old.session_key.encode()).hexdigest()[:40]
        session.create(session_key=key, session_data=old.session_data, expire_date=old.expire_date)
        rows.filter(session_id=old.session_key).update(session_id=key)
        old.delete()


def close_all(apps, schema_editor):
    """The keys cannot be found again: everybody signs in once more."""
    apps.get_model("conventions", "UserSession").objects.filter(ended_at=None).update(
        ended_at=timezone.now(), session=None
    )
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("conventions", "0040_formal_letters"), ("sessions", "0001_initial")]
    operations = [migrations.RunPython(hash_keys, close_all)]
