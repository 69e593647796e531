"""Tokens of foreign apps, by the actions that their sign-in uses."""

from tests import identity_facts as facts

from vettura.compat import clients
from vettura.foundation import clock
from vettura.identity import actions


def token_for(person, *scopes: str) -> dict[str, str]:
    """The header of a foreign app that was granted these scopes."""
    client = clients.KNOWN["XhygisuebbrqQ80byOuU5VncxLIm8E6H"]
    known = actions.register_foreign_client(client_id=client.id, name=client.name, redirect_uri=client.redirect_uri)
    begun = actions.begin_foreign_sign_in(
        client=known,
        redirect_uri=client.redirect_uri,
        scopes=scopes or clients.SCOPES,
        code_challenge="",
        answer_state="",
    )
    actions.prove_person(state=begun.state, email=person.email, password=facts.PASSWORD, place="192.0.2.1")
    tokens = actions.redeem_foreign_code(
        client_id=client.id,
        code=actions.finish_foreign_sign_in(state=begun.state).code,
        redirect_uri=client.redirect_uri,
        verifier="",
        arrived_at=clock.real_now(),
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {tokens.access_token}"}
