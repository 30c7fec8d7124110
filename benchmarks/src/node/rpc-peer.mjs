// The rpc-websockets package with nothing added but a method that gives its parameters back. Prints
// its address.
import { createServer } from 'node:http';
import { Server } from 'rpc-websockets';

const http = createServer();
const server = new Server({ server: http });
server.register('echo', (params) => params);
http.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${http.address().port}`),
);
