"""Settings: one file, titled sections; every value comes from the environment, with a default that works.

`DEMO=1` (set by `make run`) opens the demonstration: loopback only, a banner, generated keys, demonstration
accounts at `.invalid` addresses. It is apart from `DEBUG`, which is off by default.
"""

import sys
from os import getpid
from pathlib import Path
from tempfile import gettempdir

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from opt_partners.keys import close_to_others, kept_fernet_key, kept_secret_key

env = environ.Env()

# --- Where things are -------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
# Resolved, and never the project's own folder: collected files would take the place of their sources.
DATA_DIR = Path(env("DATA_DIR", default="") or BASE_DIR / "var").resolve()
if DATA_DIR in (BASE_DIR, BASE_DIR / "static"):
    raise ImproperlyConfigured(
        "DATA_DIR est le dossier du projet. Choisissez un dossier à part pour les données."
    )
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
close_to_others(DATA_DIR)

# --- Secrets ----------------------------------------------------------------------------------------------
DEFAULT_SECRET_KEY = "change-me: the site refuses to start with this key"
SECRET_KEY_LENGTH = 50  # characters at least, as Django’s own check of a deployment asks
SECRET_KEY = env("SECRET_KEY", default=kept_secret_key(DATA_DIR) if DEMO else DEFAULT_SECRET_KEY)
# Bank details are encrypted under these keys (newest first, comma separated), apart from SECRET_KEY.
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS", default=[kept_fernet_key(DATA_DIR)] if DEMO or TESTING or DEBUG else []
)
if TESTING:
    SECRET_KEY = "tests only, never a real site: 0123456789abcdefghijklmnopqrstuvwxyz"
elif not DEBUG and (SECRET_KEY == DEFAULT_SECRET_KEY or len(SECRET_KEY.strip()) < SECRET_KEY_LENGTH):
    raise ImproperlyConfigured(
        "SECRET_KEY n’est pas définie, ou trop courte. Donnez une clé secrète aléatoire d’au moins "
        f"{SECRET_KEY_LENGTH} caractères dans la variable d’environnement SECRET_KEY, "
        "ou lancez la démonstration avec « make run »."
    )

# --- Hosts, proxies, cookies ------------------------------------------------------------------------------
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = LOOPBACK if DEMO else env.list("ALLOWED_HOSTS", default=LOOPBACK)
CSRF_FAILURE_VIEW = "conventions.views.kept_texts.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG or TESTING))
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "conventions.domain.people.security.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # whatever happens, one signs in again after this
# Minutes without a page after which one is signed out: staff, then the associations’ space.
SESSION_IDLE_STAFF = env.int("SESSION_IDLE_STAFF", default=30)
SESSION_IDLE_SPACE = env.int("SESSION_IDLE_SPACE", default=120)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Applications -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "conventions.admin.apps.PartnersAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tasks",
    "django_tasks_db",
    "conventions",
    *(["conventions.demonstration"] if DEMO or TESTING else []),
]
MIDDLEWARE = [
    "conventions.views.limits.Overload",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "conventions.views.sharing.PublicAnswers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "conventions.views.sessions.SessionWatch",
    "conventions.views.limits.BodyLimit",
    "conventions.views.proofs.ProofDoor",
    "axes.middleware.AxesMiddleware",
    "conventions.views.kept_texts.KeptTexts",
    "conventions.views.damage.StoredFiles",
]
ROOT_URLCONF = "opt_partners.urls"
WSGI_APPLICATION = "opt_partners.wsgi.application"
ASGI_APPLICATION = "opt_partners.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conventions.views.context.site",
            ]
        },
    }
]

# --- Database: SQLite by default, PostgreSQL by DATABASE_URL -----------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'opt_partners.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
LOCK_SECONDS = 20  # how long one waits for what somebody else is writing, on either engine
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: concurrent writers wait instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_SECONDS,
        # FULL: what was committed, a signature first of all, is on the disk whatever happens to the machine.
        # recursive_triggers: « INSERT OR REPLACE » deletes a row; without it the locks would not see it go.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA recursive_triggers=ON;",
    }
    # Tests use a file too: an in-memory database locks otherwise than the one people run.
    DATABASES["default"]["TEST"] = {"NAME": f"{gettempdir()}/opt_partners_test_{getpid()}.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL compiles a query it believes long; ours are wide and short, and waited a second for nothing (see
    # docs/benchmarks.md). First, so that what DATABASE_URL or PGOPTIONS says, later, has the last word.
    asked = DATABASES["default"].setdefault("OPTIONS", {})
    ours = f"-c jit=off -c lock_timeout={LOCK_SECONDS}s"
    asked["options"] = f"{ours} {asked.get('options') or env('PGOPTIONS', default='')}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "conventions.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGIN_CODE_MINUTES = 10
LOGIN_CODE_TRIES = 5
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # an invitation of a member of staff, used once
# Roles that are told, in the demonstration too, that they sign with a second factor; empty: the mandates alone.
STAFF_SECOND_FACTOR = env.list("STAFF_SECOND_FACTOR", default=["direction"])
PASSWORD_TRIES = 6
AXES_FAILURE_LIMIT = "conventions.views.passwords.limit"
AXES_WHITELIST_CALLABLE = "conventions.views.passwords.has_own_tries"
AXES_COOLOFF_TIME = 1  # hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "conventions.views.sign_in.client_address"  # behind a proxy too
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Signing online -----------------------------------------------------------------------------------------
SIGNATURE_LINK_DAYS = env.int("SIGNATURE_LINK_DAYS", default=30)
RIB_MONTHS = env.int(
    "RIB_MONTHS", default=12
)  # an account looked at longer ago is checked again before a payment
SIGNATURE_CODE_MINUTES = 10
SIGNATURE_CODE_TRIES = 5

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "conventions" / "locale"]
TIME_ZONE = "Pacific/Noumea"
USE_I18N = True
USE_TZ = True

