package dev.everwire.session.internal.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Errors;
import dev.everwire.session.Peer;
import dev.everwire.session.contract.ArgumentCheck;
import dev.everwire.session.contract.Raises;
import dev.everwire.session.contract.Rpc;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a proxy is as a Java object, and what is told of arguments that a check refuses. */
class RemoteTest {
  @Raises(code = 1409)
  static final class SoldOut extends Exception {
    private static final long serialVersionUID = 1L;
  }

  interface Shop {
    @Rpc
    void buy() throws SoldOut;

    default String both(String... words) {
      return String.join("+", words);
    }

    @Override
    String toString();

    @Override
    boolean equals(@Nullable Object other);
  }

  interface Silent extends Shop {
    @Override
    void buy();
  }

  public interface Open {
    @Rpc
    void buy();

    default String twice(String word) {
      return word + word;
    }
  }

  interface Text {
    @Rpc
    void say(String text);
  }

  private static final ValueCodec NONE =
      new ValueCodec() {
        @Override
        public @Nullable Object decode(RawJson json, Type type) {
          throw new AssertionError("not here");
        }

        @Override
        public RawJson encode(@Nullable Object value) {
          throw new AssertionError("not here");
        }
      };

  /** Of a peer that refuses everything with 1409. */
  private static <T> T proxy(Class<T> type) {
    Object peer =
        Proxy.newProxyInstance(
            Peer.class.getClassLoader(),
            new Class<?>[] {Peer.class},
            (self, method, given) -> {
              throw new FaultException(1409, "sold out");
            });
    return Contract.of(type).calling((Peer) peer, type, NONE, Errors.NONE, CallOptions.DEFAULT);
  }

  @Test
  void whatEveryObjectHasMayStandInAContract() {
    Shop shop = proxy(Shop.class);

    assertThat(shop.equals(shop)).isTrue();
    assertThat(shop.equals(proxy(Shop.class))).isFalse();
  }

  @Test
  void methodsWithABodyRunHere() {
    assertThat(proxy(Shop.class).both("a", "b")).isEqualTo("a+b");
    assertThat(proxy(Silent.class).both()).isEmpty();
    assertThat(proxy(Open.class).twice("a")).isEqualTo("aa");
  }

  @Test
  void anExceptionComesOutOnlyOfAMethodThatDeclaresIt() {
    assertThatThrownBy(proxy(Shop.class)::buy).isInstanceOf(SoldOut.class);
    assertThatThrownBy(proxy(Silent.class)::buy).isInstanceOf(FaultException.class);
  }

  @Test
  void ofAViolationNotMoreThanAFewWordsAreTold() {
    ArgumentCheck.Violation long1 =
        new ArgumentCheck.Violation(0, "", "x".repeat(255) + "\ud83d\ude00" + "y".repeat(5_000));
    Operation say = new ContractReader(Text.class).operations().getFirst();
    ArgumentChecks checks =
        ArgumentChecks.of(say, "nobody", List.of((method, served) -> given -> List.of(long1)));

    assertThatThrownBy(() -> checks.check(new Object[] {"any"}))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              String told = "text: " + "x".repeat(255) + "…";
              assertThat(e.fault().message()).isEqualTo("Invalid params: " + told);
              assertThat(String.valueOf(e.fault().data()).length()).isLessThan(400);
            });
  }
}
