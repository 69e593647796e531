"""What the screen of data use says, in three languages."""

from vettura_car.texts_network import Text

DATA_USE_TEXTS: dict[str, Text] = {
    "data_used": Text("Data used", "Dati utilizzati", "Verbrauchte Daten"),
    "since_new": Text("since the car was new", "da quando la vettura è nuova", "seit das Fahrzeug neu ist"),
    "since_day": Text("since {date}", "dal {date}", "seit {date}"),
    "nothing_used": Text(
        "Nothing has been used yet.", "Finora nessun dato utilizzato.", "Bisher wurden keine Daten verbraucht."
    ),
    "reset_counters": Text("Reset counters", "Azzera contatori", "Zähler zurücksetzen"),
    "volume_used_up": Text(
        "The data volume is used up. Online services rest until your mobile operator gives you more.",
        "Il volume dati è esaurito. I servizi online sono sospesi finché l’operatore non concede altro volume.",
        "Das Datenvolumen ist aufgebraucht. Online-Dienste ruhen, bis Ihr Mobilfunkanbieter Ihnen neues gibt.",
    ),
    "bearer_integrated_sim": Text("Integrated SIM", "SIM integrata", "Integrierte SIM"),
    "bearer_inserted_sim": Text("Own SIM card", "Propria scheda SIM", "Eigene SIM-Karte"),
    "bearer_phone_hotspot": Text("Phone’s hotspot", "Hotspot del telefono", "Hotspot des Telefons"),
    "bearer_outside_wifi": Text("WiFi from outside", "WiFi esterno", "WLAN von außen"),
    "used_by_hotspot": Text(
        "Devices in the car’s hotspot", "Dispositivi nell’hotspot della vettura", "Geräte im Hotspot des Fahrzeugs"
    ),
    "used_by_messages": Text(
        "Remote services and reports", "Servizi remoti e rapporti", "Fernzugriff und Meldungen"
    ),
    "used_by_others": Text("Other", "Altro", "Sonstiges"),
    # the adviser
    "adviser": Text("How much volume do I need?", "Quanto volume mi serve?", "Wie viel Volumen brauche ich?"),
    "kilometers_a_year": Text("Kilometers a year", "Chilometri all’anno", "Kilometer im Jahr"),
    "i_stream": Text("I stream music", "Ascolto musica in streaming", "Ich streame Musik"),
    "i_use_hotspot": Text(
        "Devices use the car’s hotspot", "Altri dispositivi usano l’hotspot", "Geräte nutzen den Hotspot"
    ),
    "estimate": Text("Estimate", "Calcola stima", "Schätzen"),
    "advice_less": Text("less than {most} a month", "meno di {most} al mese", "weniger als {most} im Monat"),
    "advice_about": Text("about {most} a month", "circa {most} al mese", "etwa {most} im Monat"),
    "advice_between": Text(
        "about {least} to {most} a month", "circa {least}–{most} al mese", "etwa {least} bis {most} im Monat"
    ),
    "advice_hotspot": Text(
        "The car’s hotspot can add considerably to it.",
        "L’hotspot della vettura può aumentarlo notevolmente.",
        "Der Hotspot des Fahrzeugs kann den Verbrauch erheblich erhöhen.",
    ),
    "advice_no_figure": Text(
        "Between 25,000 and 50,000 km the instructions give no figure; this is what lies between.",
        "Tra 25.000 e 50.000 km le istruzioni non indicano un valore; questo è l’intervallo intermedio.",
        "Zwischen 25.000 und 50.000 km nennt die Anleitung keinen Wert; das liegt dazwischen.",
    ),
    "advice_estimate": Text(
        "This is an estimate. How often you use services can change it greatly.",
        "È una stima. Può variare molto secondo la frequenza d’uso dei servizi.",
        "Dies ist eine Schätzung. Wie oft Sie Dienste nutzen, kann viel daran ändern.",
    ),
    "kilometers": Text(
        "Type the kilometers that you drive in a year.",
        "Immettere i chilometri percorsi in un anno.",
        "Geben Sie die Kilometer ein, die Sie im Jahr fahren.",
    ),
}  # fmt: skip
