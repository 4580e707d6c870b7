"""A stored file that is damaged: whoever asks for it is told by the page, administrators once by a letter."""

import logging

from conventions.domain.documents.storage import DamagedDocument
from conventions.domain.foundation import outbox

logger = logging.getLogger(__name__)


def tell(damage: DamagedDocument) -> None:
    """Once for a file, however often it is asked for."""
    logger.error("Fichier abîmé : %s", damage.name)
    outbox.queue_once(
        "fichier_abime", key=f"fichier_abime:{damage.name}"[:160], params={"fichier": damage.name}
    )
