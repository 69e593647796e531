"""What the head unit says about places and guidance, in three languages."""

from vettura_car.texts_network import Text

DESTINATION_TEXTS: dict[str, Text] = {
    # lists
    "no_destinations": Text(
        "No destinations yet. They come from the portal once you update the lists there for this vehicle.",
        "Ancora nessuna destinazione. Arrivano dal portale quando lì si aggiornano gli elenchi per questa vettura.",
        "Noch keine Ziele. Sie kommen aus dem Portal, sobald Sie dort die Listen für dieses Fahrzeug aktualisieren.",
    ),
    "no_own_poi": Text(
        "No personal destinations yet. They come from the portal, or from the app when the phone is in the car’s hotspot.",
        "Ancora nessuna destinazione personale. Arrivano dal portale, o dall’app quando il telefono è nell’hotspot della vettura.",
        "Noch keine persönlichen Ziele. Sie kommen aus dem Portal oder von der App, wenn das Telefon im Hotspot des Fahrzeugs ist.",
    ),
    "load_first": Text(
        "Load them first: options, load data, online update.",
        "Caricarle prima: opzioni, ricarica dati, aggiornamento online.",
        "Laden Sie sie zuerst: Optionen, Daten laden, Online-Update.",
    ),
    "loaded_at": Text("Loaded at {time}", "Caricate alle {time}", "Geladen um {time}"),
    "not_refreshed": Text(
        "Not connected: the list is not refreshed.",
        "Non connesso: l’elenco non viene aggiornato.",
        "Nicht verbunden: Die Liste wird nicht aktualisiert.",
    ),
    "not_refreshed_private": Text(
        "Privacy mode: the list is not refreshed.",
        "Modalità Privacy: l’elenco non viene aggiornato.",
        "Privatmodus: Die Liste wird nicht aktualisiert.",
    ),
    "changes_wait": Text(
        "Your changes are sent when there is a connection.",
        "Le modifiche vengono inviate appena c’è una connessione.",
        "Ihre Änderungen werden gesendet, sobald eine Verbindung besteht.",
    ),
    "guest_no_lists": Text(
        "A guest has no personal lists.",
        "Un ospite non ha elenchi personali.",
        "Ein Gast hat keine persönlichen Listen.",
    ),
    "visitor_no_lists": Text(
        "Lists are kept for the users of this vehicle.",
        "Gli elenchi sono riservati agli utenti di questa vettura.",
        "Listen gibt es für die Nutzer dieses Fahrzeugs.",
    ),
    # one entry
    "destination": Text("Destination", "Destinazione", "Ziel"),
    "new_destination": Text("New destination", "Nuova destinazione", "Neues Ziel"),
    "place_edit": Text("Edit", "Modifica", "Bearbeiten"),
    "place_delete": Text("Delete", "Elimina", "Löschen"),
    "place_delete_question": Text(
        "It is deleted in the portal too.", "Viene eliminata anche nel portale.", "Es wird auch im Portal gelöscht."
    ),
    "save_here": Text("Save where I am", "Memorizza la posizione", "Standort speichern"),
    "place_name": Text("Name", "Nome", "Name"),
    "place_address": Text("Address", "Indirizzo", "Adresse"),
    "place_latitude": Text("Latitude", "Latitudine", "Breite"),
    "place_longitude": Text("Longitude", "Longitudine", "Länge"),
    "place_note": Text("Note", "Nota", "Notiz"),
    "no_position": Text(
        "This entry has an address only. Add its position in the portal.",
        "Questa voce ha solo un indirizzo. Aggiungere la posizione nel portale.",
        "Dieser Eintrag hat nur eine Adresse. Ergänzen Sie die Position im Portal.",
    ),
    "no_destination": Text(
        "This destination is no longer on the unit.",
        "Questa destinazione non è più nell’unità.",
        "Dieses Ziel ist nicht mehr im Gerät.",
    ),
    "destination_unfit": Text(
        "Give a name, and an address or a position in degrees.",
        "Indicare un nome e un indirizzo o una posizione in gradi.",
        "Geben Sie einen Namen an, und eine Adresse oder eine Position in Grad.",
    ),
    "list_full": Text("The list is full.", "L’elenco è pieno.", "Die Liste ist voll."),
    # guidance
    "guidance": Text("Guidance", "Navigazione", "Zielführung"),
    "start_guidance": Text("Start guidance", "Avvia navigazione", "Zielführung starten"),
    "end_guidance": Text("End guidance", "Termina navigazione", "Zielführung beenden"),
    "no_guidance": Text(
        "No guidance. Choose a destination.",
        "Nessuna navigazione. Scegliere una destinazione.",
        "Keine Zielführung. Wählen Sie ein Ziel.",
    ),
    "guided_to": Text("Guidance to {name}", "Navigazione verso {name}", "Zielführung nach {name}"),
    "arrived": Text("You have arrived.", "Destinazione raggiunta.", "Sie sind am Ziel."),
    "straight_line": Text("straight line", "in linea d’aria", "Luftlinie"),
    "by_road": Text("by road, about", "su strada, circa", "auf der Straße, etwa"),
    "arrival": Text("arrival, about", "arrivo, circa", "Ankunft, etwa"),
    "place_direction": Text("direction", "direzione", "Richtung"),
    "to_north": Text("north", "nord", "Norden"),
    "to_north_east": Text("north-east", "nord-est", "Nordosten"),
    "to_east": Text("east", "est", "Osten"),
    "to_south_east": Text("south-east", "sud-est", "Südosten"),
    "to_south": Text("south", "sud", "Süden"),
    "to_south_west": Text("south-west", "sud-ovest", "Südwesten"),
    "to_west": Text("west", "ovest", "Westen"),
    "to_north_west": Text("north-west", "nord-ovest", "Nordwesten"),
    # the panel
    "has_app": Text("App is open", "App aperta", "App ist offen"),
}
