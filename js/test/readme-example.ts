import { connect, type TokenSupplier } from "everwire";
import WebSocket from "ws"; // only where the platform has none: Node before 22

interface Price {
  readonly symbol: string;
  readonly value: number;
}

export async function follow(
  url: string,
  token: TokenSupplier, // for instance (renew) => session.token({ fresh: renew })
  show: (price: Price) => void,
): Promise<void> {
  const client = await connect(url, {
    webSocket: WebSocket,
    token, // asked before every dial, and before a token expires
    methods: { confirm: () => true }, // the server may call us, too
    onStatus: (status) => console.info(status.kind), // connecting, live, waiting, closed
    onAlert: (alert) => console.warn(alert.severity, alert.message), // of the server's operators
  });

  const sum = await client.call<number>("add", [2, 3], { within: 5_000 });
  console.info(`2 + 3 = ${sum}, says the server to ${client.user ?? "nobody in particular"}`);

  for await (const event of client.subscribe<Price>("prices/eur")) {
    if (event.type === "item") {
      show(event.data); // survives cuts: goes on where it was
    } else {
      console.warn(`missed ${event.reason}`); // said aloud, never silent
    }
  }
}
