"""Users, partners and those who speak for them."""

import datetime
import hashlib

import factory
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from conventions import models
from conventions.domain.foundation import encryption
from conventions.enums import Civility, GrammaticalGender, PartnerNature
from conventions.formats import Rib, mask_iban, rib_key, rib_to_iban

PASSWORD = "mot de passe de test"
SECRET = "31" * 20  # of every authenticator of a test, in hexadecimal


def days_from_today(days: int) -> datetime.date:
    """A plain date in Nouméa."""
    return timezone.localdate() + datetime.timedelta(days=days)


class UserFactory(DjangoModelFactory):
    """Nobody in particular; `role=` or `roles=` make a member of staff, `superuser=True` an administrator."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True, password=factory.LazyFunction(lambda: make_password(PASSWORD)))
        superuser = factory.Trait(
            is_staff=True,
            is_superuser=True,
            password=factory.LazyFunction(lambda: make_password(PASSWORD)),
        )

    username = factory.Sequence(lambda n: f"personne-{n}")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"PERSONNE {n} (fictif)")
    email = factory.LazyAttribute(lambda o: f"{o.username}@exemple.invalid")
    password = factory.LazyFunction(lambda: make_password(None))

    @classmethod
    def _create(cls, model_class, *args, role=None, roles=(), **kwargs):
        names = [str(name) for name in (*roles, *([role] if role else []))]
        if names:
            kwargs |= {"is_staff": True, "password": make_password(PASSWORD)}
        user = super()._create(model_class, *args, **kwargs)
        user.groups.add(*[Group.objects.get_or_create(name=name)[0] for name in names])
        return user


def opt_partner() -> models.Partner:
    """OPT-NC's own row: the migration's, else made here."""
    found = models.Partner.objects.filter(is_opt=True).first()
    return found or models.Partner.objects.create(
        is_opt=True,
        slug="opt-nc",
        name="Office des postes et télécommunications de Nouvelle-Calédonie",
        acronym="OPT-NC",
        nature=PartnerNature.PUBLIC_BODY,
        gender=GrammaticalGender.MASCULINE,
        designation="l’OPT-NC",
    )


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = models.Partner

    name = factory.Sequence(lambda n: f"Association Niaouli {n} (fictif)")
    slug = factory.Sequence(lambda n: f"association-niaouli-{n}")
    ridet = factory.Sequence(lambda n: f"{9_000_000 + n}.001")
    address = "1 rue de l’Exemple"
    postal_code = "98800"
    email = factory.LazyAttribute(lambda o: f"{o.slug}@exemple.invalid")
    presentation = "Une association inventée pour les essais."


class RepresentativeFactory(DjangoModelFactory):
    """In office since a year; `former=True`: the mandate is over. `with_access=True` gives an account."""

    class Meta:
        model = models.Representative

    class Params:
        former = factory.Trait(mandate_end=factory.LazyFunction(lambda: days_from_today(-30)))
        with_access = factory.Trait(user=factory.SubFactory(UserFactory))

    partner = factory.SubFactory(PartnerFactory)
    civility = Civility.MADAME
    first_name = "Dominique"
    last_name = factory.Sequence(lambda n: f"WAMYTAN {n} (fictif)")
    title = "présidente"
    email = factory.Sequence(lambda n: f"presidence{n}@exemple.invalid")
    mandate_start = factory.LazyFunction(lambda: days_from_today(-365))
    usual_signatory = True


class PresidentFactory(UserFactory):
    """A user without password who speaks for `partner` today; `former=True`: did until last month."""

    @classmethod
    def _create(cls, model_class, *args, partner=None, former=False, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        RepresentativeFactory(
            user=user,
            partner=partner or PartnerFactory(),
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            former=former,
        )
        return user


class UserSessionFactory(DjangoModelFactory):
    """A sign-in of a Firefox at the office; without a session of Django it opens nothing."""

    class Meta:
        model = models.UserSession

    user = factory.SubFactory(UserFactory)
    device = "Firefox sur Windows"
    device_key = factory.Sequence(lambda n: hashlib.sha256(f"appareil {n}".encode()).hexdigest())


class ProofCodeFactory(DjangoModelFactory):
    class Meta:
        model = models.ProofCode

    user = factory.SubFactory(UserFactory)
    connection = factory.LazyAttribute(lambda o: UserSessionFactory(user=o.user))
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class SecondFactorFactory(DjangoModelFactory):
    """An authenticator in use; `confirmed_at=None`: being set up."""

    class Meta:
        model = models.SecondFactor

    user = factory.SubFactory(UserFactory, role="direction")
    secret_encrypted = factory.LazyFunction(lambda: encryption.encrypt(SECRET))
    confirmed_at = factory.LazyFunction(timezone.now)


class RecoveryCodeFactory(DjangoModelFactory):
    class Meta:
        model = models.RecoveryCode

    factor = factory.SubFactory(SecondFactorFactory)
    code_hash = factory.Sequence(lambda n: hashlib.sha256(f"code {n}".encode()).hexdigest())


class BankAccountFactory(DjangoModelFactory):
    """`iban` is what the account holds in clear; only its encrypted, masked and hashed forms are kept."""

    class Meta:
        model = models.BankAccount

    class Params:
        iban = factory.Sequence(lambda n: fictitious_iban(n))

    partner = factory.SubFactory(PartnerFactory)
    holder = factory.LazyAttribute(lambda o: o.partner.name)
    bank_name = "Banque (fictif)"
    iban_encrypted = factory.LazyAttribute(lambda o: encrypted(o.iban))
    iban_fingerprint = factory.LazyAttribute(lambda o: hashlib.sha256(o.iban.encode()).hexdigest())
    iban_masked = factory.LazyAttribute(lambda o: mask_iban(o.iban))


def fictitious_iban(n: int) -> str:
    """A well-formed IBAN of a bank that does not exist."""
    bank, branch, account = "99999", "00001", f"{n:011d}"
    return rib_to_iban(Rib(bank, branch, account, rib_key(bank, branch, account)))


def encrypted(text: str) -> str:
    return (
        MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS]).encrypt(text.encode()).decode()
    )


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = models.Project

    name = factory.Sequence(lambda n: f"Projet {n} (fictif)")
    holder = factory.SubFactory(PartnerFactory)
    description = "Un projet inventé pour les essais."
    place = "Nouméa"


class LoginCodeFactory(DjangoModelFactory):
    class Meta:
        model = models.LoginCode

    class Params:
        code = "123456"

    email = factory.Sequence(lambda n: f"presidence{n}@exemple.invalid")
    browser_key = "0" * 64
    code_hash = factory.LazyAttribute(lambda o: make_password(o.code))
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class NetworkTriesFactory(DjangoModelFactory):
    class Meta:
        model = models.NetworkTries

    kind = "code_a_verifier"
    network_key = factory.Sequence(lambda n: f"{n:064x}")
    ends_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=10))


class DelegationFactory(DjangoModelFactory):
    """An absence of a signatory of OPT-NC that runs today, with its deputy; `alone=True`: nobody is designated."""

    class Meta:
        model = models.Delegation

    class Params:
        alone = factory.Trait(deputy=None, printed_title="")

    absent = factory.LazyFunction(
        lambda: RepresentativeFactory(partner=opt_partner(), title="directeur général")
    )
    deputy = factory.LazyFunction(
        lambda: RepresentativeFactory(partner=opt_partner(), title="secrétaire général")
    )
    starts_on = factory.LazyFunction(lambda: days_from_today(-5))
    ends_on = factory.LazyFunction(lambda: days_from_today(10))
    printed_title = "directeur général par intérim"
    basis = "Arrêté n° 1-FICTIF"
