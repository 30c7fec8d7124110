// What the server says without being asked, but for what belongs to a call. Served where it comes in.

import type { Params } from "./protocol/message.ts";
import { Names } from "./protocol/names.ts";
import { type Alert, readAlert, readAuthExpiring, WireError } from "./protocol/wire.ts";
import type { Route } from "./session/effects.ts";
import type { Topics } from "./topic/topics.ts";

/** Is told what is not about a topic. */
export interface NoticeListener {
  alert(alert: Alert): void;

  /** The client's token ends in so many milliseconds. */
  expiring(inMs: number): void;
}

/** Who serves which notification. */
export function notices(
  topics: Topics,
  listener: NoticeListener,
  onError: (error: unknown, what: string) => void,
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  const serve = (method: string, handle: (params: Params | undefined) => void) => {
    routes.set(method, { kind: "inline", handle });
  };
  const understand = <T>(method: string, read: (params: unknown) => T, tell: (told: T) => void) => {
    serve(method, (params) => {
      let told: T;
      try {
        told = read(params);
      } catch (e) {
        if (!(e instanceof WireError)) {
          throw e;
        }
        onError(e, `${method} not understood`);
        return;
      }
      tell(told);
    });
  };
  serve(Names.EVENT, (params) => topics.event(params));
  serve(Names.GAP, (params) => topics.gap(params));
  serve(Names.UNSUBSCRIBED, (params) => topics.unsubscribed(params));
  understand(Names.ALERT, readAlert, (alert) => listener.alert(alert));
  understand(Names.AUTH_EXPIRING, readAuthExpiring, (inMs) => listener.expiring(inMs));
  return routes;
}
