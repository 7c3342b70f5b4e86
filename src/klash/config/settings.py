"""The one settings file. What differs between installations comes from the environment (`config/env.py`)."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF

from klash.config import env

PACKAGE = Path(__file__).resolve().parent.parent
KLASH_HOME = Path(env.text("KLASH_HOME", "var")).resolve()
KLASH_FACE = env.choice("KLASH_FACE", ("all", "jury"))
KLASH_DEMO = env.flag("KLASH_DEMO")
KLASH_SERVED = KLASH_HOME / "served.txt"  # the address at which the demo of this home was served last
KLASH_URL = env.text("KLASH_URL", KLASH_SERVED.read_text().strip() if KLASH_SERVED.exists() else "http://127.0.0.1:8000").rstrip("/")
KLASH_JURY_URL = env.text("KLASH_JURY_URL").rstrip("/")  # where the jury's face answers; empty: in this process
KLASH_KEYS = env.text("KLASH_KEYS")  # a folder outside of KLASH_HOME, so that no copy of the home opens anything; empty: `keys` in it
KLASH_KEY_HOLDER = env.text("KLASH_KEY_HOLDER")  # "unix:/run/klash/keys.sock" of `klash keep_keys`; empty: key files in KLASH_KEYS
KLASH_CHECKPOINT_MINUTES = int(env.text("KLASH_CHECKPOINT_MINUTES", "60"))
KLASH_SCANNER = env.text("KLASH_SCANNER")  # clamd, as HOST:PORT or as the path of its socket; empty: files are not scanned
KLASH_DISK_RESERVE_BYTES = int(env.text("KLASH_DISK_RESERVE_MB", "1000")) * 1_000_000  # kept for submissions: with less free, drafts take no files
KLASH_PROXY_STAMP = env.flag("KLASH_PROXY_STAMP")  # the proxy writes X-Klash-Received itself: docs/operate/proxy.md
KLASH_DATA_LICENCE = env.text("KLASH_DATA_LICENCE", "CC BY 4.0")  # under which the organiser gives what is public
KLASH_MAIL_HOST = env.text("KLASH_MAIL_HOST", "klash.invalid")

DEBUG = False
SECRET_KEY = env.secret_key(KLASH_HOME)
ALLOWED_HOSTS = env.text("KLASH_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

GROUND_APPS = ["klash.core", "klash.accounts", "klash.post", "klash.reviewing"]
STAGE_APPS = [
    "klash.files", "klash.interests", "klash.competitions", "klash.following", "klash.problems", "klash.challenges", "klash.teams", "klash.mentoring",
    "klash.proposals", "klash.awards", "klash.api", "klash.desk", "klash.portal", "klash.replay", "klash.operating",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages",
    "whitenoise.runserver_nostatic", "django.contrib.staticfiles", "django.forms", "django_htmx", "csp",
    *GROUND_APPS, *(STAGE_APPS if KLASH_FACE == "all" else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "klash.core.middleware.Guard",
]
if KLASH_DEMO and KLASH_FACE == "all":
    MIDDLEWARE.insert(0, "klash.replay.gate.Gate")
ROOT_URLCONF = "klash.config.urls"
WSGI_APPLICATION = "klash.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [PACKAGE / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages", "csp.context_processors.nonce", "klash.core.context.page",
        ],
        "builtins": ["klash.core.templatetags.show"],
    },
}]
FORM_RENDERER = "klash.core.forms.Renderer"


def database(variable: str, file: str) -> dict[str, Any]:
    """Return the database of an address; the default is a SQLite file in the home folder, safe and one writer at a time."""
    address = env.text(variable)
    if address:
        found: dict[str, Any] = environ.Env.db_url_config(address)
        found["CONN_MAX_AGE"] = 60
        return found
    KLASH_HOME.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3", "NAME": KLASH_HOME / file, "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20, "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }


if KLASH_FACE == "jury":
    DATABASES = {"default": database("KLASH_REVIEWING_DATABASE", "reviewing.sqlite3")}
else:
    DATABASES = {
        "default": database("KLASH_DATABASE", "klash.sqlite3"),
        "reviewing": database("KLASH_REVIEWING_DATABASE", "reviewing.sqlite3"),
    }
DATABASE_ROUTERS = ["klash.core.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "accounts:sign_in"

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

STATIC_URL = "/static/"
STATIC_ROOT = KLASH_HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.text("KLASH_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")},
}
WHITENOISE_USE_FINDERS = True
# What is uploaded stays in memory until it is encrypted: the other handler would lay it on disk as it is.
FILE_UPLOAD_HANDLERS = ["klash.core.memory.InMemory"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# A fault goes to the server's standard error as one line of JSON; `core.reports` says what may stand in it. What was not found is no fault.
LOGGING: dict[str, Any] = {
    "version": 1, "disable_existing_loggers": False, "formatters": {"reports": {"()": "klash.core.reports.formatter"}},
    "handlers": {"reports": {"class": "logging.StreamHandler", "formatter": "reports"}}, "root": {"handlers": ["reports"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING"}, "django.request": {"level": "ERROR"}},
}

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend" if KLASH_DEMO else "django.core.mail.backends.smtp.EmailBackend"
vars().update({key: value for key, value in environ.Env.email_url_config(env.text("KLASH_EMAIL", "smtp://localhost:25")).items() if key != "EMAIL_BACKEND"})
DEFAULT_FROM_EMAIL = env.text("KLASH_FROM", "Klash <klash@klash.invalid>")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE], "script-src": [SELF, NONCE], "style-src": [SELF], "img-src": [SELF, "data:"], "font-src": [SELF],
        "connect-src": [SELF], "form-action": [SELF], "base-uri": [NONE], "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")}
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 3600
IS_SECURE = KLASH_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_NAME = "__Host-klash" if IS_SECURE else f"klash-{KLASH_FACE}"
KEPT_COOKIE_NAME = "__Host-klash-kept" if IS_SECURE else f"klash-{KLASH_FACE}-kept"
CSRF_FAILURE_VIEW = "klash.core.middleware.forged"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
CSRF_TRUSTED_ORIGINS = [KLASH_URL] if IS_SECURE else []
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
