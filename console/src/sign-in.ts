// Who sits here. Asks for a token when the server wants one, and keeps it in this object only: not in
// storage, not in the address, and gone with the page.

import type { AuthenticationFailed, Client, Status } from "everwire";
import { element, field, onSubmit, setText } from "./dom.ts";
import { duration } from "./format.ts";

const TICK = 1_000;
const VERDICT_WITHIN = 15_000;
const MOVED = 1_500; // of the token's end, by more than clocks and ticks explain
const WHO = "This server wants to know who you are.";
const ENDS_SOON = "Your token ends soon. Give another one to stay signed in.";
const ENDED = "Your token is no good any more. Give another one to go on.";

export class SignIn {
  readonly #box = element("sign-in");
  readonly #input = field("token");
  readonly #says = element("sign-in-says");
  readonly #account = element("account");
  readonly #hurry: () => void;
  readonly #listeners: (() => void)[] = [];
  #client: Client | undefined;
  #token: string | undefined;
  #spent = false; // the server has had the token
  #verdict: number | undefined; // while the server looks at the token that was given last
  #everLive = false;
  #later = false; // not asked for again on this connection
  #known: { readonly user: string | undefined; readonly endsAt: number | undefined } = {
    user: undefined,
    endsAt: undefined,
  };

  /** @param hurry called when there is a token to dial with */
  constructor(hurry: () => void) {
    this.#hurry = hurry;
    onSubmit("sign-in-form", () => this.#give(this.#input.value.trim()));
    element("sign-in-later").addEventListener("click", () => {
      this.#later = true;
      this.#close();
    });
    element("sign-out").addEventListener("click", () => location.reload()); // the token goes with it
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-sign-in]")) {
      button.addEventListener("click", () => this.#open("", true));
    }
  }

  /** Whether nothing goes on until there is a token. */
  get holdsUp(): boolean {
    return !this.#box.hidden && this.#verdict === undefined;
  }

  /** The client's token function. */
  supply(renew: boolean): string | undefined {
    if (this.#token !== undefined && !(renew && this.#spent)) {
      this.#spent = true;
      return this.#token;
    }
    if (!renew) {
      return undefined; // perhaps nobody is asked
    }
    const live = this.#client?.status.kind === "live";
    if (this.#box.hidden && !(live && this.#later)) {
      this.#open(live ? ENDS_SOON : this.#want(), !this.#everLive);
    } else if (!live && this.#says.textContent === ENDS_SOON) {
      element("sign-in-later").hidden = true;
      this.#say(ENDED);
    }
    throw new Error("not signed in");
  }

  follow(client: Client): void {
    this.#client = client;
    client.onStatus((status) => this.#status(status));
    client.onAuthenticationFailed((failed) => this.#refused(failed));
    setInterval(() => this.#look(), TICK);
  }

  /** Calls back when the server takes us for somebody else than before. */
  onUser(listener: () => void): void {
    this.#listeners.push(listener);
  }

  // ---- what people do

  #give(token: string): void {
    if (token === "") {
      return;
    }
    this.#token = token;
    this.#spent = false;
    this.#input.value = "";
    this.#say("Asking the server …");
    this.#judge(() => this.#say("The server has not answered to that. It may take no tokens."));
    if (this.#client?.status.kind === "live") {
      this.#client.authenticate();
    } else {
      this.#hurry();
    }
  }

  #open(text: string, focus: boolean): void {
    this.#box.hidden = false;
    element("sign-in-later").hidden = this.#client?.status.kind !== "live";
    element("app").hidden = !this.#everLive;
    this.#say(text);
    if (focus) {
      this.#input.focus();
    }
  }

  #close(): void {
    const focused = this.#box.contains(document.activeElement);
    this.#stopJudging();
    this.#box.hidden = true;
    this.#input.value = "";
    element("app").hidden = false;
    if (focused && !this.#account.hidden) {
      this.#account.focus(); // says who signed in
    }
  }

  // ---- what the server does

  #status({ kind }: Status): void {
    this.#later = false;
    if (kind === "live") {
      this.#everLive = true;
      this.#look();
      this.#close();
    } else if (kind === "closed") {
      this.#stopJudging();
      this.#box.hidden = true; // the status says why
    }
  }

  #refused({ why }: AuthenticationFailed): void {
    if (this.#verdict !== undefined && this.#spent) {
      this.#stopJudging();
      this.#open(`Not accepted: ${why}`, true);
      this.#says.classList.add("bad");
    } else if (this.#box.hidden && this.#client?.status.kind !== "live") {
      this.#open(this.#want(), !this.#everLive);
    }
  }

  #want(): string {
    return this.#spent ? ENDED : WHO;
  }

  #judge(never: () => void): void {
    this.#stopJudging();
    this.#verdict = setTimeout(() => {
      this.#verdict = undefined;
      never();
    }, VERDICT_WITHIN);
  }

  #stopJudging(): void {
    clearTimeout(this.#verdict);
    this.#verdict = undefined;
  }

  /** Who we are, and for how long, changes without another status where a token was renewed. */
  #look(): void {
    const user = this.#client?.user;
    const left = this.#client?.tokenExpiresIn;
    const endsAt = left === undefined ? undefined : performance.now() + left;
    const before = this.#known;
    const sameEnd =
      endsAt === undefined || before.endsAt === undefined
        ? endsAt === before.endsAt
        : Math.abs(endsAt - before.endsAt) < MOVED;
    this.#known = { user, endsAt };
    const ends = left === undefined ? "" : `, token ends in ${duration(left)}`;
    setText(element("account-says"), user === undefined ? "" : `Signed in as ${user}${ends}`);
    this.#account.hidden = user === undefined;
    element("sign-out").hidden = this.#token === undefined;
    if (user === before.user && sameEnd) {
      return;
    }
    if (this.#client?.status.kind === "live" && user !== undefined && this.#spent) {
      this.#close();
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #say(text: string): void {
    this.#says.classList.remove("bad");
    setText(this.#says, text);
  }
}
