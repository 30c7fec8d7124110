// The ws package with nothing added: /echo, /broadcast, and /rpc by JSON.parse. Prints its address.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2] ?? 0),
  perMessageDeflate: false,
  maxPayload: 64 * 1024 * 1024,
});
const everybody = new Set();

function answer(text) {
  const { id, method, params } = JSON.parse(text);
  return method === 'echo'
    ? { jsonrpc: '2.0', id, result: params }
    : { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
}

const paths = {
  '/echo': (socket, data, isBinary) => socket.send(data, { binary: isBinary }),
  '/rpc': (socket, data) => socket.send(JSON.stringify(answer(data))),
  '/broadcast': (socket, data, isBinary) => {
    for (const one of everybody) one.send(data, { binary: isBinary });
  },
};

server.on('connection', (socket, request) => {
  const serve = paths[request.url];
  if (!serve) return socket.close(1008);
  if (request.url === '/broadcast') {
    everybody.add(socket);
    socket.on('close', () => everybody.delete(socket));
  }
  socket.on('message', (data, isBinary) => serve(socket, data, isBinary));
  socket.on('error', () => socket.terminate());
});
server.on('listening', () => console.log(`http://127.0.0.1:${server.address().port}`));
