"""Django's settings: strong defaults; what a host may change is read from the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from quivive.wire.house import data_folder, old_secret_keys, secret_key

WEB = Path(__file__).resolve().parent
DATA = data_folder()

# --- the host -------------------------------------------------------------------------------
BASE_URL = os.environ.get("QUIVIVE_URL", "http://localhost:8000").rstrip("/")
DEBUG = os.environ.get("QUIVIVE_DEBUG") == "1"
SECRET_KEY = secret_key(DATA)
SECRET_KEY_FALLBACKS = old_secret_keys()
ALLOWED_HOSTS = [
    *os.environ.get("QUIVIVE_HOSTS", "localhost,127.0.0.1,[::1]").split(","),
    urlsplit(BASE_URL).hostname or "",
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")

ROOT_URLCONF = "quivive.web.urls"
ASGI_APPLICATION = "quivive.web.asgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "quivive.web.waiting",
    "quivive.web.people",
    "quivive.web.listen",
    "quivive.web.detect",
    "quivive.web.assess",
    "quivive.web.coordinate",
    "quivive.web.respond",
    "quivive.web.privacy",
    "quivive.web.room",
    "quivive.web.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before files of ours: they carry it too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "quivive.web.people.middleware.storable",
    "quivive.web.people.middleware.unkept",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quivive.web.people.middleware.first_visit",
    "quivive.web.people.middleware.reader_settings",
    "quivive.web.coordinate.middleware.PartnersRoom",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "room" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quivive.web.room.context.house",
            ],
        },
    },
]

# --- rows -----------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA / 'quivive.sqlite3'}", conn_max_age=60
    )
}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who may come in ------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "quivive.web.people.adapters.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Qui-vive] "
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,60/h/key"}  # the lock below is the first line
AFTER_SETUP = "listen:topic-new"
MFA_ADAPTER = "quivive.web.people.adapters.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "quivive.web.people.passkeys.PasskeyForm",
    "authenticate": "quivive.web.people.passkeys.SecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Qui-vive"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "quivive.web.people.adapters.who_tries"
AXES_LOCKOUT_CALLABLE = "quivive.web.people.adapters.locked"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the hour we tell people stays true
AXES_VERBOSE = False

# --- the browser ----------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- languages and times --------------------------------------------------------------------
LANGUAGE_CODE = os.environ.get("QUIVIVE_LANGUAGE", "fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [WEB.parent / "locale"]
FORMAT_MODULE_PATH = "quivive.web.people.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("QUIVIVE_TIME_ZONE", "Europe/Paris")
USE_THOUSAND_SEPARATOR = True

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # files may be built anew under a running room: sizes change
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# --- timestamps by an authority outside (RFC 3161); only hashes leave --------------------------
TIMESTAMP_URL = os.environ.get("QUIVIVE_TIMESTAMP_URL", "")

# --- a watchman outside, asked each minute while this room listens -----------------------------
ALIVE_URL = os.environ.get("QUIVIVE_ALIVE_URL", "")

# --- pictures of pages kept as evidence: "1", or the path of a browser; none is opened without ----
PAGE_CAPTURE = os.environ.get("QUIVIVE_PAGE_CAPTURE", "")

# --- mail -----------------------------------------------------------------------------------
MAIL_READY = bool(os.environ.get("QUIVIVE_SMTP_HOST"))
EMAIL_HOST = os.environ.get("QUIVIVE_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("QUIVIVE_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("QUIVIVE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QUIVIVE_SMTP_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("QUIVIVE_SMTP_PORT") == "465"  # TLS from the first byte
EMAIL_USE_TLS = os.environ.get("QUIVIVE_SMTP_TLS") == "1" and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("QUIVIVE_MAIL_FROM", "quivive@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "quivive": {"level": "INFO"},
        # The page says what to do; anybody on the network could fill the terminal with traces.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
