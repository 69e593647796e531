"""What head unit and switches say about phones, in three languages."""

from vettura_car.texts_network import Text

PHONE_TEXTS: dict[str, Text] = {
    # links
    "profile_messages": Text("Messages (MAP)", "Messaggi (MAP)", "Nachrichten (MAP)"),
    "link_hfp": Text("calls", "chiamate", "Anrufe"),
    "link_sap": Text("SIM access", "accesso SIM", "SIM-Zugriff"),
    "link_audio": Text("music", "musica", "Musik"),
    "link_messages": Text("messages", "messaggi", "Nachrichten"),
    "link_carplay_cable": Text("CarPlay by cable", "CarPlay via cavo", "CarPlay per Kabel"),
    "link_carplay_air": Text("CarPlay, wireless", "CarPlay senza cavo", "CarPlay, kabellos"),
    "link_none": Text("not connected", "non collegato", "nicht verbunden"),
    "link_rests": Text(
        "Bluetooth rests while CarPlay runs", "Bluetooth sospeso durante CarPlay", "Bluetooth ruht, solange CarPlay läuft"
    ),
    "use_for_audio": Text("Use for music", "Usare per la musica", "Für Musik nutzen"),
    "use_for_messages": Text("Use for messages", "Usare per i messaggi", "Für Nachrichten nutzen"),
    "swipe_hint": Text(
        "To delete a phone, swipe left from the end of its name.",
        "Per eliminare un telefono, scorrere verso sinistra dalla fine del nome.",
        "Zum Löschen vom Ende des Namens nach links wischen.",
    ),
    "no_phones_yet": Text(
        "No phone is stored. Pair one that is in the car.",
        "Nessun telefono memorizzato. Associarne uno presente in vettura.",
        "Kein Telefon gespeichert. Koppeln Sie eines, das im Fahrzeug ist.",
    ),
    # CarPlay
    "carplay_start": Text("Start CarPlay with {name}", "Avviare CarPlay con {name}", "CarPlay mit {name} starten"),
    "carplay_stop": Text("End CarPlay", "Terminare CarPlay", "CarPlay beenden"),
    "carplay_runs": Text("CarPlay runs on {name}", "CarPlay attivo su {name}", "CarPlay läuft auf {name}"),
    "carplay_meanwhile": Text(
        "Bluetooth rests meanwhile. The car’s own data connection stays.",
        "Nel frattempo il Bluetooth è sospeso. La connessione dati della vettura resta attiva.",
        "Bluetooth ruht so lange. Die eigene Datenverbindung des Fahrzeugs bleibt.",
    ),
    "carplay_apps": Text("Apps", "App", "Apps"),
    "no_carplay_here": Text(
        "This car is not equipped for CarPlay.",
        "Questa vettura non è predisposta per CarPlay.",
        "Dieses Fahrzeug ist nicht für CarPlay ausgestattet.",
    ),
    "carplay_needs_iphone": Text("CarPlay needs an iPhone.", "CarPlay richiede un iPhone.", "CarPlay braucht ein iPhone."),
    "carplay_needs_newer": Text(
        "This iPhone is too old for CarPlay.",
        "Questo iPhone è troppo vecchio per CarPlay.",
        "Dieses iPhone ist zu alt für CarPlay.",
    ),
    "carplay_needs_cable": Text(
        "Connect the iPhone by cable.", "Collegare l’iPhone con il cavo.", "Schließen Sie das iPhone per Kabel an."
    ),
    "carplay_pair_first": Text(
        "Pair the iPhone by Bluetooth first, or connect it by cable.",
        "Associare prima l’iPhone via Bluetooth o collegarlo con il cavo.",
        "Koppeln Sie das iPhone zuerst per Bluetooth, oder schließen Sie es per Kabel an.",
    ),
    # music
    "music_sources": Text("Source", "Sorgente", "Quelle"),
    "source_bluetooth": Text("Bluetooth", "Bluetooth", "Bluetooth"),
    "source_usb": Text("USB", "USB", "USB"),
    "source_aux": Text("AUX", "AUX", "AUX"),
    "source_carplay": Text("CarPlay", "CarPlay", "CarPlay"),
    "source_ready": Text("ready", "pronta", "bereit"),
    "source_not_ready": Text(
        "No phone is connected by this way.",
        "Nessun telefono collegato in questo modo.",
        "Auf diesem Weg ist kein Telefon verbunden.",
    ),
    "source_empty": Text(
        "Choose a source. Phones appear here once they are connected.",
        "Scegliere una sorgente. I telefoni compaiono quando sono collegati.",
        "Wählen Sie eine Quelle. Telefone erscheinen hier, sobald sie verbunden sind.",
    ),
    "no_players": Text(
        "This phone has no music app.", "Questo telefono non ha app musicali.", "Dieses Telefon hat keine Musik-App."
    ),
    "plays_now": Text("playing", "in riproduzione", "läuft"),
    "play_app": Text("Play {app}", "Riprodurre {app}", "{app} abspielen"),
    "stop_app": Text("Stop {app}", "Fermare {app}", "{app} anhalten"),
    "no_stream_here": Text(
        "Streaming plays by Bluetooth or CarPlay.",
        "Lo streaming è possibile via Bluetooth o CarPlay.",
        "Streaming läuft über Bluetooth oder CarPlay.",
    ),
    # messages and e-mail
    "no_messages": Text(
        "No messages. They come from a phone that is joined by Bluetooth.",
        "Nessun messaggio. Provengono da un telefono collegato via Bluetooth.",
        "Keine Nachrichten. Sie kommen von einem Telefon, das per Bluetooth verbunden ist.",
    ),
    "messages_in_carplay": Text(
        "Messages are in CarPlay while it runs.",
        "Durante CarPlay i messaggi si trovano in CarPlay.",
        "Solange CarPlay läuft, sind Nachrichten dort.",
    ),
    "not_equipped": Text(
        "This car is not equipped for messages.",
        "Questa vettura non è predisposta per i messaggi.",
        "Dieses Fahrzeug ist nicht für Nachrichten ausgestattet.",
    ),
    "unread": Text("new", "nuovo", "neu"),
    "read_aloud": Text("Read aloud", "Leggere ad alta voce", "Vorlesen"),
    "is_reading": Text("Being read aloud", "In lettura", "Wird vorgelesen"),
    "stop_reading": Text("Stop reading", "Fermare la lettura", "Vorlesen beenden"),
    "write_message": Text("Write a message", "Scrivere un messaggio", "Nachricht schreiben"),
    "answer_to": Text("Answer to {name}", "Rispondere a {name}", "Antwort an {name}"),
    "your_message": Text("Message", "Messaggio", "Nachricht"),
    "dictate": Text("Dictate", "Dettare", "Diktieren"),
    "send_message": Text("Send", "Inviare", "Senden"),
    "choose_message_first": Text(
        "Choose a message to answer it.",
        "Per rispondere, scegliere un messaggio.",
        "Wählen Sie eine Nachricht, um zu antworten.",
    ),
    "listens_not": Text(
        "This browser does not recognise speech. What is typed under “Said in the car” counts as spoken.",
        "Questo browser non riconosce il parlato. Vale come detto ciò che si scrive in «Detto in vettura».",
        "Dieser Browser erkennt keine Sprache. Als gesprochen gilt, was unter „Im Fahrzeug gesagt“ steht.",
    ),
    "listens": Text("Listening …", "In ascolto …", "Hört zu …"),
    "nothing_said": Text("Nothing was said.", "Non è stato detto nulla.", "Es wurde nichts gesagt."),
    "text_missing": Text("Type some words.", "Immettere un testo.", "Geben Sie einen Text ein."),
    "mail_no_phone": Text(
        "No phone is joined by Bluetooth.", "Nessun telefono collegato via Bluetooth.", "Kein Telefon ist per Bluetooth verbunden."
    ),
    "mail_not_available": Text(
        "E-mail is not available with this phone.",
        "L’e-mail non è disponibile con questo telefono.",
        "E-Mail ist mit diesem Telefon nicht verfügbar.",
    ),
    "mail_no_account": Text(
        "Set up a mail account on the phone.",
        "Configurare un account e-mail sul telefono.",
        "Richten Sie auf dem Telefon ein E-Mail-Konto ein.",
    ),
    # calendar
    "no_appointments": Text(
        "Nothing for today.", "Nessun appuntamento per oggi.", "Heute keine Termine."
    ),
    "calendar_needs_app": Text(
        "Join the phone to the car’s hotspot and open the app on it.",
        "Collegare il telefono all’hotspot della vettura e aprire l’app.",
        "Verbinden Sie das Telefon mit dem Hotspot des Fahrzeugs, und öffnen Sie die App.",
    ),
    "calendar_from": Text("From {names}, by the app", "Da {names}, tramite l’app", "Von {names}, über die App"),
    # switches
    "phone_system": Text("Phone", "Telefono", "Telefon"),
    "phone_cable": Text("Cable", "Cavo", "Kabel"),
    "cable_none": Text("None", "Nessuno", "Keines"),
    "has_mail": Text("Mail account set up", "Account e-mail configurato", "E-Mail-Konto eingerichtet"),
    "phone_contents": Text("Apps and contents", "App e contenuti", "Apps und Inhalte"),
    "phone_sender": Text("Sender", "Mittente", "Absender"),
    "phone_words": Text("Text of the message", "Testo del messaggio", "Text der Nachricht"),
    "phone_arrives": Text("Arrives", "Arriva", "Trifft ein"),
    "phone_time": Text("Time", "Ora", "Uhrzeit"),
    "phone_title": Text("Appointment today", "Appuntamento di oggi", "Termin heute"),
    "phone_enter": Text("Enter", "Inserire", "Eintragen"),
    "time_missing": Text("Type a time such as 09:30.", "Immettere un’ora, per esempio 09:30.", "Geben Sie eine Uhrzeit ein, etwa 09:30."),
    "phone_sent": Text("Sent to {to}: {text}", "Inviato a {to}: {text}", "Gesendet an {to}: {text}"),
    "voice": Text("Said in the car", "Detto in vettura", "Im Fahrzeug gesagt"),
    "say_it": Text("Say", "Dire", "Sagen"),
}  # fmt: skip
