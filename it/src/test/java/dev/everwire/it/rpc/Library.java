package dev.everwire.it.rpc;

import static dev.everwire.it.rpc.Trait.CANCELS;
import static dev.everwire.it.rpc.Trait.ENDS_CALLS;
import static dev.everwire.it.rpc.Trait.STOPS;
import static dev.everwire.it.rpc.Trait.TWO_WAY;

import java.util.Set;

/** The JSON-RPC libraries of others that there are. */
enum Library {
  /** npm's, in Node. */
  JSON_RPC_2_0("json-rpc-2.0", TWO_WAY, ENDS_CALLS),
  /** npm's, in Node. */
  RPC_WEBSOCKETS("rpc-websockets"),
  /** npm's, in Node: what the language servers of Visual Studio Code speak with. */
  VSCODE_JSONRPC("vscode-jsonrpc", TWO_WAY, CANCELS, STOPS, ENDS_CALLS),
  /** Eclipse's, in this process. */
  LSP4J("lsp4j", TWO_WAY, CANCELS, STOPS),
  /** Debian's, in Python: what the language server of Spyder speaks with. */
  PYLSP_JSONRPC("pylsp-jsonrpc", TWO_WAY, CANCELS);

  private final String label;
  private final Set<Trait> traits;

  Library(String label, Trait... traits) {
    this.label = label;
    this.traits = Set.of(traits);
  }

  /** As the drivers call it. */
  String label() {
    return label;
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
