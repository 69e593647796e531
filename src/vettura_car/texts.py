"""What the head unit and the switches say, in three languages. Printed menu labels come from the pack."""

from vettura_car.texts_assistant import ASSISTANT_TEXTS
from vettura_car.texts_data_use import DATA_USE_TEXTS
from vettura_car.texts_destinations import DESTINATION_TEXTS
from vettura_car.texts_instructions import INSTRUCTION_TEXTS
from vettura_car.texts_map import MAP_TEXTS
from vettura_car.texts_network import NETWORK_TEXTS, Text
from vettura_car.texts_phone import PHONE_TEXTS
from vettura_car.texts_roadside import ROADSIDE_TEXTS

NO_DATA_PRINTED = "Nessuna connessione dati"
"""PAI-011: printed as it stands, in whatever language the screen is; a translation stands below it."""


TEXTS: dict[str, Text] = (
    {
        # screens
        "start": Text("Start", "Home", "Start"),
        "back": Text("Back", "Indietro", "Zurück"),
        "options": Text("Options", "Opzioni", "Optionen"),
        "head_unit": Text("Head unit", "Unità centrale", "Bordcomputer"),
        "apps": Text("Services", "Servizi", "Dienste"),
        "account": Text("Account and access", "Account e accesso", "Konto und Zugang"),
        "licences": Text("Licence information", "Informazioni licenza", "Lizenzinformationen"),
        "empty": Text("Nothing here yet.", "Ancora nessuna voce.", "Noch nichts vorhanden."),
        "no_contracts": Text(
            "This car has no contracts. They appear here after a restart with a data connection.",
            "Questa vettura non ha contratti. Compaiono qui dopo un riavvio con connessione dati.",
            "Dieses Fahrzeug hat keine Verträge. Sie erscheinen hier nach einem Neustart mit Datenverbindung.",
        ),
        "days_left": Text("{days} days left", "{days} giorni rimanenti", "noch {days} Tage"),
        "day_left": Text("1 day left", "1 giorno rimanente", "noch 1 Tag"),
        "unlimited": Text("unlimited", "illimitato", "unbegrenzt"),
        "until": Text("until {date}", "fino al {date}", "bis {date}"),
        "inclusive": Text("inclusive period", "periodo incluso", "Inklusivzeitraum"),
        "active": Text("Active", "Attivo", "Aktiv"),
        "choose_yours": Text("Choose", "Scegliere", "Auswählen"),
        "on": Text("on", "attivo", "ein"),
        "off": Text("off", "disattivo", "aus"),
        "store": Text("Store", "Memorizza", "Speichern"),
        "type_here": Text("Your entry", "Immissione", "Eingabe"),
        # why a service is not active
        "no_contract": Text("No active contract", "Nessun contratto attivo", "Kein aktiver Vertrag"),
        "ended": Text("The contract has ended", "Il contratto è scaduto", "Der Vertrag ist abgelaufen"),
        "restart_needed": Text(
            "Ready after the next restart with a data connection",
            "Disponibile dopo il prossimo riavvio con connessione dati",
            "Bereit nach dem nächsten Neustart mit Datenverbindung",
        ),
        "not_linked": Text(
            "Enter the main user’s pairing code first",
            "Immettere prima il codice di associazione dell’utente principale",
            "Zuerst den Kopplungscode des Hauptnutzers eingeben",
        ),
        "no_data": Text("No data connection", "Nessuna connessione dati", "Keine Datenverbindung"),
        "remote_access_missing": Text(
            "Remote access is not granted", "Accesso remoto non autorizzato", "Fernzugriff nicht freigegeben"
        ),
        # account
        "signed_in_as": Text("Signed in: {name}", "Accesso eseguito: {name}", "Angemeldet: {name}"),
        "nobody_signed_in": Text("Nobody is signed in", "Nessun utente connesso", "Niemand ist angemeldet"),
        "guest_session": Text("Guest", "Ospite", "Gast"),
        "guest_hint": Text(
            "What a guest sets is gone when the session ends.",
            "Le impostazioni dell’ospite vanno perse al termine della sessione.",
            "Was ein Gast einstellt, ist nach der Sitzung gelöscht.",
        ),
        "sign_in": Text("Sign in", "Accedere", "Anmelden"),
        "sign_out": Text("Sign out", "Uscire", "Abmelden"),
        "start_guest": Text("Continue as guest", "Continuare come ospite", "Als Gast fortfahren"),
        "end_guest": Text("End guest session", "Terminare la sessione ospite", "Gastsitzung beenden"),
        "scan": Text(
            "Scan the code with your phone, or open {url} and enter:",
            "Scansionare il codice con il telefono oppure aprire {url} e immettere:",
            "Code mit dem Telefon scannen oder {url} öffnen und eingeben:",
        ),
        "valid_until": Text("Valid until {time}", "Valido fino alle {time}", "Gültig bis {time}"),
        "waiting": Text("Waiting for the platform …", "In attesa della piattaforma …", "Warten auf die Plattform …"),
        "pairing_code": Text("Pairing code", "Codice di associazione", "Kopplungscode"),
        "pairing_hint": Text(
            "8 digits. The code stands in the portal, in the details of this vehicle.",
            "8 cifre. Il codice si trova nel portale, nella vista dettagliata della vettura.",
            "8 Ziffern. Der Code steht im Portal in der Detailansicht des Fahrzeugs.",
        ),
        "confirm_code": Text("Confirm code", "Confermare il codice", "Code bestätigen"),
        "delete_digit": Text("Delete digit", "Cancellare cifra", "Ziffer löschen"),
        "code_accepted": Text(
            "The code was accepted. The car is linked.",
            "Codice accettato. La vettura è associata.",
            "Der Code wurde angenommen. Das Fahrzeug ist gekoppelt.",
        ),
        "code_wrong": Text("This code is not right.", "Il codice non è corretto.", "Dieser Code stimmt nicht."),
        "code_expired": Text(
            "This code has expired. Request a new one.",
            "Il codice è scaduto. Richiederne uno nuovo.",
            "Dieser Code ist abgelaufen. Fordern Sie einen neuen an.",
        ),
        "locked": Text(
            "Too many wrong codes. Try again later.",
            "Troppi codici errati. Riprovare più tardi.",
            "Zu viele falsche Codes. Versuchen Sie es später erneut.",
        ),
        "no_answer": Text(
            "The platform has not answered. Try again.",
            "La piattaforma non ha risposto. Riprovare.",
            "Die Plattform hat nicht geantwortet. Versuchen Sie es erneut.",
        ),
        "no_data_connection": Text("No data connection", "Nessuna connessione dati", "Keine Datenverbindung"),
        "eight_digits": Text(
            "A pairing code has exactly 8 digits.",
            "Il codice di associazione ha esattamente 8 cifre.",
            "Ein Kopplungscode hat genau 8 Ziffern.",
        ),
        "linked": Text("Linked", "Associata", "Gekoppelt"),
        "linked_detail": Text(
            "The main user’s code was entered",
            "Codice dell’utente principale immesso",
            "Code des Hauptnutzers eingegeben",
        ),
        "remote_access": Text("Remote access", "Accesso remoto", "Fernzugriff"),
        "granted": Text("Granted", "Autorizzato", "Freigegeben"),
        "not_granted": Text("Not granted", "Non autorizzato", "Nicht freigegeben"),
        "grant": Text("Grant remote access", "Autorizzare l’accesso remoto", "Fernzugriff freigeben"),
        "grant_question": Text(
            "Are you {name}, the main user? Phones of this car’s users can then lock, open and find it.",
            "Lei è {name}, l’utente principale? I telefoni degli utenti potranno chiudere, aprire e trovare la vettura.",
            "Sind Sie {name}, der Hauptnutzer? Telefone der Nutzer können das Fahrzeug dann ver- und entriegeln und finden.",
        ),
        "confirm": Text("Confirm as {name}", "Confermare come {name}", "Als {name} bestätigen"),
        "revoke": Text("Withdraw remote access", "Revocare l’accesso remoto", "Fernzugriff zurückziehen"),
        "refused": Text(
            "The platform refused this.",
            "La piattaforma ha rifiutato la richiesta.",
            "Die Plattform hat das abgelehnt.",
        ),
        "main_code_hint": Text(
            "Enter the main user’s pairing code to continue.",
            "Per continuare immettere il codice di associazione dell’utente principale.",
            "Geben Sie den Kopplungscode des Hauptnutzers ein, um fortzufahren.",
        ),
        "only_main_user": Text(
            "Only the main user, signed in here, can grant remote access.",
            "Solo l’utente principale, connesso qui, può autorizzare l’accesso remoto.",
            "Nur der hier angemeldete Hauptnutzer kann den Fernzugriff freigeben.",
        ),
        "privacy": Text("Privacy mode", "Modalità Privacy", "Privatmodus"),
        "privacy_all": Text("For all services", "Per tutti i servizi", "Für alle Dienste"),
        "privacy_hint": Text(
            "While it is on, the car sends nothing but alarms and refuses every remote command.",
            "Finché è attiva, la vettura invia soltanto allarmi e rifiuta ogni comando remoto.",
            "Solange er aktiv ist, sendet das Fahrzeug nur Alarme und lehnt jeden Fernbefehl ab.",
        ),
        "privacy_on": Text("Privacy mode is on", "La Modalità Privacy è attiva", "Der Privatmodus ist aktiv"),
        "reset": Text(
            "Restore factory settings",
            "Ripristinare le impostazioni di fabbrica",
            "Werkseinstellungen wiederherstellen",
        ),
        "reset_question": Text(
            "This signs everybody out and withdraws remote access.",
            "Tutti gli utenti saranno disconnessi e l’accesso remoto revocato.",
            "Alle werden abgemeldet und der Fernzugriff wird zurückgezogen.",
        ),
        "restart": Text("Restart", "Riavviare", "Neu starten"),
        "language": Text("Language", "Lingua", "Sprache"),
        "users": Text("Users of this car", "Utenti della vettura", "Nutzer dieses Fahrzeugs"),
        "main_user": Text("main user", "utente principale", "Hauptnutzer"),
        "secondary_user": Text("secondary user", "utente secondario", "Zweitnutzer"),
        # people and their settings
        "who_drives": Text("Who is driving?", "Chi guida?", "Wer fährt?"),
        "key_proposes": Text(
            "Last with key {number}: {name}",
            "Ultimo con la chiave {number}: {name}",
            "Zuletzt mit Schlüssel {number}: {name}",
        ),
        "sign_in_as": Text("Sign in as {name}", "Accedere come {name}", "Als {name} anmelden"),
        "other_account": Text("Another account", "Un altro account", "Anderes Konto"),
        "by_phone": Text("Sign in with the phone", "Accedere con il telefono", "Mit dem Telefon anmelden"),
        "change_person": Text("Somebody else drives", "Guida un’altra persona", "Jemand anderes fährt"),
        "visitor": Text("visitor", "ospite con account", "Besucher mit Konto"),
        "security_code": Text("Security code", "Codice di sicurezza", "Sicherheitscode"),
        "security_code_hint": Text(
            "{digits} digits. You set your code in the portal. It is not sent from this car.",
            "{digits} cifre. Il codice si imposta nel portale. La vettura non lo trasmette.",
            "{digits} Ziffern. Den Code legen Sie im Portal fest. Das Fahrzeug überträgt ihn nicht.",
        ),
        "email": Text("E-mail address", "Indirizzo e-mail", "E-Mail-Adresse"),
        "code_digits": Text(
            "A security code has exactly 6 digits.",
            "Il codice di sicurezza ha esattamente 6 cifre.",
            "Ein Sicherheitscode hat genau 6 Ziffern.",
        ),
        "email_missing": Text(
            "Type the e-mail address of the account.",
            "Immettere l’indirizzo e-mail dell’account.",
            "Geben Sie die E-Mail-Adresse des Kontos ein.",
        ),
        "security_code_wrong": Text(
            "Address and code do not fit. Check both, or continue as guest.",
            "Indirizzo e codice non corrispondono. Verificarli, oppure continuare come ospite.",
            "Adresse und Code passen nicht zusammen. Prüfen Sie beide, oder fahren Sie als Gast fort.",
        ),
        "security_code_locked": Text(
            "Too many wrong codes. Continue as guest and try again later.",
            "Troppi codici errati. Continuare come ospite e riprovare più tardi.",
            "Zu viele falsche Codes. Fahren Sie als Gast fort und versuchen Sie es später erneut.",
        ),
        "security_code_no_data": Text(
            "There is no data connection. Without one you can continue as guest.",
            "Nessuna connessione dati. Senza connessione può continuare come ospite.",
            "Es gibt keine Datenverbindung. Ohne sie können Sie als Gast fortfahren.",
        ),
        "visitor_hint": Text(
            "This car is not in your garage. Its services work; remote services need the main user’s invitation.",
            "Questa vettura non è nel Suo garage. I servizi funzionano; quelli remoti richiedono l’invito dell’utente principale.",
            "Dieses Fahrzeug ist nicht in Ihrer Garage. Seine Dienste funktionieren; Ferndienste brauchen die Einladung des "
            "Hauptnutzers.",
        ),
        "unpair": Text("Unpair this car", "Annullare l’associazione", "Kopplung aufheben"),
        "unpair_question": Text(
            "Everybody is signed out, remote access ends, and the pairing code must be typed again.",
            "Tutti gli utenti saranno disconnessi, l’accesso remoto termina e il codice va immesso di nuovo.",
            "Alle werden abgemeldet, der Fernzugriff endet, und der Kopplungscode muss neu eingegeben werden.",
        ),
        "profile": Text("Personal settings", "Impostazioni personali", "Persönliche Einstellungen"),
        "profile_of": Text(
            "{name}. Kept in the account.", "{name}. Salvate nell’account.", "{name}. Im Konto gespeichert."
        ),
        "profile_of_guest": Text(
            "Guest. Gone when the session ends.",
            "Ospite. Vanno perse al termine della sessione.",
            "Gast. Nach der Sitzung gelöscht.",
        ),
        "profile_of_nobody": Text(
            "Nobody is signed in. Seat and climate move, and nothing is kept.",
            "Nessun utente connesso. Sedile e clima si regolano, ma nulla viene salvato.",
            "Niemand ist angemeldet. Sitz und Klima lassen sich stellen, gespeichert wird nichts.",
        ),
        "seat": Text("Seat", "Sedile", "Sitz"),
        "seat_position": Text("Position", "Posizione", "Position"),
        "seat_height": Text("Height", "Altezza", "Höhe"),
        "seat_backrest": Text("Backrest", "Schienale", "Lehne"),
        "seat_heating": Text("Heating", "Riscaldamento", "Heizung"),
        "cabin": Text("Climate", "Clima", "Klima"),
        "temperature": Text("Temperature", "Temperatura", "Temperatur"),
        "less": Text("{name}: less", "{name}: meno", "{name}: weniger"),
        "more": Text("{name}: more", "{name}: più", "{name}: mehr"),
        "favorites": Text("Favorites", "Preferiti", "Favoriten"),
        "stations": Text("Radio stations", "Stazioni radio", "Radiosender"),
        "weather_places": Text("Weather", "Meteo", "Wetter"),
        "list_is_empty": Text("Nothing saved.", "Nessuna voce salvata.", "Nichts gespeichert."),
        "add_entry": Text("Add", "Aggiungere", "Hinzufügen"),
        "remove_entry": Text("Remove {entry}", "Rimuovere {entry}", "{entry} entfernen"),
        "sign_in_first": Text(
            "Sign in or continue as guest first.",
            "Accedere o continuare prima come ospite.",
            "Melden Sie sich zuerst an, oder fahren Sie als Gast fort.",
        ),
        "guest_no_remote": Text("Not for guests", "Non disponibile per gli ospiti", "Nicht für Gäste"),
        "assignment_needed": Text(
            "Only for users of this car", "Solo per gli utenti della vettura", "Nur für Nutzer dieses Fahrzeugs"
        ),
        "key_unused": Text("not used yet", "mai usata", "noch unbenutzt"),
        # switches
        "switches": Text("The car", "La vettura", "Das Fahrzeug"),
        "surroundings": Text("Surroundings", "Ambiente", "Umgebung"),
        "ignition": Text("Ignition", "Accensione", "Zündung"),
        "ignition_off": Text("Off", "Spento", "Aus"),
        "ignition_on": Text("On", "Acceso", "Ein"),
        "ignition_drive": Text("Ready", "Pronta", "Bereit"),
        "restart_unit": Text("Restart head unit", "Riavviare l’unità", "Bordcomputer neu starten"),
        "gear": Text("Gear", "Marcia", "Gang"),
        "parking_brake": Text("Parking brake", "Freno di stazionamento", "Parkbremse"),
        "key": Text("Key", "Chiave", "Schlüssel"),
        "lock": Text("Lock", "Chiudere", "Verriegeln"),
        "unlock": Text("Unlock", "Aprire", "Entriegeln"),
        "doors": Text("Doors and lids", "Porte e cofani", "Türen und Klappen"),
        "driver_door": Text("Driver", "Conducente", "Fahrer"),
        "passenger_door": Text("Passenger", "Passeggero", "Beifahrer"),
        "rear_driver_door": Text("Rear left", "Post. sinistra", "Hinten links"),
        "rear_passenger_door": Text("Rear right", "Post. destra", "Hinten rechts"),
        "rear_trunk": Text("Trunk", "Bagagliaio", "Kofferraum"),
        "hood": Text("Hood", "Cofano", "Haube"),
        "front_trunk": Text("Front trunk", "Vano anteriore", "Vorderer Kofferraum"),
        "windows": Text("Windows", "Finestrini", "Fenster"),
        "energy": Text("Energy", "Energia", "Energie"),
        "battery": Text("Battery", "Batteria", "Batterie"),
        "fuel": Text("Fuel", "Carburante", "Kraftstoff"),
        "cable": Text("Charging cable", "Cavo di ricarica", "Ladekabel"),
        "network": Text("Network", "Rete", "Netz"),
        "coverage": Text("Coverage", "Copertura", "Empfang"),
        "radio": Text("Connection", "Connessione", "Verbindung"),
        "platform_reached": Text("Platform reached", "Piattaforma raggiunta", "Plattform erreicht"),
        "platform_not_reached": Text("Platform not reached", "Piattaforma non raggiunta", "Plattform nicht erreicht"),
        "place": Text("Place", "Luogo", "Ort"),
        "locked_state": Text("Locked", "Chiusa", "Verriegelt"),
        "unlocked_state": Text("Unlocked", "Aperta", "Entriegelt"),
        "set": Text("Set", "Impostare", "Setzen"),
        "light": Text("Day and night", "Giorno e notte", "Tag und Nacht"),
        "horn": Text("Horn", "Clacson", "Hupe"),
        "hazard": Text("Hazard lights", "Luci di emergenza", "Warnblinker"),
        "climate": Text("Climate {temperature} °C", "Clima {temperature} °C", "Klima {temperature} °C"),
        "screen_off": Text(
            "The head unit is off. Switch the ignition on.",
            "L’unità centrale è spenta. Accendere il quadro.",
            "Der Bordcomputer ist aus. Schalten Sie die Zündung ein.",
        ),
        # what is not possible
        "not_ready": Text(
            "Make the car ready first.", "Mettere prima la vettura in Pronta.", "Erst Fahrbereitschaft herstellen."
        ),
        "cable_in": Text(
            "Pull the charging cable first.", "Staccare prima il cavo di ricarica.", "Erst das Ladekabel abziehen."
        ),
        "not_parked": Text("Put the car into P first.", "Inserire prima la posizione P.", "Erst P einlegen."),
        "door_open": Text("A door is open.", "Una porta è aperta.", "Eine Tür ist offen."),
        "door_locked": Text("Unlock the car first.", "Aprire prima la vettura.", "Erst das Fahrzeug entriegeln."),
        "unknown_part": Text(
            "This car has no such part.", "La vettura non ha questa parte.", "Das Fahrzeug hat dieses Teil nicht."
        ),
        "nothing_to_do": Text(
            "Nothing to do here now.", "Al momento non c’è nulla da fare qui.", "Hier ist jetzt nichts zu tun."
        ),
        "password_short": Text(
            "The password needs at least 8 characters.",
            "La password deve avere almeno 8 caratteri.",
            "Das Passwort braucht mindestens 8 Zeichen.",
        ),
        "password": Text("Password of the hotspot", "Password dell’hotspot", "Passwort des Hotspots"),
        "unknown_option": Text("There is no such value.", "Questo valore non esiste.", "Diesen Wert gibt es nicht."),
    }
    | NETWORK_TEXTS
    | DATA_USE_TEXTS
    | ASSISTANT_TEXTS
    | INSTRUCTION_TEXTS
    | DESTINATION_TEXTS
    | PHONE_TEXTS
    | MAP_TEXTS
    | ROADSIDE_TEXTS
)


def say(key: str, language: str, **facts: object) -> str:
    """This will say a text in the car's language; an unknown language gets English."""
    text = TEXTS[key]
    spoken: str = getattr(text, language, text.en)
    return spoken.format(**facts) if facts else spoken


def unbroken(text: str) -> str:
    """A number that stays on one line."""
    return text.replace(" ", "\u00a0")
