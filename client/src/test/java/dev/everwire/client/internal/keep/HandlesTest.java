package dev.everwire.client.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HandlesTest {
  @Test
  void theLastHandleEndsAndEachCountsOnce() {
    Handles handles = new Handles();
    AtomicBoolean first = new AtomicBoolean();
    AtomicBoolean second = new AtomicBoolean();
    handles.another();

    assertThat(handles.release(first)).isFalse();
    assertThat(handles.release(first)).isFalse();
    assertThat(handles.release(second)).isTrue();
    assertThat(handles.release(first)).isTrue(); // waits for the end, too
    assertThatThrownBy(handles::another).hasMessage("the client is closed");
  }
}
