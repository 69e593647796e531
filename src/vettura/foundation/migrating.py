"""How a new database is made cheaply: the operations of a squashed migration are one step."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Together(Operation):
    """
    Operations that are one step: the models are rendered once, when all of them are known.

    By themselves they cost the square of their number, because Django renders a model and every other that is related to it
    anew at each operation, and nearly all of ours hang on the account or the car (decision 0030). What may stand here together:
    tables in any order, which may point at each other, and changes of tables that were there before. Not what needs the work of
    another operation in here, as a column added to a table just made: that belongs into its CreateModel.
    """

    serialization_expand_args: ClassVar = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """This will forget the rendered models first, so that none is rendered until somebody asks for one."""
        vars(state).pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Each in its order, between the state before all and the state after all."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """The same, from the last to the first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate --plan` prints."""
        return "; ".join(operation.describe() for operation in self.operations)
