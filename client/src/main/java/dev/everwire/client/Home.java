package dev.everwire.client;

import dev.everwire.client.internal.keep.Keeper;

/** A client as a place where topics are read. Safe from any thread. */
record Home(Keeper keeper, Conversation conversation) {

  boolean inLoop() {
    return keeper.loop().inLoop();
  }

  /** Runs a task on its loop, later. False if that has ended. */
  boolean execute(Runnable task) {
    return keeper.execute(task);
  }

  /** Event loop only. */
  Topics topics() {
    return conversation.topics();
  }
}
