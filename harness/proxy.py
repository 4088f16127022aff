"""A TCP proxy between clients and server that cuts, stalls, half-opens, and cuts after the server answered."""

import asyncio
import contextlib
import enum
import random
import socket
import struct
import threading


class Fault(enum.Enum):
    NONE = "passes everything"
    CUT = "resets the connection before the server hears of it"
    STALL = "stops passing anything on, and leaves both ends open"
    TRUNCATE = "passes on half of what the server answers, then closes the connection"
    CUT_AFTER_COMMIT = "lets the server answer, then resets the connection without passing the answer on"


class Proxy:
    """Listens on `port` and forwards to `target`. A random entry of `faults` applies to each chunk of a request."""

    def __init__(self, target: int, seed: int = 0) -> None:
        self.target, self.dice = target, random.Random(seed)
        self.faults: list[Fault] = [Fault.NONE]
        # In each direction; None is unlimited.
        self.bytes_per_second: int | None = None
        self.hits: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self.open: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)
        self.port: int = self.server.sockets[0].getsockname()[1]

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def _accept(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        self.open.add(near_out)
        with contextlib.suppress(asyncio.CancelledError):
            await self._serve(near, near_out)
        self.open.discard(near_out)

    def end_all(self, *, reset: bool) -> None:
        """End every current connection, with RST or FIN. New ones are forwarded."""

        async def end() -> None:
            for writer in list(self.open):
                _reset(writer) if reset else writer.close()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)

    def close(self) -> None:
        async def end() -> None:
            self.server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            # Closed connections disappear one loop iteration later.
            await asyncio.sleep(0.1)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _serve(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        try:
            far, far_out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(near_out)
            return
        drawn = [Fault.NONE]
        back = asyncio.ensure_future(self._back(far, near_out, drawn))
        try:
            while chunk := await self._read(near):
                fault = self.dice.choice(self.faults)
                self.hits[fault] += 1
                if fault is Fault.CUT:
                    _reset(near_out)
                    return
                if fault is Fault.STALL:
                    # Half-open: the other end never learns of it.
                    await asyncio.sleep(3600)
                drawn[0] = fault
                far_out.write(chunk)
                await far_out.drain()
        except OSError:
            pass
        finally:
            back.cancel()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                far_out.close()
            near_out.close()

    async def _read(self, end: asyncio.StreamReader) -> bytes:
        """The data, delayed to this speed."""
        if self.bytes_per_second is None:
            return await end.read(65536)
        chunk = await end.read(1024)
        await asyncio.sleep(len(chunk) / self.bytes_per_second)
        return chunk

    async def _back(self, far: asyncio.StreamReader, near_out: asyncio.StreamWriter, drawn: list[Fault]) -> None:
        with contextlib.suppress(OSError):
            while chunk := await self._read(far):
                if drawn[0] is Fault.CUT_AFTER_COMMIT:
                    _reset(near_out)
                    return
                if drawn[0] is Fault.TRUNCATE:
                    near_out.write(chunk[: -len(chunk) // 4])
                    break
                near_out.write(chunk)
                await near_out.drain()
        near_out.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN, like a vanished network."""
    near: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
