"""Reads the environment once. Every variable of the platform is named here; `vettura doctor` lists them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

SOURCE_ROOT = Path(__file__).resolve().parents[3]
PROFILES = ("demo", "test", "production", "cluster")


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, what it is for, and what holds when it is not set."""

    name: str
    means: str
    default: str | None = None
    is_secret: bool = False

    @property
    def value(self) -> str | None:
        """The value that is set, or the default."""
        return os.environ.get(self.name) or self.default


DATABASE_URL = Variable("VETTURA_DATABASE_URL", "PostgreSQL to use instead of the embedded one.", is_secret=True)
NATS_URL = Variable("VETTURA_NATS_URL", "NATS server to use instead of the embedded one.")
MQTT_URL = Variable("VETTURA_MQTT_URL", "Where cars connect; needed with an outside NATS.", "mqtts://localhost:8883")
NATS_SEED = Variable("VETTURA_NATS_SEED", "Seed of the platform's user on an outside NATS.", is_secret=True)
BASE_URL = Variable("VETTURA_BASE_URL", "The address people use.", "http://localhost:8000")
DATA_DIR = Variable("VETTURA_DATA_DIR", "Where keys, logs and embedded servers live.", str(SOURCE_ROOT / ".vettura"))
SECRET_KEY = Variable("VETTURA_SECRET_KEY", "Signs sessions and encrypts PINs.", is_secret=True)
PACK = Variable("VETTURA_PACK", "Brand pack: a name under packs/ or a folder.", "porsche")
PROFILE = Variable("VETTURA_PROFILE", "demo, test, production or cluster.", "demo")
EXTRA_HOSTS = Variable("VETTURA_EXTRA_HOSTS", "More host names that we answer to, separated by commas.", "")
TRUSTED_PROXIES = Variable(
    "VETTURA_TRUSTED_PROXIES", "How many reverse proxies of yours stand before us; the address they saw counts.", "0"
)
COMPAT = Variable(
    "VETTURA_COMPAT",
    "Let apps made for another platform's interface sign in: on or off; on in the demo, off elsewhere. Elsewhere each "
    "person has to allow it too.",
)
COMPAT_PKCE = Variable(
    "VETTURA_COMPAT_PKCE",
    "Whether such apps must send a PKCE challenge: optional (older ones send none) or required.",
    "optional",
)
COMPAT_PASSKEY_PAGE = Variable(
    "VETTURA_COMPAT_PASSKEY_PAGE",
    "When such apps pass a page that offers a passkey: asked (if they say that they can) or always (to try them).",
    "asked",
)
OWNER_MQTT = Variable(
    "VETTURA_OWNER_MQTT",
    "Let Home Assistant and other programs of owners in over MQTT: on or off; on in the demo, off elsewhere.",
)
OWNER_MQTT_URL = Variable(
    "VETTURA_OWNER_MQTT_URL",
    "Where programs of owners connect over MQTT, as people are told; without, the host of VETTURA_BASE_URL and port 8884.",
)
OWNER_MQTT_CERTIFICATE = Variable(
    "VETTURA_OWNER_MQTT_CERTIFICATE",
    "Certificate (PEM, with its chain) for owners' MQTT; without, one of our own authority, which owners have to load.",
)
OWNER_MQTT_KEY = Variable("VETTURA_OWNER_MQTT_KEY", "File with the key of that certificate (PEM).")
CARDS_URL = Variable("VETTURA_CARDS_URL", "Card provider's API; the sandbox in the demo.")
CARDS_KEY = Variable("VETTURA_CARDS_KEY", "Secret key at the card provider.", "sk_test_sandbox", is_secret=True)
CARDS_PUBLIC_KEY = Variable("VETTURA_CARDS_PUBLIC_KEY", "Publishable key at the card provider.", "pk_test_sandbox")
CARDS_WEBHOOK_SECRET = Variable(
    "VETTURA_CARDS_WEBHOOK_SECRET", "Signs the card provider's webhooks.", "whsec_sandbox", is_secret=True
)
CARDS_SCRIPT_URL = Variable("VETTURA_CARDS_SCRIPT_URL", "The card provider's form script; the sandbox's in the demo.")
IDENT_URL = Variable("VETTURA_IDENT_URL", "Video identification provider's API; the sandbox in the demo.")
IDENT_GO_URL = Variable("VETTURA_IDENT_GO_URL", "Where people are identified; the sandbox's pages in the demo.")
IDENT_AGENTS_URL = Variable("VETTURA_IDENT_AGENTS_URL", "Where identity agents work; the sandbox's room in the demo.")
IDENT_COMPANY = Variable("VETTURA_IDENT_COMPANY", "Our name at the video identification provider.", "vettura")
IDENT_KEY = Variable("VETTURA_IDENT_KEY", "Key at the identification provider.", "ident_sandbox", is_secret=True)
IDENT_WEBHOOK_SECRET = Variable(
    "VETTURA_IDENT_WEBHOOK_SECRET", "Signs the identification provider's webhooks.", "whsec_ident", is_secret=True
)
SMS_URL = Variable("VETTURA_SMS_URL", "SMS provider's API; the sandbox in the demo.")
SMS_ACCOUNT = Variable("VETTURA_SMS_ACCOUNT", "Account at the SMS provider.", "AC_sandbox")
SMS_TOKEN = Variable("VETTURA_SMS_TOKEN", "Token at the SMS provider.", "sandbox", is_secret=True)
SMS_FROM = Variable("VETTURA_SMS_FROM", "Sender of our SMS.", "Vettura")
SMTP_URL = Variable("VETTURA_SMTP_URL", "Mail server, smtp:// or smtps://.", "smtp://127.0.0.1:2525", is_secret=True)
MAP_TILES = Variable(
    "VETTURA_MAP_TILES",
    "Tiles for maps, such as https://tiles.example/{z}/{x}/{y}.png; without, outlines of countries.",
    "",
)
MAP_ATTRIBUTION = Variable("VETTURA_MAP_ATTRIBUTION", "Whom the map's tiles ask to be named.", "")
MAIL_FROM = Variable("VETTURA_MAIL_FROM", "Sender of our mails.", "Vettura <no-reply@vettura.example>")
IMAP_URL = Variable(
    "VETTURA_IMAP_URL", "Mailbox of the countries' addresses, imaps://user:password@host/folder.", is_secret=True
)
MAIL_AUTHSERV = Variable(
    "VETTURA_MAIL_AUTHSERV", "Name of our mail server in Authentication-Results, to trust senders."
)

