"""`vettura programs list|add|remove|rotate-key`"""

from __future__ import annotations

import argparse
import secrets

from vettura.launcher.django_setup import set_up
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places
from vettura.launcher.progress import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="print the programs that people can sign in to")
    add = actions.add_parser("add", help="make a program known, or change it")
    add.add_argument("id")
    add.add_argument("--name", required=True, help="what people read")
    add.add_argument("--redirect", action="append", default=[], help="where people come back to; may be repeated")
    add.add_argument("--logout-redirect", action="append", default=[], help="where they come back to after signing out")
    add.add_argument("--origin", action="append", default=[], help="pages whose scripts may ask for tokens")
    add.add_argument("--scope", action="append", help="what it may ask for; everything when left out")
    add.add_argument("--confidential", action="store_true", help="it can keep a secret, which is printed once")
    add.add_argument("--ours", action="store_true", help="a surface of this platform: nobody is asked for consent")
    add.add_argument("--may-introspect", action="store_true", help="an API that asks about tokens of all programs")
    remove = actions.add_parser("remove", help="forget a program and everything it holds")
    remove.add_argument("id")
    actions.add_parser("rotate-key", help="let the next key sign ID tokens")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    set_up()
    return {"list": _list, "add": _add, "remove": _remove, "rotate-key": _rotate}[options.action](options)


def _list(options: argparse.Namespace) -> int:
    from vettura.identity import queries

    for client in queries.clients():
        say(f"{client.id:<24}{client.type:<14}{client.name}  {' '.join(client.get_redirect_uris())}")
    return 0


def _add(options: argparse.Namespace) -> int:
    from vettura.foundation.errors import Refusal
    from vettura.identity import actions, rules

    if options.may_introspect and not options.confidential:
        raise LauncherError("An API that asks about tokens proves who it is: add --confidential.")
    secret = secrets.token_urlsafe(32) if options.confidential else None
    try:
        actions.register_client(
            client_id=options.id,
            name=options.name,
            redirect_uris=options.redirect,
            post_logout_redirect_uris=options.logout_redirect,
            origins=options.origin,
            scopes=options.scope or rules.SCOPES,
            secret=secret,
            is_ours=options.ours,
            may_introspect=options.may_introspect,
        )
    except Refusal as refusal:
        raise LauncherError(str(refusal)) from refusal
    say(f"{options.id} is known.")
    if secret:
        say(f"Its secret, which is not shown again: {secret}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    from vettura.identity import actions

    if not actions.remove_client(client_id=options.id):
        raise LauncherError(f"There is no program {options.id!r}.")
    say(f"{options.id} is forgotten, and its tokens are worth nothing.")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    from vettura.identity.adapters.keys import rotate_oidc_key

    if not rotate_oidc_key(Places.from_environment().keys_dir / "oidc.pem"):
        say("The next key is published from now on. Change over in an hour, when programs have read it.")
        return 0
    say("The next key signs from now on; the former one stays published until the next change.")
    return 0
