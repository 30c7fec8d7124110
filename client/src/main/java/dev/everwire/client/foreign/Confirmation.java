package dev.everwire.client.foreign;

import dev.everwire.protocol.Fault;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a message says about subscriptions that were asked for. Topics that it does not name go on
 * waiting. Immutable.
 */
public final class Confirmation {
  /** It says nothing about subscriptions. */
  public static final Confirmation NONE = new Confirmation(Set.of(), Map.of());

  private final Set<String> confirmed;
  private final Map<String, Fault> refused;

  private Confirmation(Set<String> confirmed, Map<String, Fault> refused) {
    this.confirmed = confirmed;
    this.refused = refused;
  }

  /** These are in force. */
  public static Confirmation confirmed(Collection<String> topics) {
    return new Confirmation(Set.copyOf(topics), Map.of());
  }

  /** These are not, for this reason. */
  public static Confirmation refused(Collection<String> topics, Fault why) {
    Map<String, Fault> refused = new LinkedHashMap<>();
    topics.forEach(topic -> refused.put(topic, why));
    return new Confirmation(Set.of(), Map.copyOf(refused));
  }

  /** Some are and some are not. A topic that is in both is refused. */
  public static Confirmation of(Collection<String> confirmed, Map<String, Fault> refused) {
    return new Confirmation(Set.copyOf(confirmed), Map.copyOf(refused));
  }

  public Set<String> confirmed() {
    return confirmed;
  }

  public Map<String, Fault> refused() {
    return refused;
  }
}
