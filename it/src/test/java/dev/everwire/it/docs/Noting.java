package dev.everwire.it.docs;

import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncedFeed;
import dev.everwire.it.docs.ClientExamples.Depth;
import dev.everwire.it.docs.ClientExamples.DepthUpdate;
import java.util.Queue;

/** A book that writes down what it is told. */
record Noting(Queue<String> told) implements SyncedFeed.Book<Depth, DepthUpdate> {
  @Override
  public void load(Snapshot<Depth> snapshot) {
    told.add("loaded " + snapshot.last());
  }

  @Override
  public void apply(DepthUpdate update, SequenceRange range) {
    told.add("applied " + range.first() + "-" + range.last());
  }

  @Override
  public void doubted(String why) {
    told.add("doubted");
  }

  @Override
  public void givenUp(String why) {
    told.add("given up");
  }
}
