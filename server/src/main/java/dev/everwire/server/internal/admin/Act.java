package dev.everwire.server.internal.admin;

import java.util.List;

/**
 * One thing that an administrator may ask.
 *
 * @param name behind {@code rpc.admin.}, and of the permission
 * @param members that its parameters may have
 */
record Act(String name, List<String> members, Reader reader) {

  /** Finds out what is asked for, before it is known whether that is allowed. */
  interface Reader {
    /**
     * @throws dev.everwire.protocol.json.JsonException naming the parameter that does not fit
     */
    Deed read(Params params);
  }
}
