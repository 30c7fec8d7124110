"""Endpoints of pylsp_jsonrpc over WebSockets that call and are called as told, by one JSON object per
line: orders on standard input, what is heard on standard output. Needs Debian's
python3-pylsp-jsonrpc and python3-websockets."""

import asyncio
import json
import logging
import sys
import threading
from concurrent import futures

import websockets
from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.exceptions import JsonRpcException

MOST = 16 * 1024 * 1024
WITHIN = 30
sides = {}  # the client's end, or the server's of the latest connection
servers = {}
noted = {}
gates = {}
lock = threading.Lock()

logging.basicConfig(level=logging.CRITICAL)  # errors are part of the test


def say(link, heard, **more):
    line = json.dumps({"link": link, "heard": heard, **more})
    with lock:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def gate(name):
    """What is waited for by its name; whoever comes first makes it."""
    with lock:
        return gates.setdefault(name, threading.Event())


def open_gate(name):
    gate(name).set()
    return True


def passed(name, value=True):
    if not gate(name).wait(WITHIN):
        raise TimeoutError(name)
    return value


def subtract(params):
    if isinstance(params, list):
        return params[0] - params[1]
    return params["minuend"] - params["subtrahend"]


def fail(params):
    raise JsonRpcException("seven", 7, {"why": [1, "ü"]})


def hold(params):
    open_gate("begun " + params["token"])
    return lambda: passed("release " + params["token"], params["token"])


class Side:
    """One end of one connection."""

    def __init__(self, link, socket, binary):
        self.link = link
        self.binary = binary  # whether JSON goes and comes in binary frames
        self.socket = socket
        self.loop = asyncio.get_running_loop()
        self.received = 0
        self.calls = {}
        self.waiting = asyncio.Queue()
        self.endpoint = Endpoint(self.methods(), self.send, max_workers=32)

    def methods(self):
        return {
            "echo": lambda params: params,
            "subtract": subtract,
            "nothing": lambda params: None,
            "fail": fail,
            "note": lambda params: noted.setdefault(params["of"], []).append(params["n"]),
            "noted": lambda params: noted.get(params["of"], []),
            "hold": hold,
            "begun": lambda params: lambda: passed("begun " + params["token"]),
            "release": lambda params: open_gate("release " + params["token"]),
            "back": lambda params: lambda: self.back(params),
            "work": self.work,
            "$/progress": lambda params: say(self.link, "progress", **params),
        }

    def back(self, params):
        return self.endpoint.request(params["method"], params["params"]).result(WITHIN)

    def work(self, params):
        token = params.get("_meta", {}).get("progressToken", params.get("token"))
        for step in range(1, params["steps"] + 1):
            self.notify("$/progress", {"token": token, "value": {"step": step}})
        return params["steps"]

    def send(self, message):
        text = json.dumps(message)
        frame = text.encode() if self.binary else text
        self.loop.call_soon_threadsafe(self.waiting.put_nowait, frame)

    def notify(self, method, params):
        self.endpoint.notify(method, params)

    def call(self, number, method, params):
        future = self.endpoint.request(method, params)
        self.calls[number] = future
        future.add_done_callback(lambda done: self.answered(number, done))

    def answered(self, number, done):
        if done.cancelled():
            say(self.link, "answer", call=number, error={"code": -32800, "message": "cancelled"})
            return
        try:
            result = done.result()
        except JsonRpcException as e:
            error = {"code": e.code, "message": e.message, "data": e.data}
            say(self.link, "answer", call=number, error=error)
        else:
            say(self.link, "answer", call=number, result=result, received=self.received)

    def cut(self):
        self.socket.transport.abort()

    async def run(self):
        writing = asyncio.ensure_future(self.write())
        try:
            async for message in self.socket:
                self.received += 1
                if isinstance(message, bytes) != self.binary:
                    continue
                try:
                    self.endpoint.consume(json.loads(message))
                except futures.InvalidStateError as e:  # the answer to a call that it cancelled
                    print(repr(e), file=sys.stderr)
        except websockets.ConnectionClosedError:
            pass
        writing.cancel()
        await self.socket.wait_closed()
        say(self.link, "closed", code=self.socket.close_code, reason=self.socket.close_reason)

    async def write(self):
        while True:
            await self.socket.send(await self.waiting.get())


async def connect(link, uri, options):
    try:
        socket = await websockets.connect(
            uri,
            subprotocols=options.get("protocols"),
            max_size=MOST,
            ping_interval=None,
            close_timeout=1,
        )
    except websockets.InvalidHandshake as e:
        say(link, "refused", why=repr(e))
    else:
        await begin(link, socket, options.get("binary", False))


async def begin(link, socket, binary=False):
    side = Side(link, socket, binary)
    sides[link] = side
    say(link, "open", protocol=socket.subprotocol)
    await side.run()


async def serve(link):
    server = await websockets.serve(
        lambda socket: begin(link, socket), "127.0.0.1", 0, max_size=MOST, ping_interval=None
    )
    servers[link] = server
    say(link, "listening", port=server.sockets[0].getsockname()[1])


async def obey(order, running):
    link = order["link"]
    side = sides.get(link)
    if order["do"] == "connect":
        running.add(asyncio.ensure_future(connect(link, order["uri"], order["options"])))
    elif order["do"] == "serve":
        await serve(link)
    elif order["do"] == "stop":
        servers.pop(link).close()
    elif order["do"] == "call":
        side.call(order["call"], order["method"], order.get("params"))
    elif order["do"] == "cancel":
        side.calls[order["call"]].cancel()
    elif order["do"] == "notify":
        side.notify(order["method"], order.get("params"))
    elif order["do"] == "cut":
        side.cut()
    elif order["do"] == "close":
        await side.socket.close(order["code"])


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
        await obey(order, running)


asyncio.run(main())
