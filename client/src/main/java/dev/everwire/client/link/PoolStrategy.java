package dev.everwire.client.link;

/** How a pool chooses among the members that are ready. */
public enum PoolStrategy {
  /** One after the other. */
  ROUND_ROBIN,
  /** The one that has the fewest calls under way; for a new topic, the one with fewest topics. */
  LEAST_PENDING,
  /**
   * By the topic's name, the same for all pools of the same size: when a member comes or goes, only
   * its own topics change their place. What has no topic goes where fewest calls are under way.
   */
  BY_TOPIC_HASH
}
