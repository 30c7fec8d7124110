// Who the client is, as far as it has to show that to the server.

/**
 * Asked before every dial, and before a token that was told to expire does. May take `authTimeout`;
 * what takes longer counts as failed, and so does what throws: the client tries again as its
 * reconnect policy says. One that has not answered is not asked again before it does. While a living
 * connection renews its token and another one is dialled, it is asked by both at once.
 *
 * Answers the token, 1 to 65 536 characters, or undefined to come without one.
 *
 * @param renew the token given last was refused or expires, or having none was not enough: a
 *     remembered one is of no use
 */
export type TokenSupplier = (renew: boolean) => Token | Promise<Token>;

type Token = string | undefined;

/**
 * Where a token is put: `message` in `rpc.hello`, or `subprotocol` in the upgrade request, as an
 * offered subprotocol `everwire.bearer.…`, for servers that look at it before they open a connection.
 */
export type TokenPlace = "message" | "subprotocol";

/** Where the token comes from. */
export interface Tokens {
  /** `fixed` has one and no other: refused, that is the end. */
  readonly kind: "fixed" | "renewed";
  readonly supplier: TokenSupplier;
}

const LONGEST_TOKEN = 64 * 1024;

export function usable(token: unknown): token is string {
  return typeof token === "string" && token !== "" && token.length <= LONGEST_TOKEN;
}

/** Throws a `TypeError` that does not tell the token. */
export function tokens(given: string | TokenSupplier | undefined): Tokens | undefined {
  if (given === undefined) {
    return undefined;
  }
  if (typeof given === "function") {
    return { kind: "renewed", supplier: given };
  }
  if (!usable(given)) {
    throw new TypeError(`token: (expected: 1-${LONGEST_TOKEN} characters, or a function)`);
  }
  return { kind: "fixed", supplier: () => given };
}

/** As an offered subprotocol. */
export function bearer(token: string): string {
  const bytes = new TextEncoder().encode(token);
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const base64 = btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `everwire.bearer.${base64}`;
}
