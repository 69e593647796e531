"""What people read on the provider's pages, in their language."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "number": "Card number",
        "expiry": "Expiry, MM / YY",
        "cvc": "Three digits on the back of the card",
        "cid": "Four digits on the front of the card",
        "save": "Save card",
        "back": "Back to the shop",
        "hosted": "Enter your card",
        "private": "The shop does not see the number. It is kept by the card provider.",
        "challenge": "Confirm with your bank",
        "challenge_text": "Your bank asks whether it is you. In the sandbox, choose the answer.",
        "approve": "Approve",
        "refuse": "Refuse",
        "over": "Thank you. This window closes by itself.",
        "errors": {
            "generic_decline": "The card was declined.",
            "insufficient_funds": "The card does not cover the amount.",
            "expired_card": "The card has expired.",
            "invalid_expiry_year": "The card has expired.",
            "invalid_expiry_month": "This month does not exist.",
            "incorrect_number": "The card number is not right.",
            "incorrect_cvc": "The security code is not right.",
            "invalid_cvc": "The security code has three digits, with American Express four.",
            "setup_intent_authentication_failure": "The bank did not confirm that it is you.",
        },
    },
    "it": {
        "number": "Numero della carta",
        "expiry": "Scadenza, MM / AA",
        "cvc": "Tre cifre sul retro della carta",
        "cid": "Quattro cifre sul fronte della carta",
        "save": "Salva la carta",
        "back": "Torna al negozio",
        "hosted": "Inserisca la Sua carta",
        "private": "Il negozio non vede il numero. Lo conserva il fornitore della carta.",
        "challenge": "Confermi con la Sua banca",
        "challenge_text": "La banca chiede se è Lei. Nella sandbox scelga la risposta.",
        "approve": "Approva",
        "refuse": "Rifiuta",
        "over": "Grazie. Questa finestra si chiude da sola.",
        "errors": {
            "generic_decline": "La carta è stata rifiutata.",
            "insufficient_funds": "La carta non copre l'importo.",
            "expired_card": "La carta è scaduta.",
            "invalid_expiry_year": "La carta è scaduta.",
            "invalid_expiry_month": "Questo mese non esiste.",
            "incorrect_number": "Il numero della carta non è corretto.",
            "incorrect_cvc": "Il codice di sicurezza non è corretto.",
            "invalid_cvc": "Il codice di sicurezza ha tre cifre, con American Express quattro.",
            "setup_intent_authentication_failure": "La banca non ha confermato che è Lei.",
        },
    },
    "de": {
        "number": "Kartennummer",
        "expiry": "Gültig bis, MM / JJ",
        "cvc": "Drei Ziffern auf der Rückseite der Karte",
        "cid": "Vier Ziffern auf der Vorderseite der Karte",
        "save": "Karte speichern",
        "back": "Zurück zum Shop",
        "hosted": "Geben Sie Ihre Karte ein",
        "private": "Der Shop sieht die Nummer nicht. Sie bleibt beim Kartenanbieter.",
        "challenge": "Bestätigen Sie bei Ihrer Bank",
        "challenge_text": "Ihre Bank fragt, ob Sie es sind. Wählen Sie in der Sandbox die Antwort.",
        "approve": "Freigeben",
        "refuse": "Ablehnen",
        "over": "Danke. Dieses Fenster schließt sich von selbst.",
        "errors": {
            "generic_decline": "Die Karte wurde abgelehnt.",
            "insufficient_funds": "Die Karte deckt den Betrag nicht.",
            "expired_card": "Die Karte ist abgelaufen.",
            "invalid_expiry_year": "Die Karte ist abgelaufen.",
            "invalid_expiry_month": "Diesen Monat gibt es nicht.",
            "incorrect_number": "Die Kartennummer stimmt nicht.",
            "incorrect_cvc": "Der Sicherheitscode stimmt nicht.",
            "invalid_cvc": "Der Sicherheitscode hat drei Ziffern, bei American Express vier.",
            "setup_intent_authentication_failure": "Die Bank hat nicht bestätigt, dass Sie es sind.",
        },
    },
}
BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}


def texts(language: str) -> dict[str, Any]:
    """The texts of a language, English where it is not spoken here."""
    return {**TEXTS.get(language[:2], TEXTS["en"]), "brands": BRANDS}
