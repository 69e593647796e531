"""Django settings. What an operator may set comes from the environment (see environment.py); the rest is decided here."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from vettura import compat
from vettura.config import environment as env
from vettura.config.providers import providers
from vettura_pack import face

VETTURA_PROFILE = env.profile()
VETTURA_BASE_URL = (env.BASE_URL.value or "").rstrip("/")
VETTURA_DATA_DIR = env.data_dir()
VETTURA_KEYS_DIR = VETTURA_DATA_DIR / "keys"
VETTURA_PACK_DIR = env.pack_dir()
VETTURA_NATS_URL = env.NATS_URL.value or "nats://127.0.0.1:4222"
VETTURA_MQTT_URL = env.MQTT_URL.value
VETTURA_PROVIDERS = providers(VETTURA_BASE_URL)
IS_DEMO = VETTURA_PROFILE in ("demo", "test")

# apps made for another platform's interface (compat): on in the demo, where whoever does not want them declines
COMPAT_IS_ON = env.choice(env.COMPAT, "on", "off", default="on" if IS_DEMO else "off") == "on"
COMPAT_UNLESS_DECLINED = VETTURA_PROFILE == "demo"
COMPAT_NEEDS_CHALLENGE = env.choice(env.COMPAT_PKCE, "optional", "required") == "required"
COMPAT_PASSKEY_PAGE = env.choice(env.COMPAT_PASSKEY_PAGE, "asked", "always")

# MQTT for owners
OWNER_MQTT_IS_ON = env.choice(env.OWNER_MQTT, "on", "off", default="on" if IS_DEMO else "off") == "on"
OWNER_MQTT_URL = env.OWNER_MQTT_URL.value or f"mqtts://{urlsplit(VETTURA_BASE_URL).hostname or 'localhost'}:8884"
OWNER_MQTT_HAS_OWN_AUTHORITY = not env.OWNER_MQTT_CERTIFICATE.value

SECRET_KEY = env.secret_key()
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian")), ("de", _("German"))]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "vettura.config.urls"
WSGI_APPLICATION = "vettura.config.wsgi.application"
AUTH_USER_MODEL = "identity.Account"

# whether programs and browsers may be told of something at addresses that only this machine or its network knows, without TLS
VETTURA_PRIVATE_WEBHOOKS = IS_DEMO

_base = urlsplit(VETTURA_BASE_URL)
_extra_hosts = [h.strip() for h in (env.EXTRA_HOSTS.value or "").split(",") if h.strip()]
ALLOWED_HOSTS = sorted(
    {
        _base.hostname or "localhost",
        *_extra_hosts,
        *(["localhost", "127.0.0.1", "[::1]"] if IS_DEMO else []),
        *(compat.HOSTS if COMPAT_IS_ON else []),
    }
)
CSRF_TRUSTED_ORIGINS = [VETTURA_BASE_URL, *([f"https://{_base.hostname}:8443"] if IS_DEMO else [])]

CONTEXTS = [
    "foundation",
    "catalog",
    "notifications",
    "identity",
    "partners",
    "vehicles",
    "vehicle_link",
    "entitlements",
    "billing",
    "store",
    "remote_services",
    "navigation",
    "assistance",
    "developers",
    "help_center",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    # ours before allauth's, so that our templates win
    *[f"vettura.{context}" for context in CONTEXTS],
    "vettura.portal",
    "vettura.desk",
    "vettura.api",
    "vettura.compat",
    "vettura.owner_mqtt",
    "vettura.phone_app",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vettura.portal.security.SecurityHeadersMiddleware",
    "vettura.api.middleware.ApiAnswerMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vettura.portal.sessions.SessionLimitsMiddleware",
    "vettura.foundation.audit.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "vettura.identity.portal.browsers.DeviceSeenMiddleware",
    "vettura.identity.portal.browsers.OutdatedBrowserMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vettura.portal.gate.AcceptanceGateMiddleware",
    "vettura.portal.refusals.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vettura.catalog.portal.labels_context",
                "vettura.portal.frame.frame_context",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:  # Any: Django's own settings shape
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "vettura.foundation.postgresql",
        "NAME": parts.path.lstrip("/") or "vettura",
        "USER": unquote(parts.username or "vettura"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": {**query, "pool": {"min_size": 2, "max_size": 20, "timeout": 10}},
        # the pool and the test runner's database clones do not go together
        "TEST": {"NAME": f"test_{parts.path.lstrip('/') or 'vettura'}"},
    }


# the launcher names the embedded database to every process it starts
DATABASES = {"default": _database(env.DATABASE_URL.value or "postgresql://vettura@localhost/vettura")}
if VETTURA_PROFILE == "test":
    del DATABASES["default"]["OPTIONS"]["pool"]

# Authorization codes and sign-in rate limits live here; all processes must see them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# -- signing in ----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["vettura.identity.adapters.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "vettura.identity.rules.PasswordPolicy"}]
if VETTURA_PROFILE == "test":
    # tests sign in hundreds of times; the policy, not the cost of the hash, is what they are about
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "vettura.identity.adapters.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation or registration link already proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "vettura.identity.adapters.tokens.ResetTokens"  # noqa: S105  # a class
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# tries are counted by our own actions (identity/actions/attempts.py), in the database and by our clock
ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "login_failed", "signup", "reset_password", "reauthenticate"))
MFA_ADAPTER = "vettura.identity.adapters.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of phones are off by some seconds
# a passkey cannot be guessed; this only keeps one address from keeping us busy
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# where links in mails lead: outdated browsers are told here
PAGES_THAT_MAILS_LEAD_TO = ("vehicles:invitation", "vehicles:register", "identity:registration")
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxies()
IDP_OIDC_ADAPTER = "vettura.identity.adapters.oidc.OidcAdapter"
IDP_OIDC_PRIVATE_KEY_FILE = VETTURA_KEYS_DIR / "oidc.pem"
VETTURA_PUSH_KEY_FILE = VETTURA_KEYS_DIR / "vapid.pem"
IDP_OIDC_RATE_LIMITS = {
    # a program renews once an hour for each of its people; one that serves many people from one address is ours to know
    "token_ip": "1200/m/ip",
    "token_client": "600/m/key",
    "device_user_code": "20/m/ip",
    "device_user_code_person": "10/m/user",
}

# -- safety --------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "vettura_session"
CSRF_COOKIE_NAME = "vettura_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # see portal/sessions.py
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_DEMO
SECURE_SSL_REDIRECT = not IS_DEMO
SECURE_HSTS_SECONDS = 0 if IS_DEMO else 31_536_000
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "vettura.portal.errors.csrf_failure"

# -- files, mail, panels, logs -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.SOURCE_ROOT / "build" / "static-root"
if IS_DEMO:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [p for p in [env.SOURCE_ROOT / "build" / "static"] if p.is_dir()]
# how head units look, which the simulated car serves too
STATICFILES_DIRS.append(("head_unit", face.STATIC))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if VETTURA_PROFILE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = VETTURA_PROFILE == "test"
FORM_RENDERER = "vettura.portal.renderer.VetturaRenderer"
MAIL_FROM = env.MAIL_FROM.value
MAP_TILES = env.MAP_TILES.value or ""
MAP_ATTRIBUTION = env.MAP_ATTRIBUTION.value or ""
LOCALE_PATHS: list[Path] = []

# Panels that pages are made of: the page's shell names them, their contexts own them (docs/architecture.md).
PANELS: dict[str, list[str]] = {
    "desk": [
        "vettura.vehicles.desk.sections",
        "vettura.identity.desk.sections",
        "vettura.partners.desk.sections",
        "vettura.desk.audit.sections",
        "vettura.assistance.desk.sections",
        "vettura.help_center.desk.sections",
    ],
    # the page of a person at the desk: keywords `account` (the person), `by` (the member of staff) and `request`
    "desk_person": ["vettura.vehicles.desk.panel_person", "vettura.assistance.desk.panel_person"],
    # keywords `account` and `by`; answers `Happening`s, in any order
    "desk_person_timeline": ["vettura.identity.desk.timeline", "vettura.vehicles.desk.timeline"],
    # the page of a car at the desk: keywords `account` (the member of staff), `vehicles` and `request`
    "desk_vehicle": ["vettura.vehicle_link.desk.panel_link", "vettura.help_center.desk.why.panel_why"],
    # the cars that a person may open to a program: keyword `account`; answers what they are called by VIN
    "program_cars": ["vettura.vehicles.portal.garage.cars_for_programs"],
    # whether where a car is may be known now to whoever uses it: keyword `vehicle`
    "place_shown": ["vettura.remote_services.queries.shows_place"],
    # below the sign-in factors and devices: keywords `account` and `request`
    "login_and_security": ["vettura.developers.portal.panel_security"],
    # whose customers are whose: keyword `by`, and `sharing` for those who share their data; answers ids of accounts
    "desk_customers": ["vettura.vehicles.desk.customers_of"],
    # for which partner somebody works: keyword `account`; answers its id and name, or None
    "desk_employer": ["vettura.partners.desk.employer_of"],
    # what staff call customers who do not share their data: keywords `by` and `account_ids`; answers words by id
    "desk_customers_known_as": ["vettura.vehicles.desk.known_as"],
    # who is found by something that is not theirs alone, such as a VIN: keyword `search`; answers ids of accounts
    "desk_people_found_by": ["vettura.vehicles.desk.people_of_cars"],
    "vehicle_overview": ["vettura.remote_services.portal.panel_controls"],
    # rows of the list of what else one can do with a car
    "vehicle_options": ["vettura.assistance.portal.panel_option", "vettura.navigation.portal.panel_option"],
    "vehicle_services": ["vettura.entitlements.portal.panel_contracts"],
    "vehicle_usage": [
        "vettura.remote_services.portal.panel_position",
        "vettura.remote_services.portal.panel_usage",
    ],
    "sale_stays": ["vettura.entitlements.portal.panel_stays"],
    "sale_ends": ["vettura.store.portal.panel_open"],
    "vehicle_picture": ["vettura.remote_services.portal.panel_picture"],
    # what the reset of a security code ends, as each context says it: `account` as keyword, HTML as answer
    "security_code_reset": ["vettura.vehicles.portal.sign_in.panel_security_code_reset"],
    "garage_needs": [
        "vettura.vehicles.portal.garage.panel_pairing",
        "vettura.vehicles.portal.garage.panel_remote_access",
        "vettura.entitlements.portal.panel_renewals",
    ],
    "consents": ["vettura.vehicles.portal.sharing.panel_sharing"],
    "garage": ["vettura.remote_services.portal.panel_garage"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if VETTURA_PROFILE != "test" else "WARNING"},
    # these write addresses or every call at INFO; people's data never go into a log
    "loggers": {name: {"level": "WARNING"} for name in ("mail.log", "stripe", "procrastinate", "httpx")},
}
PROCRASTINATE_ON_APP_READY = None
