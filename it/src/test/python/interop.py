"""Opens and accepts WebSocket connections as told, by one JSON object per line: orders on standard
input, what is heard on standard output. Needs Debian's python3-websockets."""

import asyncio
import base64
import json
import ssl
import sys
import threading

import websockets
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)

MOST = 128 * 1024 * 1024
links = {}  # orders that wait, of each link
servers = {}


def say(link, heard, **more):
    sys.stdout.write(json.dumps({"link": link, "heard": heard, **more}) + "\n")
    sys.stdout.flush()


def deflate_of_client(kind):
    if kind == "off":
        return {"compression": None}
    if kind == "plain":
        return {"compression": "deflate"}
    if kind == "no-takeover":
        offer = ClientPerMessageDeflateFactory(
            server_no_context_takeover=True, client_no_context_takeover=True
        )
    else:
        offer = ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=10)
    return {"compression": None, "extensions": [offer]}


def deflate_of_server(kind):
    if kind == "off":
        return {"compression": None}
    if kind == "plain":
        return {"compression": "deflate"}
    if kind == "no-takeover":
        answer = ServerPerMessageDeflateFactory(
            server_no_context_takeover=True, client_no_context_takeover=True
        )
    else:
        answer = ServerPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=10)
    return {"compression": None, "extensions": [answer]}


def agreed(socket):
    return socket.response_headers.get("Sec-WebSocket-Extensions", "")


async def hear(link, socket):
    try:
        async for message in socket:
            if isinstance(message, str):
                say(link, "text", text=message)
            else:
                say(link, "binary", base64=base64.b64encode(message).decode())
    except websockets.ConnectionClosedError:
        pass
    await socket.wait_closed()
    say(link, "closed", code=socket.close_code, reason=socket.close_reason)


async def fragments(texts):
    for text in texts:
        yield text


async def obey(link, socket, order):
    if order["do"] == "text":
        await socket.send(order["text"])
    elif order["do"] == "fill":
        await socket.send("a" * order["length"])
    elif order["do"] == "binary":
        await socket.send(base64.b64decode(order["base64"]))
    elif order["do"] == "fragments":
        await socket.send(fragments(order["texts"]))
    elif order["do"] == "ping":
        await (await socket.ping(base64.b64decode(order["base64"])))
        say(link, "pong", base64=order["base64"])  # the library compares
    elif order["do"] == "close":
        await socket.close(order["code"], order["reason"])


async def connect(order):
    link = order["link"]
    trust = order["uri"].startswith("wss:") and order.get("trust")
    try:
        socket = await websockets.connect(
            order["uri"],
            extra_headers=order["headers"],
            max_size=MOST,
            ping_interval=None,
            close_timeout=1,
            ssl=ssl.create_default_context(cafile=trust) if trust else None,
            **deflate_of_client(order["deflate"]),
        )
    except websockets.InvalidStatusCode as e:
        say(link, "refused", status=e.status_code)
        return
    except (OSError, websockets.InvalidHandshake) as e:
        print(f"{link}: {e!r}", file=sys.stderr)
        say(link, "refused", status=0)
        return
    say(link, "open", extensions=agreed(socket))
    hearing = asyncio.ensure_future(hear(link, socket))
    while not hearing.done():
        waiting = asyncio.ensure_future(links[link].get())
        await asyncio.wait({waiting, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            try:
                await obey(link, socket, waiting.result())
            except websockets.ConnectionClosed as e:
                print(f"{link}: {e!r}", file=sys.stderr)
        else:
            waiting.cancel()


async def echo(socket):
    """Echoes, and does what a text that begins with "!" says."""
    try:
        async for message in socket:
            if message == "!fragments":
                await socket.send(fragments(["gr", "ü", "", "n", "\U0001f600"]))
            elif message == "!ping":
                await (await socket.ping("beat"))
                await socket.send("pong beat")
            elif message == "!close":
                await socket.close(4001, "tschüß")
            elif message == "!cut":
                socket.transport.abort()
            elif message == "!extensions":
                await socket.send(agreed(socket))
            else:
                await socket.send(message)
    except websockets.ConnectionClosedError as e:
        print(f"served: {e!r}", file=sys.stderr)


async def serve(order):
    secure = None
    if order.get("cert"):
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(order["cert"], order["key"])
    server = await websockets.serve(
        echo,
        "127.0.0.1",
        0,
        max_size=MOST,
        ping_interval=None,
        ssl=secure,
        **deflate_of_server(order["deflate"]),
    )
    servers[order["link"]] = server
    say(order["link"], "listening", port=server.sockets[0].getsockname()[1])


async def main():
    loop = asyncio.get_running_loop()
    orders = asyncio.Queue()

    def read():
        for line in sys.stdin:
            loop.call_soon_threadsafe(orders.put_nowait, json.loads(line))
        loop.call_soon_threadsafe(orders.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    running = set()
    while (order := await orders.get()) is not None:
        if order["do"] == "connect":
            links[order["link"]] = asyncio.Queue()
            running.add(asyncio.ensure_future(connect(order)))
        elif order["do"] == "serve":
            await serve(order)
        elif order["do"] == "stop":
            servers.pop(order["link"]).close()
        else:
            links[order["link"]].put_nowait(order)


asyncio.run(main())
