"""Forms of the car's page: what is pressed on it does something."""

from vettura_pack.markup import Html, el


def act(name: str, *content: "Html | str | int | None", class_: str | None = None) -> Html:
    """This will write a form that does one act of the car."""
    return el("form", *content, method="post", action=f"/do/{name}", class_=class_)
