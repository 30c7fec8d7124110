package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the answers to one batch until the last is there (JSON-RPC 2.0 section 6). Event loop
 * only.
 */
public final class BatchAnswer {
  private final List<Message.Response> responses = new ArrayList<>();
  private int open = 1; // one for the reader itself, so that it cannot complete while being read
  private long size = 2; // about, in bytes

  /** One more answer is to come. */
  public void expect() {
    open++;
  }

  /**
   * Adds an answer, or what says that it does not fit into the array any more.
   *
   * @return true if that was the last one
   */
  public boolean add(Message.Response response, FrameLimit limit) {
    long rest = limit.bytes() - size;
    long wanted = FrameLimit.size(response);
    Message.Response fitting =
        wanted <= rest
            ? response
            : new FrameLimit(Math.min(limit.bytes(), Math.max(0, rest))).fitting(response);
    responses.add(fitting);
    size += FrameLimit.size(fitting) + 1;
    return --open == 0;
  }

  /** The batch was read to its end. True if every answer is there already. */
  public boolean read() {
    return --open == 0;
  }

  /** Empty for a batch of notifications, which is not answered at all. */
  public List<Message.Response> responses() {
    return responses;
  }
}
