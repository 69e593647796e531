"""A short run of the soak: commands on a bad network while every process is killed and started again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ZEROS = (
    "executed twice",
    "executed after expiry",
    "carried out and denied",
    "without terminal state",
    "wrong state shown",
)


@pytest.mark.timeout(400)
@pytest.mark.rule("C-62", "C-74")
def test_whatever_goes_wrong_no_command_is_carried_out_twice_or_late_or_shown_wrongly():
    soak = [sys.executable, "-m", "bench", "--only", "soak", "--commands", "120"]

    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VETTURA_", "DJANGO_"))}

    run = subprocess.run(soak, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=380, check=False)

    counted = {name: re.search(rf"{name} +(\d+)$", run.stdout, re.MULTILINE) for name in ZEROS}
    assert {name: found and found[1] for name, found in counted.items()} == dict.fromkeys(ZEROS, "0"), run.stderr
    assert re.search(r"\bdone [1-9]", run.stdout)
    assert run.returncode == 0
