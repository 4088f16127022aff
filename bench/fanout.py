"""The floor of a fan-out: a bare ASGI application that forwards a socket's message to all sockets of its path."""

from collections import defaultdict

from host.asgi import Receive, Scope, Send

rooms: dict[str, set[Send]] = defaultdict(set)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    room = rooms[scope["path"]]
    room.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            for other in list(room):
                await other({"type": "websocket.send", "text": message["text"]})
    finally:
        room.discard(send)
