"""The words of the provider's pages for people, in their languages. The agents' pages are in English."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Video identification",
        "lead": "An identity agent will be with you in a moment. Keep your document at hand.",
        "code": "Case code",
        "you": "You",
        "agent": "Identity agent",
        "joining": "Asking for camera and microphone",
        "waiting": "You are in the waiting room. Please stay on this page.",
        "connected": "You are in the call.",
        "left": "The agent is not in the call any more. Please stay on this page.",
        "denied": "Camera or microphone are not allowed. Allow both in the browser, then load this page again.",
        "leave": "Leave the call",
        "unsuitable": "The call does not work in this browser. Use Google Chrome or Mozilla Firefox on a computer, or the app on a phone or tablet.",
        "over": "This identification has ended.",
        "back": "Back to the result",
        "noscript": "The call needs JavaScript. Switch it on, then load this page again.",
    },
    "it": {
        "title": "Identificazione video",
        "lead": "Un addetto all’identificazione sarà da Lei tra un momento. Tenga a portata di mano il documento.",
        "code": "Codice della pratica",
        "you": "Lei",
        "agent": "Addetto all’identificazione",
        "joining": "Richiesta di fotocamera e microfono",
        "waiting": "Si trova nella sala d’attesa. Rimanga su questa pagina.",
        "connected": "È in chiamata.",
        "left": "L’addetto non è più in chiamata. Rimanga su questa pagina.",
        "denied": "Fotocamera o microfono non sono consentiti. Li consenta nel browser e ricarichi la pagina.",
        "leave": "Lascia la chiamata",
        "unsuitable": "La chiamata non funziona in questo browser. Usi Google Chrome o Mozilla Firefox su un computer, oppure l’app su telefono o tablet.",
        "over": "Questa identificazione è terminata.",
        "back": "Torna all’esito",
        "noscript": "La chiamata richiede JavaScript. Lo attivi e ricarichi la pagina.",
    },
    "de": {
        "title": "Video-Identifizierung",
        "lead": "Gleich ist jemand für Sie da. Halten Sie Ihr Ausweisdokument bereit.",
        "code": "Vorgangscode",
        "you": "Sie",
        "agent": "Identifizierung",
        "joining": "Kamera und Mikrofon werden angefragt",
        "waiting": "Sie sind im Warteraum. Bitte bleiben Sie auf dieser Seite.",
        "connected": "Sie sind im Gespräch.",
        "left": "Ihr Gegenüber ist nicht mehr im Gespräch. Bitte bleiben Sie auf dieser Seite.",
        "denied": "Kamera oder Mikrofon sind nicht erlaubt. Erlauben Sie beides im Browser und laden Sie diese Seite neu.",
        "leave": "Gespräch verlassen",
        "unsuitable": "Das Gespräch funktioniert in diesem Browser nicht. Nutzen Sie Chrome oder Firefox am Computer oder die App auf Telefon oder Tablet.",
        "over": "Diese Identifizierung ist beendet.",
        "back": "Zurück zum Ergebnis",
        "noscript": "Das Gespräch braucht JavaScript. Schalten Sie es ein und laden Sie diese Seite neu.",
    },
}


def texts(language: str) -> dict[str, str]:
    """The words in a language, else in English."""
    return TEXTS.get(language[:2], TEXTS["en"])
