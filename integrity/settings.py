"""Django's settings: everything that differs between places comes from `integrity.env`."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from integrity import embedded
from integrity.env import load

env = load()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.debug
DEMO = env.demo
SECRET_KEY = env.secret_key
SECRET_KEY_FALLBACKS = list(env.secret_key_fallbacks)
ALLOWED_HOSTS = list(env.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(env.csrf_trusted_origins)
BASE_URL = env.base_url
VAR = env.var

INSTALLED_APPS = [
    "integrity.people",
    "integrity.audit",
    "integrity.outbox",
    "elections",
    "factcheck",
    "moderation",
    "transparency",
    "guidance",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_prometheus",
    "template_partials.apps.SimpleAppConfig",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.snippets",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
]

MIDDLEWARE = [
    "elections.caching.PublicPagesMiddleware",  # outermost: a voter's page needs nothing else
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "integrity.security.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "integrity.languages.ReadersLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "integrity.people.middleware.StaffNeedsSecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "integrity.logs.RequestLogMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "integrity.urls"
WSGI_APPLICATION = "integrity.wsgi.application"
ASGI_APPLICATION = "integrity.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "libraries": {"look": "integrity.look"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "integrity.look.look",
                "moderation.context.desk",
            ],
        },
    }
]

# --- Database -----------------------------------------------------------------------------
# The app connects as a role that owns nothing; only these commands act as the tables' owner.

OWNER_COMMANDS = {"migrate", "createcachetable", "pgtrigger", "flush", "dbshell", "sqlmigrate"}
_acts_as_owner = env.act_as_owner or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)

if env.database_url:
    _app_url = env.database_url
    _owner_url = env.database_owner_url or env.database_url
    _broker_url = env.broker_url or ""
else:
    _servers = embedded.addresses(env.var)
    _app_url, _owner_url = _servers.database_url, _servers.database_owner_url
    _broker_url = env.broker_url or _servers.broker_url

DATABASES = {
    "default": {
        **environ.Env.db_url_config(_owner_url if _acts_as_owner else _app_url),
        # A new connection makes a page three times as slow; a lost one is noticed before use.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # Guesses at a password are counted here, and a full cache forgets at random.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Sign-in ------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
# The e-mail address is unique whatever its capitals, by a constraint that this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "integrity.people.adapters.AccountAdapter"
MFA_ADAPTER = "integrity.people.adapters.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "integrity.people.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Closing the browser signs out; nobody is asked whether to be remembered.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "integrity.people.forms.SignInForm",
    "reauthenticate": "integrity.people.forms.PasswordAgainForm",
    "change_password": "integrity.people.forms.AnotherPasswordForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Waarborg"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "integrity.people.forms.SecondFactorForm",
    "reauthenticate": "integrity.people.forms.SecondFactorAgainForm",
    "activate_totp": "integrity.people.forms.SetUpAppForm",
    "add_webauthn": "integrity.people.forms.KeyToAddForm",
    "edit_webauthn": "integrity.people.forms.KeyNameForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.demo or env.debug
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": env.oidc.provider_id,
                    "name": env.oidc.name,
                    "client_id": env.oidc.client_id,
                    "secret": env.oidc.secret,
                    "settings": {"server_url": env.oidc.server_url},
                }
            ],
        }
    }
    if env.oidc
    else {}
)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.behind_proxy else 0
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "waarborg_session"
CSRF_COOKIE_NAME = "waarborg_csrf"

# --- Security -----------------------------------------------------------------------------

_https = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 63_072_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.behind_proxy else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
# Wagtail's editor writes inline styles and starts its scripts inline; only under /cms/.
CMS_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, NONCE, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

# --- API ----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["integrity.people.keys.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["integrity.people.keys.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["integrity.people.throttling.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": env.api_rate},
    "EXCEPTION_HANDLER": "integrity.errors.api_exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Waarborg API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Post items and view counts, send reports, follow actions.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "HelpKind": "guidance.choices.HelpKind.choices",
        "HelpState": "guidance.choices.HelpState.choices",
        "AccountKind": "guidance.choices.AccountKind.choices",
    },
    "PREPROCESSING_HOOKS": ["integrity.api_schema.only_ours"],
}

# Webhooks reach public addresses only, except in these networks (the platform next door).
WEBHOOK_PRIVATE_NETWORKS = list(env.webhook_private_networks)

# A CDN in front of the public pages hears at once what has changed (Surrogate-Key).
CDN_PURGE_URL = env.cdn_purge_url
CDN_PURGE_HEADER = env.cdn_purge_header

# --- Background work ----------------------------------------------------------------------

CELERY_BROKER_URL = _broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A dead broker must fail a nudge quickly: the row is already owed and a sweep finds it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "retry_policy": {"max_retries": 1},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
# The queue of each task that does not wait in the default one (an attribute on the task is going).
CELERY_TASK_ROUTES = {
    "integrity.outbox.tasks.*": {"queue": "delivery"},
    "moderation.tasks.assess_owed": {"queue": "inference"},
    "moderation.tasks.follow_fact_changes": {"queue": "inference"},
    "factcheck.tasks.index_claims": {"queue": "inference"},
    "moderation.tasks.recall_claims": {"queue": "inference"},
    "moderation.tasks.propose_claims": {"queue": "inference"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "assess what is owed": {"task": "moderation.tasks.assess_owed", "schedule": 5.0},
    "carry out decisions": {"task": "moderation.tasks.carry_out_due", "schedule": 2.0},
    "tell what ended": {"task": "elections.tasks.tell_what_ended", "schedule": 10.0},
    "follow label switches": {
        "task": "moderation.tasks.follow_label_switches",
        "schedule": 10.0,
    },
    "follow thresholds": {"task": "moderation.tasks.follow_thresholds", "schedule": 10.0},
    "follow fact changes": {"task": "moderation.tasks.follow_fact_changes", "schedule": 5.0},
    "apply routing rules": {"task": "moderation.tasks.apply_routing", "schedule": 5.0},
    "refresh waiting jobs": {"task": "moderation.tasks.refresh_waiting_jobs", "schedule": 60.0},
    "forget addresses": {"task": "moderation.tasks.forget_addresses", "schedule": 3600.0},
    "release lapsed jobs": {"task": "moderation.tasks.release_lapsed_jobs", "schedule": 30.0},
    "purge what is owed": {"task": "integrity.outbox.tasks.purge_owed", "schedule": 2.0},
    "deliver what is owed": {"task": "integrity.outbox.tasks.deliver_owed", "schedule": 2.0},
    "follow partners' verdicts": {"task": "moderation.tasks.follow_verdicts", "schedule": 5.0},
    "read new claims": {"task": "factcheck.tasks.index_claims", "schedule": 10.0},
    "find claims in items": {"task": "moderation.tasks.recall_claims", "schedule": 5.0},
    "propose claims": {"task": "moderation.tasks.propose_claims", "schedule": 60.0},
    "ask partners to look again": {"task": "factcheck.tasks.ask_again", "schedule": 60.0},
    "publish what is scheduled": {"task": "guidance.tasks.publish_scheduled", "schedule": 30.0},
    "work on official files": {"task": "guidance.tasks.work_on_files", "schedule": 5.0},
    "tend what parties asked": {"task": "guidance.tasks.tend_requests", "schedule": 600.0},
    "write to partners": {"task": "factcheck.tasks.send_digests", "schedule": 600.0},
    "send claims by rule": {"task": "factcheck.tasks.follow_ask_rules", "schedule": 60.0},
    "watch partners' deadlines": {"task": "factcheck.tasks.watch_deadlines", "schedule": 30.0},
    "seal the audit log": {"task": "integrity.audit.tasks.seal_events", "schedule": 5.0},
}
# While no worker runs, the clock goes on: a sweep that later ones have overtaken is dropped, so
# that a worker that comes back begins with one of each and not with thousands.
for _sweep in CELERY_BEAT_SCHEDULE.values():
    if isinstance(_sweep["schedule"], float | int):
        _sweep["options"] = {"expires": max(30.0, 3 * _sweep["schedule"])}

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "waarborg_language"
TIME_ZONE = env.time_zone
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
# WhiteNoise serves straight from the source folders: no collecting step before a first start.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Pictures on public pages lie apart: nothing else of MEDIA_ROOT is ever served from a folder.
    "pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "pictures", "base_url": "/pictures/"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Pages --------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Waarborg"
WAGTAILIMAGES_RENDITION_STORAGE = "pictures"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "xlsx"]
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
# What is changed during a review is read again from its first step.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# Nothing that an editor opens asks another site for something, nor tells it who they are.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# --- Translating for moderators: off until an address names a service -----------------------

TRANSLATE_URL = env.translate_url
TRANSLATE_KEY = env.translate_key

# --- Mail, logs, history ------------------------------------------------------------------

vars().update(environ.Env.email_url_config(env.email_url))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.from_email
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

from integrity.logs import logging_config  # noqa: E402

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(level=env.log_level, human=env.debug or env.demo)
