"""What head unit and switches say about the map, in three languages."""

from vettura_car.texts_network import Text

MAP_TEXTS: dict[str, Text] = {
    "map": Text("Map", "Mappa", "Karte"),
    "map_of": Text("Map. The car is on {road}.", "Mappa. La vettura è in {road}.", "Karte. Das Fahrzeug ist hier: {road}."),
    "map_without_road": Text(
        "Map. The car is on no road of this map.",
        "Mappa. La vettura non è su una strada della mappa.",
        "Karte. Das Fahrzeug ist auf keiner Straße dieser Karte.",
    ),
    "off_the_map": Text("No road here", "Nessuna strada qui", "Hier keine Straße"),
    "map_shows": Text("{meters} across", "larghezza {meters}", "{meters} breit"),
    "traffic_shown": Text("Traffic: {slow} slow, {jam} jammed", "Traffico: {slow} rallentamenti, {jam} code", "Verkehr: {slow} zäh, {jam} Stau"),
    "traffic_needs": Text("No traffic data: {reason}", "Nessun dato sul traffico: {reason}", "Keine Verkehrsdaten: {reason}"),
    "satellite_needs": Text("No pictures from above: {reason}", "Nessuna immagine dall’alto: {reason}", "Keine Bilder von oben: {reason}"),
    "to_connection": Text("Connection", "Connessione", "Verbindung"),
    "simulated_picture": Text("Simulated picture", "Immagine simulata", "Simuliertes Bild"),
    "close_street_view": Text("Back to the map", "Torna alla mappa", "Zurück zur Karte"),
    "street_view_of": Text("View from the road: {road}", "Vista dalla strada: {road}", "Ansicht von der Straße: {road}"),
    "street_view_off": Text(
        "There is a view from the road only on the map of pictures from above.",
        "La vista dalla strada è disponibile solo con le immagini dall’alto.",
        "Die Ansicht von der Straße gibt es nur auf der Karte mit Bildern von oben.",
    ),
    "street_not_covered": Text(
        "There are no pictures from this road.",
        "Non ci sono immagini di questa strada.",
        "Von dieser Straße gibt es keine Bilder.",
    ),
    "street_view_while_driving": Text(
        "In this country the view from the road is not available while driving.",
        "In questo Paese la vista dalla strada non è disponibile durante la marcia.",
        "In diesem Land ist die Ansicht von der Straße während der Fahrt nicht verfügbar.",
    ),
    "no_road": Text(
        "There is no road of this map here.", "Qui non c’è una strada della mappa.", "Hier ist keine Straße dieser Karte."
    ),
    # map updates
    "map_packages": Text("What is to be updated", "Che cosa aggiornare", "Was aktualisiert wird"),
    "map_regions": Text("Regions", "Regioni", "Regionen"),
    "regions_chosen": Text("{count} of {limit} chosen", "{count} di {limit} scelte", "{count} von {limit} gewählt"),
    "map_version": Text("Version {version}", "Versione {version}", "Version {version}"),
    "map_version_new": Text("{version} → {newest}", "{version} → {newest}", "{version} → {newest}"),
    "map_is_current": Text("This map is up to date.", "Questa mappa è aggiornata.", "Diese Karte ist aktuell."),
    "choose_package": Text("Choose what is to be updated.", "Scegliere che cosa aggiornare.", "Wählen Sie, was aktualisiert werden soll."),
    "choose_region": Text("Choose at least one region.", "Scegliere almeno una regione.", "Wählen Sie mindestens eine Region."),
    "too_many_regions": Text(
        "One update takes at most {limit} regions. For more, see a {partner}.",
        "Un aggiornamento comprende al massimo {limit} regioni. Per altre, rivolgersi a: {partner}.",
        "Ein Update umfasst höchstens {limit} Regionen. Für weitere: {partner}.",
    ),
    "map_update_running": Text(
        "An update is being loaded already.", "Un aggiornamento è già in corso.", "Es wird schon ein Update geladen."
    ),
    "map_loading": Text("Map {version} is being loaded", "Caricamento della mappa {version}", "Karte {version} wird geladen"),
    "map_loaded": Text("{loaded} of {all} MB", "{loaded} di {all} MB", "{loaded} von {all} MB"),
    "map_paused": Text("Paused: {reason}", "In pausa: {reason}", "Angehalten: {reason}"),
    "unit_is_off": Text("The head unit is off.", "L’unità centrale è spenta.", "Der Bordcomputer ist aus."),
    "wifi_advised": Text(
        "A WiFi network is recommended for map updates: they are large.",
        "Per gli aggiornamenti delle mappe si consiglia una rete WiFi: sono di grandi dimensioni.",
        "Für Kartenupdates wird ein WLAN empfohlen: Sie sind groß.",
    ),
    "cancel_update": Text("Cancel", "Annulla", "Abbrechen"),
    "map_found": Text(
        "A new map is available: {version} ({regions}, {megabytes} MB)",
        "È disponibile una nuova mappa: {version} ({regions}, {megabytes} MB)",
        "Eine neue Karte ist da: {version} ({regions}, {megabytes} MB)",
    ),
    "map_done": Text("The map is now version {version}.", "La mappa è ora alla versione {version}.", "Die Karte hat jetzt Version {version}."),
    "update_now": Text("Update", "Aggiorna", "Aktualisieren"),
    "not_now": Text("Not now", "Non ora", "Nicht jetzt"),
    "understood": Text("OK", "OK", "OK"),
    # the switches
    "on_the_road": Text("On the road", "In viaggio", "Auf der Straße"),
    "drives_at": Text("Speed in km/h", "Velocità in km/h", "Geschwindigkeit in km/h"),
    "along_the_road": Text("Along {road}", "Lungo {road}", "Entlang {road}"),
    "other_road": Text("Other road", "Altra strada", "Andere Straße"),
    "put_car_here": Text(
        "Put the car elsewhere by touching the map",
        "Toccare la mappa per spostare la vettura",
        "Fahrzeug durch Berühren der Karte versetzen",
    ),
}  # fmt: skip
