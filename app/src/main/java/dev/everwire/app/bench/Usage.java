package dev.everwire.app.bench;

import org.jspecify.annotations.Nullable;

/**
 * What server and generator have used at one moment; 0 where nobody looked.
 *
 * @param at in {@link System#nanoTime} time
 * @param liveHeap of the server behind a forced collection, or null
 */
record Usage(
    long at, double serverCpu, long serverResident, @Nullable Long liveHeap, double generatorCpu) {

  double secondsSince(Usage before) {
    return (at - before.at) / 1e9;
  }

  double serverCpuSince(Usage before) {
    return serverCpu - before.serverCpu;
  }

  double generatorCpuSince(Usage before) {
    return generatorCpu - before.generatorCpu;
  }
}
