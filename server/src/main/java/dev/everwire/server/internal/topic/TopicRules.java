package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.TopicName;
import dev.everwire.server.topic.TopicRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a server in their order; the first that matches holds. Immutable. */
record TopicRules(List<TopicRule> rules) {
  TopicRules {
    rules = List.copyOf(rules);
  }

  @Nullable TopicRule find(TopicName topic) {
    for (TopicRule rule : rules) {
      if (rule.matches(topic)) {
        return rule;
      }
    }
    return null;
  }

  /**
   * The rule for a name that a peer sent.
   *
   * @throws FaultException if the name is malformed or no rule matches
   */
  TopicRule require(String topic) {
    if (!TopicName.valid(topic)) {
      throw new FaultException(
          FaultCode.INVALID_PARAMS, "Invalid params: topic: expected a valid topic name");
    }
    TopicRule rule = find(new TopicName(topic));
    if (rule == null) {
      throw new FaultException(Fault.of(FaultCode.NOT_FOUND, "no such topic"));
    }
    return rule;
  }
}
