// The few things that both pages do with the document. Text only ever goes in as text.

/** An element that the document is known to have. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`#${id}: not there, or no ${type.name}`);
  }
  return found;
}

export function element(id: string): HTMLElement {
  return byId(id, HTMLElement);
}

export function field(id: string): HTMLInputElement {
  return byId(id, HTMLInputElement);
}

/** A new element with a class, and text or other elements in it. */
export function make(name: string, className = "", ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") {
    made.className = className;
  }
  made.append(...content);
  return made;
}

/** Writes only what has changed, so that selections and screen readers are left in peace. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Calls back when the form is sent, by Enter or by its button. */
export function onSubmit(id: string, send: () => void): void {
  byId(id, HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}

/** In a text of several lines Enter sends too; Shift+Enter begins a line. */
export function enterSubmits(area: HTMLTextAreaElement): void {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      area.form?.requestSubmit();
    }
  });
}

/** What was written down under a name in this browser; nothing where it may not be. */
export function remembered(name: string): string {
  try {
    return localStorage.getItem(`everwire.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`everwire.${name}`, value);
  } catch {
    // Then it is asked for again.
  }
}
