package dev.everwire.app.bench;

import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;

/** A load whose connections have nothing to do with each other. Event loop only. */
final class LaneLoad extends Load {

  /** Makes the lanes of one kind of load. */
  interface Kind {
    Lane lane(Load load, int index, Transport transport);
  }

  private final Kind kind;
  private final Lane[] lanes;

  LaneLoad(Plan plan, Tally tally, Kind kind) {
    super(plan, tally);
    this.kind = kind;
    this.lanes = new Lane[plan.connections()];
  }

  @Override
  Receiver open(int index, Transport transport, Runnable ready) {
    Lane lane = kind.lane(this, index, transport);
    lanes[index] = lane;
    ready.run();
    return lane;
  }

  @Override
  void begin(long now) {
    for (Lane lane : lanes) {
      lane.pump(now);
    }
  }

  @Override
  void due(long number, long now) {
    lanes[(int) (number % lanes.length)].owe(now);
  }

  @Override
  long underWay() {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane.underWay();
    }
    return sum;
  }
}
