package dev.everwire.server.internal.limit;

import dev.everwire.server.internal.limit.KeyedBuckets.Shared;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.session.internal.Intake;
import dev.everwire.session.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures what one connection brings. It takes from all buckets or from none: its own, its user's,
 * its address' and the node's. Event loop only.
 */
public final class InboundMeter implements Intake {
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();

  private final InboundGuard guard;
  private final Transport transport;
  private final Supplier<Optional<String>> user;
  private final String address;
  private final @Nullable Bucket ownMessages;
  private final @Nullable Bucket ownBytes;
  private final @Nullable Shared atAddress;
  private @Nullable Shared ofUser;
  private @Nullable String userName;
  private Bucket[] messages = {};
  private Bucket[] bytes = {};

  private long uncharged; // bytes of the frame at hand
  private long windowFrom;
  private int refusedInWindow;

  InboundMeter(InboundGuard guard, Transport transport, Supplier<Optional<String>> user) {
    this.guard = guard;
    this.transport = transport;
    this.user = user;
    this.address = AddressKey.of(transport.remoteAddress());
    KeyedBuckets addresses = guard.addresses();
    this.atAddress = addresses == null ? null : addresses.hold(address);
    Bounds mine = guard.rates().connection();
    this.ownMessages = mine.messages() == null ? null : Bucket.ofOne(mine.messages());
    this.ownBytes = mine.bytes() == null ? null : Bucket.ofOne(mine.bytes());
    this.windowFrom = transport.loop().now();
    collect();
  }

  /** The buckets to take from; the node's is the last. */
  private void collect() {
    List<Bucket> ofMessages = new ArrayList<>();
    List<Bucket> ofBytes = new ArrayList<>();
    add(ownMessages, ofMessages);
    add(ownBytes, ofBytes);
    add(ofUser, ofMessages, ofBytes);
    add(atAddress, ofMessages, ofBytes);
    add(guard.node(), ofMessages, ofBytes);
    messages = ofMessages.toArray(Bucket[]::new);
    bytes = ofBytes.toArray(Bucket[]::new);
  }

  private static void add(@Nullable Shared shared, List<Bucket> ofMessages, List<Bucket> ofBytes) {
    if (shared != null) {
      add(shared.messages, ofMessages);
      add(shared.bytes, ofBytes);
    }
  }

  private static void add(@Nullable Bucket bucket, List<Bucket> all) {
    if (bucket != null) {
      all.add(bucket);
    }
  }

  // ---- what comes in

  @Override
  public void arrived(int length) {
    uncharged = length;
  }

  @Override
  public long admit(boolean request, long now) {
    if (guard.users() != null) {
      follow(guard.users());
    }
    long wait = take(now);
    if (wait == 0) {
      uncharged = 0;
    } else {
      guard.refused(request);
    }
    return wait;
  }

  @Override
  public boolean exhausted() {
    return refusedInWindow >= guard.rates().closeAfter();
  }

  private long take(long now) {
    long wait = take(messages, 1, now);
    if (wait == 0 && uncharged > 0) {
      wait = take(bytes, uncharged, now);
      if (wait > 0) {
        giveBack(messages, messages.length, 1);
      }
    }
    return wait;
  }

  private long take(Bucket[] from, long tokens, long now) {
    for (int i = 0; i < from.length; i++) {
      long wait = from[i].take(tokens, now);
      if (wait > 0) {
        giveBack(from, i, tokens);
        if (!ofAll(from[i])) {
          blame(now);
        }
        return wait;
      }
    }
    return 0;
  }

  /** Whether it is the node's: others may have emptied it. */
  private boolean ofAll(Bucket bucket) {
    Shared node = guard.node();
    return node != null && (bucket.equals(node.messages) || bucket.equals(node.bytes));
  }

  private static void giveBack(Bucket[] to, int many, long tokens) {
    for (int i = 0; i < many; i++) {
      to[i].giveBack(tokens);
    }
  }

  /** One more refused; counted in windows of 10 s. */
  private void blame(long now) {
    if (now - windowFrom >= WINDOW) {
      windowFrom = now;
      refusedInWindow = 0;
    }
    refusedInWindow++;
  }

  /** Who is there may become known, or change. */
  private void follow(KeyedBuckets users) {
    String name = user.get().orElse(null);
    if (name == null ? userName == null : name.equals(userName)) {
      return;
    }
    leave(users);
    userName = name;
    ofUser = name == null ? null : users.hold(name);
    collect();
  }

  private void leave(KeyedBuckets users) {
    if (userName != null && ofUser != null) {
      users.release(userName, ofUser, transport.loop());
    }
  }

  @Override
  public void ended() {
    KeyedBuckets users = guard.users();
    if (users != null) {
      leave(users);
      userName = null;
      ofUser = null;
    }
    KeyedBuckets addresses = guard.addresses();
    if (addresses != null && atAddress != null) {
      addresses.release(address, atAddress, transport.loop());
    }
  }
}
