"""State reports per second that reach the twin, beside COPY and upsert of the same rows alone."""

import asyncio
import time
from datetime import timedelta

import msgspec
import nats
import psycopg

from bench.stage import Stage
from vettura_wire import payloads, signals, topics
from vettura_wire.clock import real_now

BATCH = 500
PATHS = [
    signals.STATE_OF_CHARGE,
    signals.MILEAGE,
    signals.CABIN_TEMPERATURE,
    signals.OUTSIDE_TEMPERATURE,
    signals.LATITUDE,
    signals.LONGITUDE,
    signals.HEADING,
    signals.SPEED,
    signals.TARGET_TEMPERATURE,
    signals.CHARGE_LIMIT,
]
UPSERT = """
    INSERT INTO vehicle_link_signal AS signal (vehicle_id, path, value, measured_at, received_at)
    SELECT DISTINCT ON (vehicle.id, row.path) vehicle.id, row.path, row.value, row.measured_at, now()
    FROM bench_signal row JOIN vehicles_vehicle vehicle ON vehicle.vin = row.vin
    ORDER BY vehicle.id, row.path, row.measured_at DESC
    ON CONFLICT (vehicle_id, path) DO UPDATE
    SET value = excluded.value, measured_at = excluded.measured_at, received_at = excluded.received_at
    WHERE signal.measured_at < excluded.measured_at
"""


def reports(stage: Stage, count: int) -> list[tuple[str, payloads.State]]:
    """State reports of all cars in turn, each newer than the one before."""
    start = real_now() - timedelta(seconds=count // 100)
    return [
        (
            stage.vins[number % len(stage.vins)],
            payloads.State(
                seq=number,
                measured_at=start + timedelta(milliseconds=number),
                values={path: (number % 80 if path == signals.CHARGE_LIMIT else number / 7) for path in PATHS},
            ),
        )
        for number in range(count)
    ]


def copy_and_upsert(stage: Stage, given: list[tuple[str, payloads.State]]) -> float:
    """Reports per second that the database takes when the rows are there already, in batches of the same size."""
    encode = msgspec.json.encode
    batches = [
        [
            (vin, path, encode(value).decode(), state.measured_at)
            for vin, state in given[first : first + BATCH]
            for path, value in state.values.items()
        ]
        for first in range(0, len(given), BATCH)
    ]
    with psycopg.connect(stage.database_url) as connection:
        connection.execute("CREATE TEMP TABLE bench_signal (vin text, path text, value jsonb, measured_at timestamptz)")
        connection.commit()
        began = time.perf_counter()
        for rows in batches:
            with connection.cursor() as cursor, cursor.copy("COPY bench_signal FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            connection.execute(UPSERT)
            connection.execute("DELETE FROM bench_signal")
            connection.commit()
        seconds = time.perf_counter() - began
        connection.execute("DELETE FROM vehicle_link_signal")
        connection.commit()
    return len(given) / seconds


async def fill_stream(stage: Stage, given: list[tuple[str, payloads.State]]) -> None:
    """This will put the reports where the MQTT gateway puts what cars send."""
    connection = await nats.connect(
        stage.nats_url, nkeys_seed_str=(stage.keys_dir / "nats-platform.seed").read_text().strip()
    )
    for number, (vin, state) in enumerate(given):
        subject = "$MQTT.msgs." + topics.to_subject(topics.up(vin, topics.STATE))
        await connection.publish(subject, payloads.encode(state), headers={"Nmqtt-Pub": "1"})
        if number % 1000 == 0:
            await connection.flush()
    await connection.flush()
    await connection.close()


async def drained_per_second(stage: Stage, *, patience: float = 120) -> float:
    """Reports per second from the first acknowledged batch until nothing is left."""
    connection = await nats.connect(
        stage.nats_url, nkeys_seed_str=(stage.keys_dir / "nats-platform.seed").read_text().strip()
    )
    jetstream = connection.jetstream()
    give_up_at = time.perf_counter() + patience
    first: tuple[float, int] | None = None
    try:
        while time.perf_counter() < give_up_at:
            info = await jetstream.consumer_info("$MQTT_msgs", "vettura-link")
            left, now = info.num_pending + info.num_ack_pending, time.perf_counter()
            if first is None and info.num_ack_pending:
                first = (now, left)
            if first is not None and left == 0:
                return first[1] / (now - first[0])
            await asyncio.sleep(0.02)
    finally:
        await connection.close()
    raise TimeoutError("the link did not drain the stream")
