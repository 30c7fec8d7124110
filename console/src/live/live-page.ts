// The page at "/": what the server does now, and a place to try things.

import { element } from "../dom.ts";
import { openLink } from "../link.ts";
import { callBox } from "./call-box.ts";
import { TopicBox } from "./topic-box.ts";
import { Watch } from "./watch.ts";

export function startLive(): void {
  const { client, signIn } = openLink("everwire-page");
  element("app").hidden = false;
  new Watch(client, signIn);
  callBox(client);
  new TopicBox(client);
  client.start();
}
