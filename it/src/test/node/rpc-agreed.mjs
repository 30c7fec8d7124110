// The methods that both ends of every connection serve, whichever library is between them.

/** An error on purpose; each library has its own way to say it. */
export class Refusal {
  constructor(code, message, data) {
    this.code = code;
    this.message = message;
    this.data = data;
  }
}

const noted = new Map();
const gates = new Map();

/** What is waited for by its name; whoever comes first makes it. */
function gate(name) {
  if (!gates.has(name)) {
    const made = {};
    made.passed = new Promise((resolve) => {
      made.open = resolve;
    });
    gates.set(name, made);
  }
  return gates.get(name);
}

function notesOf(of) {
  if (!noted.has(of)) {
    noted.set(of, []);
  }
  return noted.get(of);
}

/** Each is given the parameters as they came, the caller, and a signal that says it is cancelled. */
export const agreed = {
  echo: (params) => params ?? null,
  subtract: (params) =>
    Array.isArray(params) ? params[0] - params[1] : params.minuend - params.subtrahend,
  nothing: () => null,
  fail() {
    throw new Refusal(7, "seven", { why: [1, "ü"] });
  },
  note({ of, n }) {
    notesOf(of).push(n);
  },
  noted: ({ of }) => notesOf(of),
  async hold({ token }, caller, signal) {
    gate(`begun ${token}`).open();
    const stopped = new Promise((resolve) => {
      signal?.addEventListener("abort", () => resolve("stopped"));
    });
    const end = await Promise.race([gate(`release ${token}`).passed, stopped]);
    if (end === "stopped") {
      gate(`stopped ${token}`).open();
      throw new Refusal(-32800, "stopped");
    }
    return token;
  },
  async begun({ token }) {
    await gate(`begun ${token}`).passed;
    return true;
  },
  release({ token }) {
    gate(`release ${token}`).open();
    return true;
  },
  async stopped({ token }) {
    await gate(`stopped ${token}`).passed;
    return true;
  },
  back: ({ method, params }, caller) => caller.call(method, params).answer,
  work({ token, steps, _meta }, caller) {
    for (let step = 1; step <= steps; step++) {
      caller.notify("$/progress", { token: _meta?.progressToken ?? token, value: { step } });
    }
    return steps;
  },
};
