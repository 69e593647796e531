"""“Show me”: the head unit of the reader's car, on which the steps of an article are played one by one; see decision 0027."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vettura.catalog import queries as catalog
from vettura.help_center import queries
from vettura.help_center.portal.reader import car_of, choice, country_of, language_of_page, newest, own_cars, reader_of
from vettura_pack.show import Demonstration, Scene


class Step(NamedTuple):
    """One step on the page: what to do, in words, and the picture in which it is highlighted."""

    words: SafeString
    picture: SafeString


def _words(scene: Scene) -> SafeString:
    """What to do with what, as a sentence; keys and words of the screen look as they do there."""
    sentence = {
        "press": _("Press the key {label}."),
        "choose": _("Choose {label}."),
        "tick": _("Tick {label}."),
        "type": _("Enter: {label}"),
        "touch": _("On the screen: {label}"),
    }[scene.how]
    kind = "key" if scene.how == "press" else "chip"
    return format_html(sentence, label=format_html('<span class="{}">{}</span>', kind, scene.label))


def _steps(shown: Demonstration) -> list[Step]:
    # drawn by the pack's own code, which escapes every label
    steps = [Step(_words(scene), mark_safe(scene.picture)) for scene in shown.scenes]  # noqa: S308
    return [*steps, Step(format_html("{}", _("Done. This is how it looks then.")), mark_safe(shown.end))]  # noqa: S308


@require_safe
@newest
def show(request: HttpRequest, article_id: str) -> HttpResponse:
    """The steps of an article for one car: a player with a script, and without one the pictures one below the other."""
    language, country = language_of_page(), country_of(request)
    car = car_of(request, own_cars(request))
    for_ = reader_of(country, car)
    article = queries.article(article_id=article_id, language=language, for_=for_)
    found = queries.demonstrations(shown=article, for_=for_, language=language, start=_("Start"))
    wanted = request.GET.get("task", "")
    shown = next((each for each in found if each.task == wanted), found[0] if found else None)
    address = reverse("help_center:show", args=[article_id])
    cars = [each for each in catalog.generations() if queries.is_shown(article_id=article_id, generation=each.code)]
    return render(
        request,
        "help_center/show.html",
        {
            "article": article,
            "back": f"{reverse('help_center:article', args=[article_id])}?{choice(country, car)}",
            "car": car,
            "cars": [] if shown else cars,
            "country_code": country,
            "country_name": catalog.country(country).names[language],
            "steps": _steps(shown) if shown else [],
            "is_way_longer": any(scene.is_before for scene in shown.scenes) if shown else False,
            "ways": [(f"{address}?{choice(country, car)}&task={each.task}", each.name, each is shown) for each in found]
            if len(found) > 1
            else [],
        },
    )


urlpatterns = [path("<slug:article_id>/show/", show, name="show")]
