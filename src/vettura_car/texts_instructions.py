"""What the head unit says about where more is written, in three languages. The pointers themselves stand in the pack."""

from vettura_car.texts_network import Text

INSTRUCTION_TEXTS: dict[str, Text] = {
    "more_about_this": Text("More about this", "Ulteriori informazioni", "Mehr dazu"),
    "in_vehicle_instructions": Text(
        "Vehicle instructions, {model}", "Istruzioni della vettura, {model}", "Fahrzeuganleitung, {model}"
    ),
    "in_connect_instructions": Text(
        "{brand} instructions", "Istruzioni {brand}", "{brand} Anleitung"
    ),
    "at_mobile_operator": Text("Your mobile operator", "Il proprio operatore", "Ihr Mobilfunkanbieter"),
    "at_partner": Text("Your partner", "Il partner", "Ihr Partner"),
    "connected_services": Text("Services", "Servizi", "Dienste"),
    "manual_digital": Text(
        "The instructions of this vehicle are there as PDF. A PDF reader is needed for them, such as Adobe Acrobat Reader.",
        "Le istruzioni di questa vettura sono in formato PDF. Per leggerle serve un lettore PDF, come Adobe Acrobat Reader.",
        "Die Anleitung dieses Fahrzeugs gibt es als PDF. Dafür braucht man ein Programm für PDF wie Adobe Acrobat Reader.",
    ),
    "manual_printed": Text(
        "The instructions of this vehicle are printed and lie in the car.",
        "Le istruzioni di questa vettura sono stampate e si trovano a bordo.",
        "Die Anleitung dieses Fahrzeugs ist gedruckt und liegt im Fahrzeug.",
    ),
}  # fmt: skip
