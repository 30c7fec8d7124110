package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;

/** Bounds that the server holds itself and its peers to. Immutable. */
public record LimitOptions(
    @Doc("How many connections may be open, and how fast new ones may come.") @Live
        ConnectionLimitOptions connections,
    @Doc("How fast peers may talk. Nothing is bounded unless said.") @Live InboundOptions inbound,
    @Doc("What a connection may hold for a peer that reads slowly.") OutboundOptions outbound,
    @Doc("How much memory connections may hold.") MemoryOptions memory,
    @Doc("The bounds of one conversation.") ConversationOptions conversation,
    @Doc("The bounds of one connection.") TransportOptions transport,
    @Doc("What topics keep in memory for those who come back.") BrokerOptions broker) {
  public static final LimitOptions DEFAULT =
      new LimitOptions(
          ConnectionLimitOptions.DEFAULT,
          InboundOptions.DEFAULT,
          OutboundOptions.DEFAULT,
          MemoryOptions.DEFAULT,
          ConversationOptions.DEFAULT,
          TransportOptions.DEFAULT,
          BrokerOptions.DEFAULT);
}
