"""Whoever waits for the broker may be told to stop, and leaves nothing behind."""

import asyncio

from vettura.vehicle_link.adapters import nats


def test_who_is_told_to_stop_while_the_broker_is_silent_leaves_no_line_open(nats_server, settings):
    async def try_and_give_up() -> bytes:
        came: asyncio.Queue[asyncio.StreamReader] = asyncio.Queue()

        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await came.put(reader)
            await reader.read()
            writer.close()

        silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        settings.VETTURA_NATS_URL = f"nats://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
        waiting = asyncio.create_task(nats.connect_patiently(name="somebody"))
        line = await asyncio.wait_for(came.get(), 10)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        heard = await asyncio.wait_for(line.read(), 10)
        silent.close()
        return heard

    # the end of the line, and not a word
    assert asyncio.run(try_and_give_up()) == b""
