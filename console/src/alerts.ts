// What the server's operators have to say to whoever sits here, the newest first.

import type { Alert, Client } from "everwire";
import { element, make } from "./dom.ts";
import { clock, json } from "./format.ts";

const KEPT = 5;
const LONGEST_DATA = 500;

export function showAlerts(client: Client): void {
  const list = element("alerts");
  client.onAlert((alert) => {
    list.prepend(row(alert));
    while (list.children.length > KEPT) {
      list.lastElementChild?.remove();
    }
  });
}

function row({ severity, message, data }: Alert): HTMLElement {
  const dismiss = make("button", "", "Dismiss");
  const shown = make(
    "li",
    severity === "critical" || severity === "warning" ? severity : "",
    make("b", "", severity),
    make("span", "", message),
  );
  if (data !== undefined) {
    shown.append(make("code", "", json(data).slice(0, LONGEST_DATA)));
  }
  shown.append(make("time", "", clock(new Date())), dismiss);
  dismiss.addEventListener("click", () => shown.remove());
  return shown;
}
