"""Django's settings. Production is the default; nothing here switches safety off by itself."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gongkai.config.env import LOOPBACK, Home, Unusable, number, refuse_plain_http, text
from gongkai.foundation.core.outward import networks
from gongkai.foundation.notices import signing

HOME = Home()

SECRET_KEY = text("SECRET_KEY", "") or HOME.secret("django.key")
DEBUG = False

PUBLIC_URL = HOME.setting("PUBLIC_URL", "public_url", HOME.served_at).rstrip("/")
BOARD_URL = HOME.setting("BOARD_URL", "board_url", PUBLIC_URL).rstrip("/")
OFFICE_URL = HOME.setting("OFFICE_URL", "office_url", PUBLIC_URL).rstrip("/")
LOG_ORIGIN = HOME.setting("LOG_ORIGIN", "log_origin", "")
DEMONSTRATION = LOG_ORIGIN.startswith("demo.invalid/")

_office = urlsplit(OFFICE_URL)
SECURE = _office.scheme == "https"
refuse_plain_http(HOME, OFFICE_URL)
ON_LOOPBACK = _office.hostname in LOOPBACK
ALLOWED_HOSTS = sorted({_office.hostname or "", urlsplit(BOARD_URL).hostname or ""}) + (
    ["127.0.0.1", "localhost", "[::1]"] if ON_LOOPBACK else []
)
CSRF_TRUSTED_ORIGINS = [OFFICE_URL]

INSTALLED_APPS = [
    "gongkai.foundation.ui",  # before allauth, whose pages it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "gongkai.foundation.ledger",
    "gongkai.foundation.organisations",
    "gongkai.foundation.files",
    "gongkai.foundation.seals",
    "gongkai.foundation.notices",
    "gongkai.foundation.witness",
    "gongkai.procedure.catalogue",
    "gongkai.procedure.duties",
    "gongkai.procedure.proposals",
    "gongkai.procedure.imports",
    "gongkai.procedure.review",
    "gongkai.procedure.publication",
    "gongkai.procedure.acknowledgements",
    "gongkai.procedure.feedback",
    "gongkai.procedure.archive",
    "gongkai.participation.meetings",
    "gongkai.oversight.supervision",
    "gongkai.surfaces.board",
    "gongkai.surfaces.search",
    "gongkai.surfaces.reach",
    "gongkai.surfaces.channels",
    "gongkai.surfaces.channels.daily",
    "gongkai.surfaces.channels.hooks",
    "gongkai.surfaces.channels.screens",
    "gongkai.surfaces.channels.briefs",
    "gongkai.surfaces.channels.lists",
    "gongkai.surfaces.channels.television",
    "gongkai.surfaces.printing",
    "gongkai.surfaces.members",
    "gongkai.surfaces.desk",
    "gongkai.config.tables",
]

MIDDLEWARE = [
    "gongkai.config.middleware.RequestIdentity",
    "django.middleware.security.SecurityMiddleware",
    "gongkai.config.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongkai.config.middleware.Holidays",
    "gongkai.foundation.organisations.seat.Seats",
    "gongkai.config.middleware.Doors",
    "gongkai.config.middleware.Obstacles",
]

ROOT_URLCONF = "gongkai.config.urls"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.foundation.ui.context.page",
                "gongkai.surfaces.desk.rail.context",
            ],
            "builtins": ["gongkai.foundation.ui.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def _database(url: str) -> dict[str, Any]:
    """A database from its address; SQLite in the home folder when there is none."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME.database,
            "CONN_MAX_AGE": 60,  # the last one that closes would rewrite the database each time
            "OPTIONS": {
                # With Django's default, four processes' verbs fail "locked"; with these none does.
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728;"
                "PRAGMA secure_delete=ON;",  # what an erasure destroys must not stay in free pages
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Unusable("DATABASE_URL must begin with postgresql:// (leave it out for SQLite).")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(text("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisations.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:inbox"
ACCOUNT_ADAPTER = "gongkai.foundation.organisations.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody could have us write to anybody
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Attempts to sign in are counted for all processes together, by the address that the proxy saw.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "gongkai_cache",
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 1 if SECURE else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_COOKIE_NAME = "gongkai_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
LANGUAGE_COOKIE_NAME = "gongkai_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = HOME.setting("TIME_ZONE", "time_zone", "Asia/Shanghai")

STATIC_URL = "/assets/"
STATIC_ROOT = HOME.assets
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gongkai.foundation.ui.assets.Assets"},
}
MEDIA_ROOT = HOME.path / "incoming"
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = number("UPLOAD_LIMIT", 50 * 1024 * 1024)
CLAMD = text("CLAMD", "")
if urlsplit(CLAMD).scheme not in {"", "unix", "tcp"}:
    raise Unusable("CLAMD must be unix:/path/to/clamd.socket or tcp://host:3310.")
QUARANTINE_DAYS = number("QUARANTINE_DAYS", 30)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SEAL_TSA = text("SEAL_TSA", "")
if urlsplit(SEAL_TSA).scheme not in {"", "http", "https"}:
    raise Unusable("SEAL_TSA must be the address of a time stamping authority, https://…")
SEAL_TOKEN_MODULE = text("SEAL_TOKEN_MODULE", "")
SEAL_TOKEN_LABEL = text("SEAL_TOKEN_LABEL", "")
SEAL_TOKEN_PIN_FILE = text("SEAL_TOKEN_PIN_FILE", "")

REACH_DAYS = number("REACH_DAYS", 400)
WATCH_DAYS = number("WATCH_DAYS", 30)
WITNESS_MINUTES = number("WITNESS_MINUTES", 10)

try:
    HOOKS_INSIDE = networks(text("HOOKS_INSIDE", ""))
except ValueError as error:
    raise Unusable("HOOKS_INSIDE must be networks with commas between: 10.20.0.0/16.") from error

SMS_URL = HOME.setting("SMS_URL", "sms_url", "")
SMS_SECRET = HOME.setting("SMS_SECRET", "sms_secret", "")
if SMS_URL and urlsplit(SMS_URL).scheme not in {"http", "https"}:
    raise Unusable("SMS_URL must be the address of your gateway of short messages, https://…")
if SMS_URL and not signing.good(SMS_SECRET):
    raise Unusable(
        "SMS_SECRET must be whsec_ and the base64 of at least 24 bytes: SMS_URL needs it."
    )

DAILY_HOUR = number("DAILY_HOUR", 8)
if DAILY_HOUR > 23:
    raise Unusable("DAILY_HOUR must be an hour, from 0 to 23.")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

_mail = urlsplit(HOME.setting("MAIL_URL", "mail_url", ""))
EMAIL_BACKEND = "gongkai.foundation.notices.queue.QueuedMail"
MAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.scheme in {"smtp", "smtps", "smtp+starttls"}
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME.path / "outbox"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+starttls": 587}.get(_mail.scheme, 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = HOME.setting("MAIL_FROM", "mail_from", "gongkai@localhost")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "gongkai.config.logs.Lines"}},
    "filters": {"without_details": {"()": "gongkai.config.logs.WithoutDetails"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"filters": ["without_details"]},
        "django.server": {"handlers": [], "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy in front redirects to https; loopback has none
    *([] if SECURE else ["security.W004", "security.W012", "security.W016"]),
    "security.W005",  # sub-domains are not ours to decide
    "security.W021",  # nor is the browsers' preload list
]
