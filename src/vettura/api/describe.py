"""`python -m vettura.api.describe`: writes `docs/api/openapi.json` anew, so that a change of the API shows in review."""

import json
import os
from pathlib import Path

TARGET = Path(__file__).resolve().parents[3] / "docs" / "api" / "openapi.json"


def description() -> str:
    """The OpenAPI description as it is committed."""
    from vettura.api.shell import api  # needs Django set up

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, indent=2, ensure_ascii=False, default=str) + "\n"


def main() -> None:
    """This will write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")
    import django

    django.setup()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(description())


if __name__ == "__main__":
    main()
