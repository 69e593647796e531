"""What the connection assistant says, in three languages. Why there is no connection stands in ``texts_network``."""

from vettura_car.texts_network import Text

ASSISTANT_TEXTS: dict[str, Text] = {
    "first_cause": Text("First cause", "Prima causa", "Erste Ursache"),
    "in_order": Text("In order", "In ordine", "In Ordnung"),
    "all_in_order": Text("Nothing to do.", "Nulla da fare.", "Nichts zu tun."),
    "the_portal": Text("the portal", "il portale", "das Portal"),
    "the_support": Text("Support", "Assistenza", "Support"),
    # the symbol
    "corner_top_right": Text("at the top right", "in alto a destra", "oben rechts"),
    "corner_bottom_left": Text("at the bottom left", "in basso a sinistra", "unten links"),
    "symbol_there": Text(
        "{label} stands {corner}: the car is on the Internet.",
        "{label} appare {corner}: la vettura è collegata a Internet.",
        "{label} steht {corner}: Das Fahrzeug ist im Internet.",
    ),
    "symbol_missing": Text(
        "No Internet: neither E, 3G, LTE nor WiFi stands {corner}.",
        "Nessun Internet: {corner} non appare né E, né 3G, LTE o WiFi.",
        "Kein Internet: Weder E, 3G, LTE noch WiFi steht {corner}.",
    ),
    # no Internet
    "check_card_in_reader": Text(
        "A SIM card is in the reader. Remove it: the integrated SIM then takes over.",
        "Nel lettore c’è una scheda SIM. Rimuoverla: subentra la SIM integrata.",
        "Im Kartenleser steckt eine SIM-Karte. Nehmen Sie sie heraus: Dann übernimmt die integrierte SIM.",
    ),
    # contracts
    "check_not_linked": Text(
        "The main user is not linked to this car. Enter the pairing code.",
        "L’utente principale non è associato alla vettura. Immettere il codice di associazione.",
        "Der Hauptnutzer ist nicht mit dem Fahrzeug verbunden. Geben Sie den Kopplungscode ein.",
    ),
    "check_no_contract": Text(
        "These services have no active contract. Accept or order it in {portal}.",
        "Questi servizi non hanno un contratto attivo. Accettarlo o ordinarlo in {portal}.",
        "Für diese Dienste gibt es keinen aktiven Vertrag. Nehmen Sie ihn in {portal} an oder bestellen Sie ihn.",
    ),
    "check_restart_needed": Text(
        "These services are ready after the next restart with a connection.",
        "Questi servizi sono pronti dopo il prossimo riavvio con connessione.",
        "Diese Dienste sind nach dem nächsten Neustart mit Verbindung bereit.",
    ),
    "check_ended": Text(
        "The contracts of these services have ended. Renew them in {portal}.",
        "I contratti di questi servizi sono scaduti. Rinnovarli in {portal}.",
        "Die Verträge dieser Dienste sind abgelaufen. Verlängern Sie sie in {portal}.",
    ),
    "check_privacy_on": Text(
        "Privacy mode keeps these services from running. Switch it off for them.",
        "La Modalità Privacy sospende questi servizi. Disattivarla.",
        "Der Privatmodus hält diese Dienste an. Schalten Sie ihn dafür aus.",
    ),
    "check_guest_no_remote": Text(
        "These services are not for guests. End the guest mode.",
        "Questi servizi non sono disponibili per gli ospiti. Terminare la Modalità ospite.",
        "Diese Dienste gibt es nicht für Gäste. Beenden Sie den Gastmodus.",
    ),
    "check_assignment_needed": Text(
        "These services are only for users of this car. Its main user can add you in {portal}.",
        "Questi servizi sono riservati agli utenti della vettura. L’utente principale può aggiungerLa in {portal}.",
        "Diese Dienste sind nur für Nutzer dieses Fahrzeugs. Der Hauptnutzer kann Sie in {portal} hinzufügen.",
    ),
    "check_remote_access_missing": Text(
        "The main user has not granted remote access.",
        "L’utente principale non ha concesso l’accesso remoto.",
        "Der Hauptnutzer hat keinen Fernzugriff gewährt.",
    ),
    "check_valid": Text(
        "Services with a valid contract are there. The list shows how long they run.",
        "Ci sono servizi con contratto valido. L’elenco ne mostra la durata.",
        "Es gibt Dienste mit gültigem Vertrag. Die Liste zeigt, wie lange sie laufen.",
    ),
    "today_is": Text("Today: {date}.", "Oggi: {date}.", "Heute: {date}."),
    "check_support": Text(
        "If none of it fits, Support helps.",
        "Se nulla corrisponde, rivolgersi all’assistenza.",
        "Wenn nichts davon passt, hilft der Support.",
    ),
    # slow
    "check_indicator": Text(
        "The indicator shows {label}.", "L’indicatore mostra {label}.", "Die Anzeige zeigt {label}."
    ),
    "check_indicator_none": Text(
        "The indicator shows no connection.", "L’indicatore non mostra alcuna connessione.", "Die Anzeige zeigt keine Verbindung."
    ),
    "check_first_connect": Text(
        "First make a connection.", "Stabilire prima una connessione.", "Stellen Sie zuerst eine Verbindung her."
    ),
    "check_better_network": Text(
        "The network is slow. For best use, 3G or LTE is recommended: it often comes back after a few kilometers.",
        "La rete è lenta. Per un uso ottimale si consiglia 3G o LTE: spesso ritorna dopo pochi chilometri.",
        "Das Netz ist langsam. Empfohlen wird 3G oder LTE: Nach einigen Kilometern ist es oft wieder da.",
    ),
    "check_good_network": Text(
        "The network is good enough. Loading can still take longer at times.",
        "La rete è adeguata. A volte il caricamento può comunque richiedere più tempo.",
        "Das Netz ist gut genug. Manchmal dauert das Laden trotzdem länger.",
    ),
    # calls only
    "check_bluetooth": Text(
        "Join the phone by Bluetooth.", "Collegare il telefono via Bluetooth.", "Verbinden Sie das Telefon über Bluetooth."
    ),
    "check_bluetooth_fine": Text(
        "A phone is joined by Bluetooth.", "Un telefono è collegato via Bluetooth.", "Ein Telefon ist über Bluetooth verbunden."
    ),
    "check_phone_hotspot_off": Text(
        "Switch off the hotspot in the phone.", "Disattivare l’hotspot nel telefono.", "Schalten Sie den Hotspot im Telefon aus."
    ),
    "check_phone_hotspot_off_fine": Text(
        "No hotspot of a phone is on.", "Nessun hotspot del telefono è attivo.", "Kein Hotspot eines Telefons ist eingeschaltet."
    ),
    "check_no_phone_data": Text(
        "Refuse the use of the phone’s data.",
        "Rifiutare l’uso dei dati del telefono.",
        "Lehnen Sie die Nutzung der Daten des Telefons ab.",
    ),
    "check_no_phone_data_fine": Text(
        "The phone’s data are not used.", "I dati del telefono non vengono usati.", "Die Daten des Telefons werden nicht genutzt."
    ),
    # abroad
    "check_no_charge": Text(
        "The integrated SIM causes no roaming charge.",
        "La SIM integrata non comporta costi di roaming.",
        "Durch die integrierte SIM entstehen keine Roaminggebühren.",
    ),
    "check_roaming_option": Text(
        "Take a roaming option with included volume.",
        "Si consiglia un’opzione roaming con volume incluso.",
        "Empfohlen wird eine Roaming-Option mit Inklusivvolumen.",
    ),
    "check_roaming_automatic": Text(
        "Roaming switches itself on.", "Il roaming si attiva automaticamente.", "Roaming schaltet sich von selbst ein."
    ),
    "check_roaming_in_car": Text(
        "Switch roaming on in the car to use data abroad.",
        "Attivare il roaming nella vettura per usare i dati all’estero.",
        "Schalten Sie Roaming im Fahrzeug ein, um Daten im Ausland zu nutzen.",
    ),
    "check_roaming_in_car_fine": Text(
        "Roaming is on in the car.", "Il roaming è attivo nella vettura.", "Roaming ist im Fahrzeug eingeschaltet."
    ),
    "check_roaming_in_phone": Text(
        "Switch roaming on in the phone, too.", "Attivare il roaming anche nel telefono.", "Schalten Sie Roaming auch im Telefon ein."
    ),
    "check_roaming_in_phone_fine": Text(
        "Roaming is on in the phone.", "Il roaming è attivo nel telefono.", "Roaming ist im Telefon eingeschaltet."
    ),
    # who helps
    "contact_mobile_operator": Text(
        "Your mobile operator helps.", "Rivolgersi al proprio operatore.", "Ihr Mobilfunkanbieter hilft."
    ),
    "contact_support": Text("{support}: {phone}", "{support}: {phone}", "{support}: {phone}"),
}  # fmt: skip
