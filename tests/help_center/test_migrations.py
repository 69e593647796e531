"""What a database of before becomes."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from vettura.help_center.models import IndexedName

MIGRATION = import_module("vettura.help_center.migrations.0008_what_was_filled").Migration
TYPE_OF_KEYS = """
    SELECT format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'help_center_indexedname'::regclass AND attname = 'keys'
"""


@pytest.mark.django_db
@pytest.mark.parametrize("was", ["text[]", "integer[]"])
def test_keys_of_names_become_numbers_whatever_they_were_and_their_rows_are_filled_in_anew(was):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE help_center_indexedname")
        cursor.execute(f"ALTER TABLE help_center_indexedname ALTER COLUMN keys TYPE {was} USING keys::{was}")
        keys = "{key,card}" if was == "text[]" else "{1,2}"
        cursor.execute(
            "INSERT INTO help_center_indexedname (language, number, keys, tokens) VALUES ('en', 0, %s, '[]')", [keys]
        )
        with connection.schema_editor(atomic=False) as editor:
            MIGRATION.operations[0].database_forwards("help_center", editor, apps, apps)
        cursor.execute(TYPE_OF_KEYS)

        assert cursor.fetchall() == [("integer[]",)]
    assert not IndexedName.objects.exists()
