"""Closed lists of equipment, with their French wording: what happens to a device, and how its data are erased.

Words of erasure are those of NIST SP 800-88 Rev. 2 and IEEE 2883. Codes never change; wordings may.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeviceState(TextChoices):
    """Where a device stands today; read from what happened (`models.equipment`), kept nowhere."""

    IN_STOCK = "stock", _("en stock")
    REFORMED = "reforme", _("réformé, disponible")
    RESERVED = "reserve", _("réservé")
    LENT = "prete", _("prêté")
    GIVEN = "donne", _("donné")
    LOST = "perdu", _("perdu")
    WRITTEN_OFF = "sorti", _("sorti de l’inventaire")


class DeviceCondition(TextChoices):
    UNKNOWN = "inconnu", _("non précisé")
    NEW = "neuf", _("neuf")
    GOOD = "bon", _("bon état")
    WORN = "usage", _("usagé, fonctionne")
    BROKEN = "hors_service", _("hors service")


class DeviceEventKind(TextChoices):
    ENTERED = "entre", _("entré au stock")
    CORRECTED = "corrige", _("fiche corrigée")
    REFORMED = "reforme", _("réformé")
    RESERVED = "reserve", _("réservé")
    RELEASED = "libere", _("libéré")
    CHECKED = "controle", _("contrôlé")
    USED_AGAIN = "reaffecte", _("réaffecté en interne")
    ERASED = "efface", _("données effacées")
    ERASURE_FAILED = "efface_echec", _("effacement échoué")
    MEDIUM_LISTED = "support", _("support de données relevé")
    MEDIUM_REMOVED = "support_retire", _("support de données retiré")
    MEDIUM_DESTROYED = "support_detruit", _("support de données détruit")
    HANDED = "remis", _("remis")
    REFUSED = "refuse", _("refusé à la remise")
    MISSING = "manquant", _("constaté manquant")
    RETURNED = "rendu", _("rendu")
    LATE = "retard", _("retour en retard")
    LOST = "perdu", _("perdu")
    FOUND = "retrouve", _("retrouvé")
    WRITTEN_OFF = "sorti", _("sorti de l’inventaire")
    BECOME = "devenir", _("nouvelles données par l’association")


class MediumKind(TextChoices):
    HARD_DISK = "disque", _("disque dur")
    SSD = "ssd", _("SSD")
    CARD = "carte", _("carte mémoire")
    BUILT_IN = "interne", _("mémoire interne (téléphone, tablette)")
    OTHER = "autre", _("autre support")
    UNSPECIFIED = "non_precise", _("support non précisé")


class MediumFate(TextChoices):
    IN_PLACE = "en_place", _("en place")
    REMOVED = "retire", _("retiré")
    DESTROYED = "detruit", _("détruit")


class MediaState(TextChoices):
    """Whether the data of a device let it leave; read from its media, kept nowhere."""

    NO_DATA = "sans_donnees", _("sans données")
    NOT_LISTED = "non_releves", _("supports non relevés")
    TO_ERASE = "a_effacer", _("à effacer")
    FAILED = "echec", _("effacement échoué")
    STALE = "reutilise", _("réutilisé depuis l’effacement")
    DONE = "efface", _("effacé")


class SanitisationOutcome(TextChoices):
    SUCCEEDED = "reussi", _("réussi")
    FAILED = "echoue", _("échoué")


class SanitisationMethod(TextChoices):
    UNKNOWN = "inconnue", _("méthode non précisée")
    CLEAR = "clear", _("effacement logique (Clear)")
    PURGE = "purge", _("effacement approfondi (Purge)")
    DESTROY = "destroy", _("destruction (Destroy)")


class SanitisationTechnique(TextChoices):
    OVERWRITE = "ecrasement", _("effacement logiciel avec écrasement")
    BLOCK = "blocs", _("effacement par blocs")
    CRYPTO = "cryptographique", _("effacement cryptographique")
    COMMAND = "commande", _("commande d’effacement du support")
    DEGAUSS = "demagnetisation", _("démagnétisation")
    SHRED = "broyage", _("broyage")
    DISINTEGRATE = "desintegration", _("désintégration")
    DESTRUCTION = "destruction", _("destruction du support")
    NO_DATA = "sans_donnees", _("aucun support de données")
    UNKNOWN = "inconnue", _("technique non précisée")


class SanitisationCheck(TextChoices):
    UNKNOWN = "inconnue", _("vérification non précisée")
    FULL = "complete", _("vérification complète")
    SAMPLE = "echantillon", _("vérification par échantillon")
    NONE = "aucune", _("sans vérification")


class SanitisationSource(TextChoices):
    TYPED = "saisi", _("saisi")
    NWIPE = "nwipe", _("fichier nwipe")
    CERTIFICATE = "certificat", _("certificat")


class MissingOutcome(TextChoices):
    """What became of a device that an association said was missing."""

    HERE = "ici", _("resté à l’OPT-NC : il redevient disponible")
    LOST = "perdu", _("perdu")
    ARRIVED = "recu", _("finalement reçu par l’association")


class News(TextChoices):
    """What became of what was given, as the association says it after a year."""

    IN_USE = "sert", _("sert toujours")
    PASSED_ON = "cede", _("donné à quelqu’un d’autre")
    BROKEN = "hors_service", _("ne fonctionne plus")
    GONE = "disparu", _("perdu ou volé")
