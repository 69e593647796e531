"""A new database is made in few steps, and one that is older gets there from wherever it stands (decision 0030)."""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models.signals import class_prepared

from vettura.foundation.migrating import Together

# The account was rendered 246 times before. When later migrations bring it here, they are to be squashed too.
OFTEN = 80
CONTEXTS = set(settings.CONTEXTS)


@contextmanager
def counted_renderings():
    """How often each model is made from its state."""
    counts = Counter()

    def count(sender, **_more):
        if sender.__module__ == "__fake__":  # as Django calls the module of rendered states
            counts[sender._meta.label] += 1

    class_prepared.connect(count)
    try:
        yield counts
    finally:
        class_prepared.disconnect(count)


def ours(nodes):
    return {(label, name) for label, name in nodes if label in CONTEXTS}


def number(name):
    return int(re.match(r"\d+", name)[0])


def former_plan():
    """The migrations that are not made of others, in the order in which they are applied when there are no others."""
    loader = MigrationLoader(None, replace_migrations=False)
    single = {key for key, migration in loader.disk_migrations.items() if not migration.replaces}
    order = {}
    for key in sorted(single):
        order |= dict.fromkeys(loader.graph.forwards_plan(key))
    return [*order]


def test_what_is_squashed_leaves_out_no_older_migration():
    loader = MigrationLoader(None, replace_migrations=False)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    newest = {}
    for label, name in replaced:
        newest[label] = max(newest.get(label, 0), number(name))

    left_out = {
        (label, name)
        for (label, name), migration in loader.disk_migrations.items()
        if not migration.replaces and number(name) <= newest.get(label, 0) and (label, name) not in replaced
    }

    assert ours(newest.items())
    assert ours(left_out) == set()


def test_a_new_database_renders_no_model_often():
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    plan = dict.fromkeys(key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf))

    with counted_renderings() as counts:
        for label, name in plan:
            for operation in loader.graph.nodes[label, name].operations:
                operation.state_forwards(label, state)
                assert state.apps  # as whoever makes the tables asks for them

    assert {model for model, count in counts.items() if count > OFTEN} == set()


@pytest.mark.django_db
def test_from_every_state_of_the_former_migrations_there_is_a_way():
    plan = former_plan()
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()

    for place, key in enumerate(plan, start=1):
        recorder.record_applied(*key)
        if key[0] not in CONTEXTS:
            continue
        executor = MigrationExecutor(connection)
        executor.check_replacements()  # as it is left by whoever migrates one context only
        executor.loader.check_consistent_history(connection)
        to_do = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        done_by_it = [
            old for migration in to_do for old in migration.replaces or [(migration.app_label, migration.name)]
        ]
        assert sorted(done_by_it) == sorted(plan[place:])
        recorder.migration_qs.filter(name__contains="_squashed_").delete()


@pytest.mark.django_db
def test_a_database_with_all_former_migrations_has_nothing_to_do():
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(name__contains="_squashed_").delete()
    assert {*recorder.applied_migrations()} == {*former_plan()}

    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    executor.migrate(targets)

    assert executor.migration_plan(targets) == []
    assert {*recorder.applied_migrations()} == {*executor.loader.disk_migrations}


KEY = ("id", models.BigAutoField(primary_key=True))


@pytest.fixture
def before():
    """A state in which there is one table."""
    state = ProjectState()
    migrations.CreateModel("Middle", [KEY]).state_forwards("foundation", state)
    return state


@pytest.fixture
def after(before, operation):
    state = before.clone()
    operation.state_forwards("foundation", state)
    return state


@pytest.fixture
def operation():
    """Two tables that point at each other, so neither could be made before the other, and a column that points at one of them."""
    return Together(
        [
            migrations.CreateModel("Left", [KEY, ("right", models.ForeignKey("foundation.right", models.CASCADE))]),
            migrations.CreateModel("Right", [KEY, ("left", models.ForeignKey("foundation.left", models.CASCADE))]),
            migrations.AddField("middle", "left", models.ForeignKey("foundation.left", models.CASCADE, null=True)),
        ]
    )


@pytest.fixture
def made(db, before, after, operation):
    """The tables stand."""
    with connection.schema_editor() as editor:
        editor.create_model(before.apps.get_model("foundation", "middle"))
    with connection.schema_editor() as editor:
        operation.database_forwards("foundation", editor, before, after)


def foreign_keys(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_relations(cursor, table)


@pytest.mark.usefixtures("made")
def test_tables_made_together_may_point_at_each_other():
    assert foreign_keys("foundation_left") == {"right_id": ("id", "foundation_right")}
    assert foreign_keys("foundation_right") == {"left_id": ("id", "foundation_left")}
    assert foreign_keys("foundation_middle") == {"left_id": ("id", "foundation_left")}


@pytest.mark.usefixtures("made")
def test_what_was_made_together_goes_together(before, after, operation):
    with connection.schema_editor() as editor:
        operation.database_backwards("foundation", editor, after, before)

    assert not {"foundation_left", "foundation_right"} & {*connection.introspection.table_names()}
    assert foreign_keys("foundation_middle") == {}


def test_models_are_rendered_once_for_all_that_is_done_together(before, operation):
    assert before.apps

    with counted_renderings() as counts:
        operation.state_forwards("foundation", before)
        assert counts == {}
        assert before.apps.get_model("foundation", "middle")._meta.get_field("left")

    assert counts == {"foundation.Left": 1, "foundation.Right": 1, "foundation.Middle": 1}


def test_what_is_done_together_is_told_one_by_one(operation):
    assert operation.describe() == "Create model Left; Create model Right; Add field left to middle"
