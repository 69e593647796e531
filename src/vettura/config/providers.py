"""Every outside provider on one page. In the demo and in tests the same adapters speak to our sandboxes; only the address differs."""

from dataclasses import dataclass, field

from vettura.config import environment as env


@dataclass(frozen=True, kw_only=True)
class Providers:
    """Dotted names of the adapters, the addresses they speak to, and what they say who we are."""

    payments: str
    cards_url: str
    cards_script_url: str
    cards_key: str = field(repr=False)
    cards_public_key: str
    cards_webhook_secret: str = field(repr=False)
    identity_checks: str
    ident_url: str
    ident_go_url: str
    ident_agents_url: str
    ident_company: str
    ident_key: str = field(repr=False)
    ident_webhook_secret: str = field(repr=False)
    sms: str
    sms_url: str
    sms_account: str
    sms_token: str = field(repr=False)
    sms_from: str
    mail: str
    smtp_url: str = field(repr=False)
    mail_from: str
    mailbox: str
    imap_url: str = field(repr=False)
    mail_authserv: str
    webhooks: str
    push: str


def providers(base_url: str) -> Providers:
    """The providers in force. The sandboxes live under /sandbox/ of our own address outside production."""
    return Providers(
        payments="vettura.billing.adapters.stripe.StripePayments",
        cards_url=env.CARDS_URL.value or f"{base_url}/sandbox/cards",
        cards_script_url=env.CARDS_SCRIPT_URL.value or f"{base_url}/sandbox/cards/v3/",
        cards_key=env.CARDS_KEY.value or "",
        cards_public_key=env.CARDS_PUBLIC_KEY.value or "",
        cards_webhook_secret=env.CARDS_WEBHOOK_SECRET.value or "",
        identity_checks="vettura.identity.adapters.idnow.IdnowChecks",
        ident_url=env.IDENT_URL.value or f"{base_url}/sandbox/ident",
        ident_go_url=env.IDENT_GO_URL.value or f"{base_url}/sandbox/ident",
        # with an outside provider its own agents work, unless the operator names a place
        ident_agents_url=env.IDENT_AGENTS_URL.value
        or ("" if env.IDENT_URL.value else f"{base_url}/sandbox/ident/agent/enter"),
        ident_company=env.IDENT_COMPANY.value or "",
        ident_key=env.IDENT_KEY.value or "",
        ident_webhook_secret=env.IDENT_WEBHOOK_SECRET.value or "",
        sms="vettura.notifications.adapters.twilio.TwilioSms",
        sms_url=env.SMS_URL.value or f"{base_url}/sandbox/sms",
        sms_account=env.SMS_ACCOUNT.value or "",
        sms_token=env.SMS_TOKEN.value or "",
        sms_from=env.SMS_FROM.value or "",
        mail="vettura.notifications.adapters.smtp.SmtpMail",
        smtp_url=env.SMTP_URL.value or "",
        mail_from=env.MAIL_FROM.value or "",
        mailbox="vettura.assistance.adapters.imap.ImapMailbox",
        imap_url=env.IMAP_URL.value or "",
        mail_authserv=env.MAIL_AUTHSERV.value or "",
        webhooks="vettura.developers.adapters.http.HttpCarrier",
        push="vettura.notifications.adapters.web_push.WebPush",
    )
