"""What the head unit says of help after a breakdown."""

from vettura_car.texts_network import Text

ROADSIDE_TEXTS: dict[str, Text] = {
    "roadside_help": Text("Breakdown", "Guasto", "Panne"),
    "call_help": Text("Call help", "Chiama soccorso", "Hilfe rufen"),
    "call_help_off": Text("Call off help", "Annulla soccorso", "Hilfe abbestellen"),
    "help_on_its_way": Text("Help was called already", "Il soccorso è già stato chiamato", "Hilfe wurde schon gerufen"),
    "help_received": Text(
        "Your call has arrived: you are called back",
        "La Sua chiamata è arrivata: La richiamiamo",
        "Ihr Ruf ist angekommen: Sie werden zurückgerufen",
    ),
    "help_in_progress": Text(
        "Help is coming: Assistance works on your call",
        "Il soccorso arriva: l’assistenza segue la Sua chiamata",
        "Hilfe kommt: Die Assistance bearbeitet Ihren Ruf",
    ),
    "help_done": Text("Your call is closed", "La Sua chiamata è chiusa", "Ihr Ruf ist abgeschlossen"),
    "help_cancelled": Text("Help was called off", "Il soccorso è stato annullato", "Die Hilfe wurde abbestellt"),
}