# --- Files: static files, public media, private documents --------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
STORAGES = {
    "default": {
        "BACKEND": "conventions.domain.foundation.durable.DurableStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": MEDIA_URL},
    },
    # Names hold the hash of the bytes: a file whose bytes are wrong is replaced.
    "private": {
        "BACKEND": "conventions.domain.foundation.durable.DurableStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None, "allow_overwrite": True},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A convention with 300 equipment lines is one form: 300 lines × about 15 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "conventions.views.uploads.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
# All that one request may bring, from whoever is not staff.
BODY_MAX_BYTES = env.int("BODY_MAX_BYTES", default=40 * 1024 * 1024)
# Several signed copies in one PDF weigh more than any other file.
SCAN_MAX_BYTES = env.int("SCAN_MAX_BYTES", default=40 * 1024 * 1024)
SCAN_MAX_PAGES = env.int("SCAN_MAX_PAGES", default=200)  # of one batch

# --- Forms ------------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Mail -------------------------------------------------------------------------------------------------
MAIL_FOLDER = DATA_DIR / "mails"
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_FOLDER
else:
    vars().update(env.email("EMAIL_URL", default="consolemail://"))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "conventions.domain.mails.smtp.PatientBackend"
DEFAULT_FROM_EMAIL = env(
    "DEFAULT_FROM_EMAIL", default="OPT-NC Partenariats <partenariats@opt-partenariats.invalid>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_SUMMARY_HOUR = env.int("MAIL_SUMMARY_HOUR", default=8)  # in Nouméa; summaries leave from this hour
REMIND_HOUR = env.int("REMIND_HOUR", default=7)  # reminders are asked for from this hour
REMIND_AFTER_DAYS = env.int(
    "REMIND_AFTER_DAYS", default=7
)  # a step that waits is reminded every so many days
JOURNAL_DIGEST_EMAIL = env("JOURNAL_DIGEST_EMAIL", default="")  # keeps the daily seal of the journal, apart
EMAIL_TIMEOUT = 30  # seconds for each answer
EMAIL_TAKING_TIMEOUT = 120  # for the answer to a whole message: a server that is only slow may have taken it

# --- What legal acts print -----------------------------------------------------------------------------------
# Contact for personal data, printed in each act; nothing is printed in its place: without it no act is frozen.
DPO_CONTACT = env(
    "DPO_CONTACT", default="donnees-personnelles@opt-partenariats.invalid" if DEMO or TESTING else ""
)

# --- The seal of online acts: made by the application itself unless a certificate is given --------------------
SEAL_CERTIFICATE = env(
    "SEAL_CERTIFICATE", default=""
)  # PEM (leaf first, then its issuers), or .p12 with its key
SEAL_KEY = env("SEAL_KEY", default="")
SEAL_PASSPHRASE = env("SEAL_PASSPHRASE", default="")
SEAL_SIGNER = env("SEAL_SIGNER", default="")  # a function of our own, for a key kept in a device
SEAL_FORMER_CERTIFICATES = env.list(
    "SEAL_FORMER_CERTIFICATES", default=[]
)  # PEM files of anchors no longer used
TSA_URL = env("TSA_URL", default="")  # RFC 3161 time-stamping authority; empty: the server's clock
TSA_TIMEOUT = env.int("TSA_TIMEOUT", default=10)  # seconds

# --- What the legal pages say; left empty, they say that it was not given ------------------------------------
PUBLICATION_DIRECTOR = env("PUBLICATION_DIRECTOR", default="")
HOSTING_PROVIDER = env("HOSTING_PROVIDER", default="")

# --- Long work: a Job row, run by `manage.py taches` ----------------------------------------------------
# Queues by what waits in them, the most urgent first; « default » holds what was asked before they were apart.
TASK_QUEUES = ["codes", "signatures", "courriels", "travaux"]
TASKS = {
    "default": {
        "QUEUES": [*TASK_QUEUES, "default"],
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TESTING
        else "django_tasks_db.DatabaseBackend",
    }
}

# --- Watching over the service --------------------------------------------------------------------------------
HEALTH_KEY = env("HEALTH_KEY", default="")  # who sends it to /sante/ reads every part of the state

# --- Logs -------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_secret_link": {"()": "opt_partners.logs.HideSecretLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_secret_link"]},
        # The tasks' command sets the level of its own loggers: only a handler keeps out two lines a task.
        "troubles": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_secret_link"],
            "level": "WARNING",
        },
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "django_tasks": {"handlers": ["troubles"], "propagate": False},
        "django_tasks_db": {"handlers": ["troubles"], "propagate": False},
    },
}
