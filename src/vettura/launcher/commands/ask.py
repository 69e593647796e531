"""`vettura ask "…"`: what the help center answers, for somebody's car and country."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json

from vettura.launcher.django_setup import set_up
from vettura.launcher.errors import LauncherError
from vettura.launcher.progress import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("question", help="in your own words")
    parser.add_argument("--lang", default="en", choices=("en", "it", "de"), help="language of question and answer")
    parser.add_argument("--vin", default="", help="the car that is asked about")
    parser.add_argument("--account", default="", help="e-mail address of whoever asks; with --vin, one of their cars")
    parser.add_argument("--country", default="", help="ISO code; without it the person's or the car's country")
    parser.add_argument("--json", action="store_true", help="everything, as the API gives it")


def run(options: argparse.Namespace) -> int:
    """Print the answer."""
    set_up()
    queries = importlib.import_module("vettura.help_center.queries")  # models can be imported only now
    importlib.import_module("vettura.help_center.queries.edits").see_edits()
    errors = importlib.import_module("vettura.foundation.errors")
    identity = importlib.import_module("vettura.identity.queries")
    account = identity.find_by_email(email=options.account) if options.account else None
    if options.account and account is None:
        raise LauncherError("Nobody has this e-mail address.")
    try:
        reader = queries.reader_of(
            account=account, vin=options.vin, language=options.lang, country=options.country.upper()
        )
    except errors.NotFound as error:
        raise LauncherError("There is no such car or country, or the car is not theirs.") from error
    asked = queries.ask(question=options.question, language=options.lang, for_=reader)
    if asked.article is None:
        actions = importlib.import_module("vettura.help_center.actions")
        actions.count_unanswered(question=options.question, language=options.lang, way="command")
    if options.json:
        say(json.dumps(dataclasses.asdict(asked), ensure_ascii=False, indent=2))
        return 0
    say(asked.answer)
    if asked.path:
        say("  " + " > ".join(asked.path))
    if asked.contact:
        say("  " + ", ".join(each for each in (asked.contact.name, asked.contact.phone, asked.contact.cost) if each))
    if asked.article:
        say(f"  /help/{asked.article}/")
    return 0
