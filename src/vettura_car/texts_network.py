"""What head unit and switches say about the connection, in three languages."""

from typing import NamedTuple


class Text(NamedTuple):
    """One text in the languages of the car."""

    en: str
    it: str
    de: str


NETWORK_TEXTS: dict[str, Text] = {
    # the screen of the connection
    "connection": Text("Connection", "Connessione", "Verbindung"),
    "connected_by": Text("Connected: {way}", "Connesso: {way}", "Verbunden: {way}"),
    "not_connected": Text("Not connected", "Non connesso", "Nicht verbunden"),
    "ways_here": Text("Ways in this car", "Possibilità in questa vettura", "Wege in diesem Fahrzeug"),
    "way_integrated_sim": Text("integrated SIM", "SIM integrata", "integrierte SIM"),
    "way_inserted_sim": Text("SIM card", "scheda SIM", "SIM-Karte"),
    "way_phone_hotspot": Text("phone’s hotspot", "hotspot del telefono", "Hotspot des Telefons"),
    "load_time": Text(
        "A map section of 2\u00a0MB loads in about {seconds}\u00a0s.",
        "Una sezione di mappa da 2\u00a0MB si carica in circa {seconds}\u00a0s.",
        "Ein Kartenausschnitt von 2\u00a0MB lädt in etwa {seconds}\u00a0s.",
    ),
    "slow_hint": Text(
        "The connection is slow. For best use, 3G or LTE is recommended.",
        "La connessione è lenta. Per un uso ottimale si consiglia 3G o LTE.",
        "Die Verbindung ist langsam. Empfohlen wird 3G oder LTE.",
    ),
    "cost_free": Text(
        "Abroad. The integrated SIM causes no roaming charge.",
        "All’estero. La SIM integrata non comporta costi di roaming.",
        "Im Ausland. Durch die integrierte SIM entstehen keine Roaminggebühren.",
    ),
    "cost_by_tariff": Text(
        "Abroad. Roaming costs what your mobile operator charges.",
        "All’estero. Il roaming costa quanto previsto dal Suo operatore.",
        "Im Ausland. Roaming kostet, was Ihr Mobilfunkanbieter berechnet.",
    ),
    # why there is none, and what one can do
    "reason_no_way": Text(
        "This car has no way to the Internet.",
        "Questa vettura non dispone di accesso a Internet.",
        "Dieses Fahrzeug hat keinen Weg ins Internet.",
    ),
    "reason_data_off": Text(
        "Data are switched off. Switch them on in the menu.",
        "I dati sono disattivati. Attivarli nel menu.",
        "Die Daten sind ausgeschaltet. Schalten Sie sie im Menü ein.",
    ),
    "reason_no_sim": Text(
        "There is no SIM card in the reader. Insert one.",
        "Nessuna scheda SIM nel lettore. Inserirne una.",
        "Im Kartenleser steckt keine SIM-Karte. Legen Sie eine ein.",
    ),
    "reason_pin_needed": Text(
        "The SIM card waits for its PIN.", "La scheda SIM attende il PIN.", "Die SIM-Karte wartet auf ihre PIN."
    ),
    "reason_puk_needed": Text(
        "The SIM card is blocked. Enter its PUK.",
        "La scheda SIM è bloccata. Immettere il PUK.",
        "Die SIM-Karte ist gesperrt. Geben Sie die PUK ein.",
    ),
    "reason_sim_dead": Text(
        "The SIM card no longer works. Ask your mobile operator for another.",
        "La scheda SIM non funziona più. Richiederne un’altra all’operatore.",
        "Die SIM-Karte ist unbrauchbar. Ihr Mobilfunkanbieter gibt Ihnen eine neue.",
    ),
    "reason_data_use_refused": Text(
        "You refused the use of this phone’s data. Change that in its entry.",
        "L’uso dei dati di questo telefono è stato rifiutato. Modificarlo nella sua voce.",
        "Sie haben die Nutzung der Daten dieses Telefons abgelehnt. Ändern Sie das in seinem Eintrag.",
    ),
    "reason_hotspot_off": Text(
        "The hotspot is not found. Switch it on in the phone.",
        "Hotspot non trovato. Attivarlo nel telefono.",
        "Der Hotspot wird nicht gefunden. Schalten Sie ihn im Telefon ein.",
    ),
    "reason_wrong_password": Text(
        "The hotspot has another password now. Choose it again.",
        "L’hotspot ha ora un’altra password. Selezionarlo di nuovo.",
        "Der Hotspot hat jetzt ein anderes Passwort. Wählen Sie ihn erneut.",
    ),
    "reason_no_coverage": Text(
        "There is no network here. The connection returns by itself.",
        "Nessuna rete in questo luogo. La connessione riprende da sola.",
        "Hier ist kein Netz. Die Verbindung kommt von selbst wieder.",
    ),
    "reason_roaming_off": Text(
        "Roaming is off. Switch it on to use data abroad.",
        "Il roaming è disattivato. Attivarlo per usare i dati all’estero.",
        "Roaming ist aus. Schalten Sie es ein, um Daten im Ausland zu nutzen.",
    ),
    "reason_phone_roaming_off": Text(
        "Roaming is off in the phone. Switch it on there.",
        "Il roaming è disattivato nel telefono. Attivarlo nel telefono.",
        "Roaming ist im Telefon aus. Schalten Sie es dort ein.",
    ),
    "reason_wrong_apn": Text(
        "The access point (APN) does not fit the SIM card. Ask your mobile operator for the right one.",
        "Il punto di accesso (APN) non corrisponde alla scheda SIM. Chiedere quello corretto all’operatore.",
        "Der Zugangspunkt (APN) passt nicht zur SIM-Karte. Ihr Mobilfunkanbieter nennt Ihnen den richtigen.",
    ),
    "reason_no_volume": Text(
        "No data volume is left. Ask your mobile operator.",
        "Volume dati esaurito. Rivolgersi all’operatore.",
        "Das Datenvolumen ist aufgebraucht. Wenden Sie sich an Ihren Mobilfunkanbieter.",
    ),
    "reason_call": Text(
        "Data pause during the call and come back after it.",
        "I dati sono sospesi durante la chiamata e riprendono al termine.",
        "Während des Gesprächs ruhen die Daten und kommen danach wieder.",
    ),
    "card_in_the_way": Text(
        "Or remove the SIM card: the integrated SIM then takes over.",
        "Oppure rimuovere la scheda SIM: subentra la SIM integrata.",
        "Oder nehmen Sie die SIM-Karte heraus: Dann übernimmt die integrierte SIM.",
    ),
    # SIM, PIN and access point
    "sim_card": Text("SIM card", "Scheda SIM", "SIM-Karte"),
    "sim_out": Text("No SIM card is inserted.", "Nessuna scheda SIM inserita.", "Es steckt keine SIM-Karte."),
    "sim_ready": Text("The SIM card is ready.", "La scheda SIM è pronta.", "Die SIM-Karte ist bereit."),
    "pin": Text("PIN", "PIN", "PIN"),
    "puk": Text("PUK", "PUK", "PUK"),
    "new_pin": Text("New PIN", "Nuovo PIN", "Neue PIN"),
    "tries_left": Text("{tries} tries left", "{tries} tentativi rimanenti", "noch {tries} Versuche"),
    "try_left": Text("1 try left", "1 tentativo rimanente", "noch 1 Versuch"),
    "store_pin": Text("Store PIN", "Memorizza PIN", "PIN speichern"),
    "pin_is_stored": Text("The PIN is stored.", "Il PIN è memorizzato.", "Die PIN ist gespeichert."),
    "forget_pin": Text("Forget PIN", "Elimina PIN", "PIN löschen"),
    "unlock_sim": Text("Unlock", "Sbloccare", "Entsperren"),
    "apn": Text("Access point (APN)", "Punto di accesso (APN)", "Zugangspunkt (APN)"),
    "apn_hint": Text(
        "Your mobile operator tells you the right access point.",
        "L’operatore Le comunica il punto di accesso corretto.",
        "Den richtigen Zugangspunkt nennt Ihnen Ihr Mobilfunkanbieter.",
    ),
    # roaming
    "roaming_costs": Text(
        "Roaming can cost extra, depending on your tariff and the country.",
        "Il roaming può comportare costi aggiuntivi, secondo la tariffa e il Paese.",
        "Roaming kann je nach Tarif und Land zusätzlich kosten.",
    ),
    "roaming_confirm": Text("Switch roaming on", "Attivare il roaming", "Roaming einschalten"),
    # phones
    "phones_known": Text("Phones", "Telefoni", "Telefone"),
    "phone_in_range": Text("in range", "raggiungibile", "in Reichweite"),
    "phone_is_away": Text("not in range", "non raggiungibile", "nicht in Reichweite"),
    "phone_hfp": Text("hands-free", "vivavoce", "Freisprechen"),
    "phone_sap": Text("SIM access", "accesso SIM", "SIM-Zugriff"),
    "pair_phone": Text("Pair {name}", "Associare {name}", "{name} koppeln"),
    "forget_phone": Text("Delete {name}", "Eliminare {name}", "{name} löschen"),
    "data_use": Text("Use this phone’s data", "Usare i dati del telefono", "Daten dieses Telefons nutzen"),
    "data_use_question": Text(
        "May the car use the data connection of {name}?",
        "La vettura può usare la connessione dati di {name}?",
        "Darf das Fahrzeug die Datenverbindung von {name} nutzen?",
    ),
    "yes": Text("Yes", "Sì", "Ja"),
    "no": Text("No, calls only", "No, solo chiamate", "Nein, nur Anrufe"),
    "profiles": Text("Bluetooth profiles", "Profili Bluetooth", "Bluetooth-Profile"),
    "profile_hfp": Text("Hands-free (HFP)", "Vivavoce (HFP)", "Freisprechen (HFP)"),
    "profile_sap": Text("SIM access (SAP)", "Accesso SIM (SAP)", "SIM-Zugriff (SAP)"),
    "profile_audio": Text("Music (A2DP)", "Musica (A2DP)", "Musik (A2DP)"),
    # hotspots
    "hotspots_found": Text("Hotspots found", "Hotspot trovati", "Gefundene Hotspots"),
    "no_hotspots": Text(
        "No hotspot is found. Switch it on in the phone.",
        "Nessun hotspot trovato. Attivarlo nel telefono.",
        "Kein Hotspot gefunden. Schalten Sie ihn im Telefon ein.",
    ),
    "joined": Text("Connected", "Connesso", "Verbunden"),
    "leave_hotspot": Text("Leave {name}", "Scollegare {name}", "{name} trennen"),
    "own_hotspot": Text("The car’s hotspot", "Hotspot della vettura", "Hotspot des Fahrzeugs"),
    "own_hotspot_open": Text(
        "Its devices have Internet access.",
        "I dispositivi collegati accedono a Internet.",
        "Verbundene Geräte haben Internetzugang.",
    ),
    "own_hotspot_closed": Text(
        "Its devices have no Internet access.",
        "I dispositivi collegati non accedono a Internet.",
        "Verbundene Geräte haben keinen Internetzugang.",
    ),
    "own_hotspot_ticks": Text(
        "{on} of {all} ticks are set.", "{on} di {all} caselle attivate.", "{on} von {all} Haken gesetzt."
    ),
    "own_hotspot_tick": Text(
        "Internet access is not allowed yet.",
        "L’accesso Internet non è ancora abilitato.",
        "Der Internetzugang ist noch nicht erlaubt.",
    ),
    "own_hotspot_package": Text(
        "There is no data package for it.", "Nessun pacchetto dati disponibile.", "Es gibt kein Datenpaket dafür."
    ),
    "client_car": Text("Internet through the car", "Internet tramite la vettura", "Internet über das Fahrzeug"),
    "client_own_mobile": Text(
        "no Internet here, uses its own mobile data",
        "nessun Internet qui, usa i propri dati mobili",
        "hier kein Internet, nutzt eigene mobile Daten",
    ),
    "client_none": Text("no Internet", "nessun Internet", "kein Internet"),
    # switches
    "home": Text("Home", "In patria", "Zu Hause"),
    "call": Text("Call", "Chiamata", "Anruf"),
    "call_none": Text("None", "Nessuna", "Keiner"),
    "call_card": Text("SIM card", "Scheda SIM", "SIM-Karte"),
    "sim_in": Text("Inserted", "Inserita", "Eingelegt"),
    "sim_asks": Text("Asks for its PIN", "Richiede il PIN", "Fragt nach der PIN"),
    "has_volume": Text("Data volume left", "Volume dati residuo", "Datenvolumen übrig"),
    "carries_both": Text("Calls and data at once", "Chiamate e dati insieme", "Anruf und Daten zugleich"),
    "sim_codes": Text("PIN {pin} · PUK {puk}", "PIN {pin} · PUK {puk}", "PIN {pin} · PUK {puk}"),
    "apns_of_sim": Text("APN {apns}", "APN {apns}", "APN {apns}"),
    "is_near": Text("In the car", "In vettura", "Im Fahrzeug"),
    "hotspot_on": Text("Hotspot", "Hotspot", "Hotspot"),
    "roaming_on": Text("Roaming", "Roaming", "Roaming"),
    "is_client": Text("In the car’s hotspot", "Nell’hotspot della vettura", "Im Hotspot des Fahrzeugs"),
    "bring_up": Text("Car uses this hotspot", "La vettura usa questo hotspot", "Fahrzeug nutzt diesen Hotspot"),
    "hotspot_called": Text("Name of the hotspot", "Nome dell’hotspot", "Name des Hotspots"),
    "has_package": Text("Data package for hotspot", "Pacchetto dati per hotspot", "Datenpaket für Hotspot"),
    # what is not possible
    "no_reader": Text(
        "This car has no SIM card reader.",
        "Questa vettura non ha un lettore di schede SIM.",
        "Dieses Fahrzeug hat keinen SIM-Kartenleser.",
    ),
    "no_sim": Text("Insert a SIM card first.", "Inserire prima una scheda SIM.", "Legen Sie zuerst eine SIM-Karte ein."),
    "pin_needed": Text(
        "Enter the PIN of the SIM card first.",
        "Immettere prima il PIN della scheda SIM.",
        "Geben Sie zuerst die PIN der SIM-Karte ein.",
    ),
    "pin_first": Text(
        "Enter the PIN of the SIM card first.",
        "Immettere prima il PIN della scheda SIM.",
        "Geben Sie zuerst die PIN der SIM-Karte ein.",
    ),
    "puk_needed": Text("The SIM card is blocked.", "La scheda SIM è bloccata.", "Die SIM-Karte ist gesperrt."),
    "sim_dead": Text("The SIM card no longer works.", "La scheda SIM non funziona più.", "Die SIM-Karte ist unbrauchbar."),
    "sim_without_pin": Text(
        "This SIM card asks for no PIN.", "Questa scheda SIM non richiede il PIN.", "Diese SIM-Karte fragt nach keiner PIN."
    ),
    "pin_digits": Text("A PIN has 4 to 8 digits.", "Un PIN ha da 4 a 8 cifre.", "Eine PIN hat 4 bis 8 Ziffern."),
    "pin_wrong": Text("This PIN is not right.", "Il PIN non è corretto.", "Diese PIN stimmt nicht."),
    "pin_blocked": Text(
        "This PIN is not right. The SIM card is blocked; enter its PUK.",
        "Il PIN non è corretto. La scheda SIM è bloccata; immettere il PUK.",
        "Diese PIN stimmt nicht. Die SIM-Karte ist gesperrt; geben Sie die PUK ein.",
    ),
    "puk_digits": Text("A PUK has 8 digits.", "Un PUK ha 8 cifre.", "Eine PUK hat 8 Ziffern."),
    "puk_wrong": Text("This PUK is not right.", "Il PUK non è corretto.", "Diese PUK stimmt nicht."),
    "apn_empty": Text("Type an access point.", "Immettere un punto di accesso.", "Geben Sie einen Zugangspunkt ein."),
    "hotspot_name": Text(
        "A hotspot needs a name of its own, with at most 32 characters.",
        "L’hotspot richiede un nome proprio di al massimo 32 caratteri.",
        "Ein Hotspot braucht einen eigenen Namen mit höchstens 32 Zeichen.",
    ),
    "phone_away": Text(
        "The phone is not in range.", "Il telefono non è raggiungibile.", "Das Telefon ist nicht in Reichweite."
    ),
    "no_phone": Text(
        "No phone is connected for this.", "Nessun telefono collegato.", "Dafür ist kein Telefon verbunden."
    ),
    "hotspot_not_found": Text(
        "This hotspot is not found. Switch it on in the phone.",
        "Hotspot non trovato. Attivarlo nel telefono.",
        "Dieser Hotspot wird nicht gefunden. Schalten Sie ihn im Telefon ein.",
    ),
    "data_use_refused": Text(
        "You refused the use of this phone’s data.",
        "L’uso dei dati di questo telefono è stato rifiutato.",
        "Sie haben die Nutzung der Daten dieses Telefons abgelehnt.",
    ),
    "password_wrong": Text(
        "This password is not right.", "La password non è corretta.", "Dieses Passwort stimmt nicht."
    ),
    "no_hotspot_here": Text(
        "This car cannot use a phone’s hotspot in its country.",
        "In questo Paese la vettura non può usare l’hotspot di un telefono.",
        "Dieses Fahrzeug kann in seinem Land keinen Hotspot eines Telefons nutzen.",
    ),
    "voice_not_allowed": Text(
        "In this country the SIM card cannot be used for calls.",
        "In questo Paese non si può telefonare con la scheda SIM.",
        "In diesem Land kann mit der SIM-Karte nicht telefoniert werden.",
    ),
    "no_coverage": Text("There is no network here.", "Nessuna rete in questo luogo.", "Hier ist kein Netz."),
}  # fmt: skip