ALL: tuple[Variable, ...] = tuple(v for v in list(globals().values()) if isinstance(v, Variable))


def profile() -> str:
    """The profile we run in. Raises ValueError for an unknown one."""
    value = PROFILE.value or "demo"
    if value not in PROFILES:
        raise ValueError(f"VETTURA_PROFILE is {value!r}; it must be one of {', '.join(PROFILES)}.")
    return value


def trusted_proxies() -> int:
    """How many entries at the end of `X-Forwarded-For` come from proxies of ours. Raises ValueError."""
    value = TRUSTED_PROXIES.value or "0"
    if not value.isdecimal():
        raise ValueError(f"VETTURA_TRUSTED_PROXIES is {value!r}; it must be a number.")
    return int(value)


def choice(variable: Variable, *allowed: str, default: str = "") -> str:
    """One of the words that a variable may hold. Raises ValueError for another one."""
    value = variable.value or default
    if value not in allowed:
        raise ValueError(f"{variable.name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def data_dir() -> Path:
    """The folder for keys, logs and embedded servers, absolute."""
    return Path(DATA_DIR.value or ".vettura").resolve()


def pack_dir() -> Path:
    """The folder of the brand pack, from a name under packs/ or a path."""
    value = PACK.value or "porsche"
    named = SOURCE_ROOT / "packs" / value
    return named if named.is_dir() else Path(value).resolve()


def secret_key() -> str:
    """The secret that signs sessions: the variable, or outside production one kept in the data folder."""
    if SECRET_KEY.value:
        return SECRET_KEY.value
    if profile() in ("production", "cluster"):
        raise ValueError("VETTURA_SECRET_KEY is not set; production needs a long random value.")
    kept = data_dir() / "keys" / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()
