import time

from vettura.launcher.supervisor import Supervisor


def test_a_process_that_ends_is_reported_and_started_again_after_a_growing_pause(tmp_path):
    said = []
    supervisor = Supervisor(tmp_path, {}, said.append)
    supervisor.start("odd", ["no-such-command"])
    give_up_at = time.monotonic() + 30
    while len(said) < 3:
        assert time.monotonic() < give_up_at, said
        supervisor.look()
        time.sleep(0.02)
    supervisor.stop()

    log = tmp_path / "odd.log"
    assert said == [
        f"odd ended (exit code 2); it starts again in 1 s. What it said: {log}",
        "odd runs again.",
        f"odd ended (exit code 2); it starts again in 2 s. What it said: {log}",
    ]
    assert supervisor.process_ids() == {"odd": None}
