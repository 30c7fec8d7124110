package dev.everwire.session.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EncodedTest {
  private record Counted(AtomicInteger freed) implements Encoded.Variant {
    @Override
    public void free() {
      freed.incrementAndGet();
    }
  }

  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger freed = new AtomicInteger();

  private Counted make(Encoded encoded) {
    made.incrementAndGet();
    return new Counted(freed);
  }

  @Test
  void aVariantIsMadeOncePerKeyAndFreedWithTheLastReference() {
    Encoded encoded = Encoded.text(new byte[] {'1'});
    Counted first = encoded.variant("plain", Counted.class, this::make);
    assertThat(encoded.variant("plain", Counted.class, this::make)).isSameAs(first);
    encoded.variant("deflated", Counted.class, this::make);
    assertThat(made).hasValue(2);
    encoded.retain();
    encoded.release();
    assertThat(freed).hasValue(0);
    encoded.release();
    assertThat(freed).hasValue(2);
  }

  @Test
  void aReleasedMessageRefusesToBeUsed() {
    Encoded encoded = Encoded.binary(new byte[0]);
    encoded.release();
    assertThatThrownBy(encoded::retain).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(encoded::release).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> encoded.variant("k", Counted.class, this::make))
        .isInstanceOf(IllegalStateException.class);
  }
}
