package dev.everwire.client;

import dev.everwire.client.internal.pool.Chooser;
import dev.everwire.client.internal.topic.Ending;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which member of a pool has which topic. All subscriptions of a topic are at one member, so that
 * they share what the server sends; they stay there until it is lost, also when another comes back.
 * Safe from any thread.
 */
final class PoolTopics {

  /** A topic that is subscribed to, and where. */
  private static final class Group {
    PoolMember member;
    final Set<Place> places = new LinkedHashSet<>();

    Group(PoolMember member) {
      this.member = member;
    }
  }

  private final List<PoolMember> members;
  private final Chooser chooser;

  // All guarded by the lock. Places are told within it where to go, so that the last word counts;
  // that only posts to loops, or detaches on the loop of a client that has no connection any more.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<PoolMember, Integer> topics = new HashMap<>(); // how many each has
  private final Set<PoolMember> lost = new HashSet<>();
  private boolean closed;

  /**
   * @param chooser nobody else's
   */
  PoolTopics(List<PoolMember> members, Chooser chooser) {
    this.members = members;
    this.chooser = chooser;
  }

  <T> Subscription<T> subscribe(String topic, Class<T> type, SubscriptionOptions how) {
    TopicCalls calls = members.getFirst().client().topicCalls();
    Place place = calls.place(topic, how, this::left);
    Subscription<T> subscription = place.subscription(type, calls.values(), calls.home());
    lock.lock();
    try {
      PoolMember member = enter(place);
      if (member == null) {
        place.end(new Ending.Closed(closed ? "pool closed" : "every member of the pool is closed"));
      } else {
        place.goTo(member.home());
      }
    } finally {
      lock.unlock();
    }
    return subscription;
  }

  /** A member's connection was lost and has not come back in time. */
  void lost(PoolMember member) {
    lock.lock();
    try {
      lost.add(member);
      moveAllOf(member, false);
    } finally {
      lock.unlock();
    }
  }

  /** A member ends; called on its loop, by which its readers leave at once. */
  void gone(PoolMember member) {
    lock.lock();
    try {
      lost.remove(member);
      if (!closed) {
        moveAllOf(member, true);
        // And those that are told to go elsewhere but are not gone yet.
        groups
            .values()
            .forEach(
                group -> List.copyOf(group.places).forEach(place -> place.leaveNow(member.home())));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A member has a connection: it takes what nobody could. */
  void ready(PoolMember member) {
    lock.lock();
    try {
      lost.remove(member);
      for (PoolMember other : List.copyOf(lost)) {
        moveAllOf(other, false);
      }
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing moves. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** How many topics a member has. */
  int count(PoolMember member) {
    lock.lock();
    try {
      return has(member);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable PoolMember enter(Place place) {
    Group group = groups.get(place.topic());
    if (closed) {
      return null;
    }
    if (group == null || group.member.gone()) {
      PoolMember member = chooser.choose(members, place.topic(), this::has);
      if (member == null) {
        return null;
      }
      if (group == null) {
        group = new Group(member);
        groups.put(place.topic(), group);
        topics.merge(member, 1, Integer::sum);
      } else {
        move(group, member, false);
      }
    }
    group.places.add(place);
    return group.member;
  }

  private void left(Place place) {
    lock.lock();
    try {
      Group group = groups.get(place.topic());
      if (group != null && group.places.remove(place) && group.places.isEmpty()) {
        groups.remove(place.topic());
        topics.merge(group.member, -1, Integer::sum);
      }
    } finally {
      lock.unlock();
    }
  }

  private void moveAllOf(PoolMember member, boolean atOnce) {
    for (Group group : List.copyOf(groups.values())) {
      if (group.member == member) {
        PoolMember other = chooser.choose(members, topic(group), this::has);
        if (other != null && other != member && (other.ready() || member.gone())) {
          move(group, other, atOnce);
        }
      }
    }
  }

  private void move(Group group, PoolMember to, boolean atOnce) {
    topics.merge(group.member, -1, Integer::sum);
    topics.merge(to, 1, Integer::sum);
    group.member = to;
    for (Place place : List.copyOf(group.places)) {
      if (atOnce) {
        place.goNow(to.home());
      } else {
        place.goTo(to.home());
      }
    }
  }

  private static String topic(Group group) {
    return group.places.iterator().next().topic();
  }

  private int has(PoolMember member) {
    return topics.getOrDefault(member, 0);
  }
}
