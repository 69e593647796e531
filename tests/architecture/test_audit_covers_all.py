"""Nothing that a person may have to answer for changes without a trace, and no reason that somebody gave is lost."""

import importlib
import inspect

import pytest
from django.apps import apps

from vettura.foundation import audit

CONTEXTS = ("identity", "vehicles", "partners", "billing", "assistance")
MODELS = [model for each in CONTEXTS for model in apps.get_app_config(each).get_models()]
# reasons that no person gives
OF_A_PROGRAM = {"vettura.vehicle_link.actions.reports.park_message": "why a car's message could not be read"}


def public_actions():
    for context in apps.get_app_configs():
        if not context.name.startswith("vettura."):
            continue
        try:
            face = importlib.import_module(f"{context.name}.actions")
        except ModuleNotFoundError:
            continue
        for name, function in vars(face).items():
            if (
                not name.startswith("_")
                and inspect.isfunction(function)
                and function.__module__.startswith(face.__name__)
            ):
                yield function


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_is_audited_or_says_why_not(model):
    is_audited = model in {each.model for each in audit.audited_models()}
    why_not = audit.left_out().get(model, "")

    assert is_audited != bool(why_not)


def test_a_model_that_is_left_out_says_why_in_words():
    assert [model._meta.label for model, why in audit.left_out().items() if len(why.split()) < 4] == []


def test_every_public_action_with_a_reason_is_kept_with_it():
    with_a_reason = {
        f"{each.__module__}.{each.__qualname__}"
        for each in public_actions()
        if "reason" in inspect.signature(each).parameters
    }

    assert with_a_reason >= {"vettura.identity.actions.consents.decide_consent"}
    assert with_a_reason - set(OF_A_PROGRAM) - audit.explained_actions() == set()
    assert set(OF_A_PROGRAM) <= with_a_reason
