// The page at "/chat": a door with a name and a room, and the room behind it.

import type { Client } from "everwire";
import {
  byId,
  element,
  enterSubmits,
  field,
  make,
  onSubmit,
  remember,
  remembered,
  setText,
} from "../dom.ts";
import { openLink } from "../link.ts";
import { Log } from "./log.ts";
import { Room, type RoomStats } from "./room.ts";

export function startChat(): void {
  const { client } = openLink("everwire-chat");
  new ChatPage(client);
  client.start();
}

class ChatPage {
  readonly #client: Client;
  readonly #log = new Log();
  readonly #text = byId("text", HTMLTextAreaElement);
  #room: Room | undefined;

  constructor(client: Client) {
    this.#client = client;
    element("app").hidden = false;
    field("name").value = remembered("name");
    field("room").value = roomOf(location.hash) || remembered("room") || "lobby";
    onSubmit("join", () => this.#join(field("name").value.trim(), field("room").value.trim()));
    onSubmit("say", () => this.#say());
    enterSubmits(this.#text);
    element("leave").addEventListener("click", () => this.#leave(""));
    field(field("name").value === "" ? "name" : "room").focus();
  }

  #join(name: string, room: string): void {
    if (name === "" || room === "") {
      return;
    }
    remember("name", name);
    remember("room", room);
    history.replaceState(undefined, "", `#${room}`);
    this.#log.clear(name);
    this.#members([]);
    setText(element("room-name"), room);
    this.#inside(true);
    this.#room = new Room(this.#client, room, name, {
      log: this.#log,
      members: (names) => this.#members(names),
      stats: (stats) => this.#stats(stats),
      refused: (why) => this.#leave(why),
    });
    void this.#room.enter();
    this.#text.focus();
  }

  #say(): void {
    const text = this.#text.value.trim();
    if (text !== "") {
      this.#room?.say(text);
      this.#text.value = "";
    }
  }

  #leave(why: string): void {
    this.#room?.leave();
    this.#room = undefined;
    this.#inside(false);
    setText(element("refused"), why);
    field("name").focus();
  }

  #inside(yes: boolean): void {
    element("door").hidden = yes;
    element("inside").hidden = !yes;
    setText(element("refused"), "");
  }

  #members(names: readonly string[]): void {
    const windows = new Map<string, number>();
    for (const name of names) {
      windows.set(name, (windows.get(name) ?? 0) + 1);
    }
    const lines = [...windows].map(([name, n]) => make("li", "", n > 1 ? `${name} (${n})` : name));
    element("members").replaceChildren(...lines);
  }

  #stats({ members, joins, leaves, messages }: RoomStats): void {
    setText(
      element("stats"),
      `${members} here · ${messages} said · ${joins} came · ${leaves} left`,
    );
  }
}

function roomOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}
