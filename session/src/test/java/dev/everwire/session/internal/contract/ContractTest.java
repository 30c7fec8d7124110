package dev.everwire.session.internal.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Caller;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Signature;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import dev.everwire.session.contract.Default;
import dev.everwire.session.contract.Doc;
import dev.everwire.session.contract.Example;
import dev.everwire.session.contract.Flat;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Notify;
import dev.everwire.session.contract.Param;
import dev.everwire.session.contract.Raises;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an interface says, and what it may not say. */
class ContractTest {
  record Order(String id, Optional<String> note, @Doc("How many.") int quantity) {}

  // ---- what is read

  @Doc("The order book.")
  interface Orders {
    @Rpc(idempotent = true)
    @Doc("Finds one.")
    @Example(name = "first", params = "[\"a\"]", result = "null")
    @Nullable Order find(@Doc("Its id.") String id, Caller caller, @Default("3") int tries);

    @Notify(name = "seen", execution = Execution.IN_ORDER)
    void markSeen(@Param("order") String id, Optional<String> by);

    @Rpc(execution = Execution.NON_BLOCKING)
    @Deprecated
    int count();

    @Rpc
    CompletionStage<Optional<Order>> later(@Nullable String id);

    String notCallable();
  }

  @Test
  void aMethodIsWhatItsInterfaceSays() {
    Map<String, Exposed> methods = read(Orders.class);

    assertThat(methods.keySet())
        .containsExactly("orders.count", "orders.find", "orders.later", "orders.seen");
    assertThat(methods.get("orders.seen").execution()).isEqualTo(Execution.IN_ORDER);
    assertThat(methods.get("orders.count").execution()).isEqualTo(Execution.NON_BLOCKING);

    Signature find = methods.get("orders.find").signature().orElseThrow();
    assertThat(find.contract()).contains(Orders.class);
    assertThat(find.doc()).isEqualTo("Finds one.");
    assertThat(find.idempotent()).isTrue();
    assertThat(find.parameters())
        .containsExactly(
            Parameter.required("id", String.class).doc("Its id."),
            new Parameter("tries", int.class, false, false, RawJson.number(3), ""));
    assertThat(find.result()).contains(new Result(Order.class, true, false, ""));
    assertThat(find.examples())
        .containsExactly(new Signature.Example("first", RawJson.parse("[\"a\"]"), RawJson.NULL));
    assertThat(find.deprecated()).isFalse();

    Signature seen = methods.get("orders.seen").signature().orElseThrow();
    assertThat(seen.notification()).isTrue();
    assertThat(seen.result()).isEmpty();
    assertThat(seen.parameters())
        .containsExactly(
            Parameter.required("order", String.class), Parameter.optional("by", String.class));

    assertThat(methods.get("orders.count").signature().orElseThrow().deprecated()).isTrue();
    Signature later = methods.get("orders.later").signature().orElseThrow();
    assertThat(later.result()).contains(new Result(Order.class, true, false, ""));
    assertThat(later.parameters()).containsExactly(Parameter.optional("id", String.class));
  }

  interface Crud<T, K> {
    @Rpc
    T get(K key);

    @Rpc
    List<T> all(Map<K, ? extends T> like);

    @Rpc
    T[] several(List<K>[] keys);
  }

  interface Named {
    @Rpc(name = "title")
    String name();
  }

  @Namespace("shop.book")
  interface Book extends Crud<Order, String>, Named {
    @Override
    Order get(String key); // still marked: above
  }

  @Test
  void inheritedMethodsAreOfTheInterfaceThatIsExposedAndTheirTypesAreKnown() {
    Map<String, Exposed> methods = read(Book.class);

    assertThat(methods.keySet())
        .containsExactly("shop.book.all", "shop.book.get", "shop.book.several", "shop.book.title");
    Signature get = methods.get("shop.book.get").signature().orElseThrow();
    assertThat(get.parameters()).containsExactly(Parameter.required("key", String.class));
    assertThat(get.result()).contains(Result.of(Order.class));
    Signature all = methods.get("shop.book.all").signature().orElseThrow();
    assertThat(all.result().orElseThrow().type())
        .hasToString("java.util.List<" + Order.class.getName() + ">");
    assertThat(all.parameters().getFirst().type())
        .hasToString("java.util.Map<java.lang.String, " + Order.class.getName() + ">");
    Signature several = methods.get("shop.book.several").signature().orElseThrow();
    assertThat(several.result().orElseThrow().type()).isEqualTo(Order[].class);
    assertThat(several.parameters().getFirst().type())
        .hasToString("java.util.List<java.lang.String>[]");
  }

  @Namespace("")
  interface Bare {
    @Rpc(name = "textDocument/didOpen")
    void open(@Flat Order document);
  }

  @Test
  void namesMayStandAloneAndARecordMayBeAllParameters() {
    Signature open = read(Bare.class).get("textDocument/didOpen").signature().orElseThrow();

    assertThat(open.parameters())
        .containsExactly(
            Parameter.required("id", String.class),
            Parameter.optional("note", String.class),
            Parameter.required("quantity", int.class).doc("How many."));
    assertThat(open.result()).contains(Result.of(void.class));
  }

  interface Flows {
    @Rpc
    ItemStream<Order> follow(ItemStream<String> ids, int from);
  }

  @Test
  void streamsAreKnownByTheirItems() {
    Signature follow = read(Flows.class).get("flows.follow").signature().orElseThrow();

    assertThat(follow.result()).contains(new Result(Order.class, false, true, ""));
    assertThat(follow.parameters())
        .containsExactly(
            new Parameter("ids", String.class, true, true, null, ""),
            Parameter.required("from", int.class));
  }

  @Raises(code = 1404, message = "no such order")
  static class NoSuchOrder extends Exception {}

  static class SoldOut extends RuntimeException {
    SoldOut(String message) {
      super(message);
    }
  }

  @Raises(code = 1409, exception = SoldOut.class)
  interface Failing {
    @Rpc
    @Raises(code = -32004, message = "no such shop")
    void buy() throws NoSuchOrder;
  }

  @Test
  void whatAMethodRaisesIsKnown() {
    Signature buy = read(Failing.class).get("failing.buy").signature().orElseThrow();

    assertThat(buy.errors())
        .containsExactly(
            new Failure(-32004, "no such shop", null),
            new Failure(1409, "SoldOut", null),
            new Failure(1404, "no such order", null));
  }

  // ---- what is refused

  static class NoInterface {}

  interface Unmarked {
    void nothing();
  }

  interface Generic<T> {
    @Rpc
    T get();
  }

  interface Overloaded {
    @Rpc
    void find(String id);

    @Rpc
    void find(int id);
  }

  interface SameName {
    @Rpc(name = "b")
    void a();

    @Rpc
    void b();
  }

  interface Private {
    @Rpc(name = "_hidden")
    void hidden();
  }

  @Namespace("rpc")
  interface Reserved {
    @Rpc
    void discover();
  }

  interface Both {
    @Rpc
    @Notify
    void both();
  }

  interface Answering {
    @Notify
    int answer();
  }

  interface Own {
    @Rpc
    <T> T any(T thing);
  }

  interface BadDefault {
    @Rpc
    void set(@Default("{") String value);
  }

  interface Twice {
    @Rpc
    void set(@Param("a") String one, @Param("a") String other);
  }

  interface NotFlat {
    @Rpc
    void set(@Flat String value);
  }

  interface NotAlone {
    @Rpc
    void set(@Flat Order order, int more);
  }

  interface Hurry {
    @Rpc(execution = Execution.NON_BLOCKING)
    CompletableFuture<String> later();
  }

  static class Odd extends RuntimeException {
    Odd(int a, int b) {
      super(a + "" + b);
    }
  }

  interface Unmakeable {
    @Rpc
    @Raises(code = 1, exception = Odd.class)
    void fail();
  }

  @Raises(code = -32603)
  static class Internal extends Exception {}

  interface ReservedCode {
    @Rpc
    void fail() throws Internal;
  }

  interface StreamTold {
    @Notify
    void tell(ItemStream<String> all);
  }

  interface StreamHurry {
    @Rpc(execution = Execution.NON_BLOCKING)
    ItemStream<String> all();
  }

  interface StreamLater {
    @Rpc
    CompletableFuture<ItemStream<String>> all();
  }

  interface Static {
    @Rpc
    static void call() {}
  }

  interface SameCode {
    @Rpc
    @Raises(code = 1, exception = IllegalStateException.class)
    @Raises(code = 1, exception = RuntimeException.class)
    void fail();
  }

  interface TwoCodes {
    @Rpc
    @Raises(code = 1, exception = RuntimeException.class)
    @Raises(code = 2, exception = RuntimeException.class)
    void fail();
  }

  /** Somebody's annotation, which the compiler takes for what it is not. */
  @interface MayBe {
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Nullable {}
  }

  interface NullableInt {
    @Rpc
    void set(@MayBe.Nullable int value);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(NoInterface.class, "NoInterface: is no interface"),
        Arguments.of(Rpc.class, "Rpc: is no interface"),
        Arguments.of(Unmarked.class, "Unmarked: no method is marked @Rpc or @Notify"),
        Arguments.of(Generic.class, "Generic: has type parameters"),
        Arguments.of(Overloaded.class, "Overloaded.find: is \"overloaded.find\", and so is"),
        Arguments.of(SameName.class, "SameName.b: is \"sameName.b\", and so is another one"),
        Arguments.of(Private.class, "Private.hidden: begins with _"),
        Arguments.of(
            Reserved.class,
            "Reserved.discover: name: \"rpc.discover\" (expected: not to begin with"),
        Arguments.of(Both.class, "Both.both: is marked @Rpc and @Notify"),
        Arguments.of(Answering.class, "Answering.answer: is marked @Notify and returns int"),
        Arguments.of(Own.class, "Own.any: has type parameters"),
        Arguments.of(BadDefault.class, "BadDefault.set: @Default of value is no JSON"),
        Arguments.of(Twice.class, "Twice.set: parameter: \"a\" (expected: not given before)"),
        Arguments.of(NotFlat.class, "NotFlat.set: value is @Flat (expected: a record"),
        Arguments.of(NotAlone.class, "NotAlone.set: has a @Flat parameter (expected: no other"),
        Arguments.of(Hurry.class, "Hurry.later: is non-blocking and returns a CompletableFuture"),
        Arguments.of(Unmakeable.class, "Odd: has no constructor that takes a Fault, a String"),
        Arguments.of(ReservedCode.class, "ReservedCode.fail: code: -32603 (expected: outside"),
        Arguments.of(StreamTold.class, "StreamTold.tell: all is a stream (expected: none in a"),
        Arguments.of(StreamHurry.class, "StreamHurry.all: returns a stream (expected: none in"),
        Arguments.of(StreamLater.class, "StreamLater.all: returns a future of a stream"),
        Arguments.of(
            SameCode.class, "java.lang.RuntimeException as 1 (expected: codes that differ"),
        Arguments.of(TwoCodes.class, "TwoCodes.fail: raises java.lang.RuntimeException twice"),
        Arguments.of(NullableInt.class, "NullableInt.set: value is a nullable int"),
        Arguments.of(NoItems.class, "NoItems.all: is marked @Subscription and returns "),
        Arguments.of(OurName.class, "OurName.all: name: \"rpc.off\" (expected: not to begin"),
        Arguments.of(Static.class, "Static.call: is static"));
  }

  interface NoItems {
    @Rpc
    @Subscription(unsubscribe = "off", notification = "item")
    List<String> all();
  }

  interface OurName {
    @Rpc
    @Subscription(unsubscribe = "rpc.off", notification = "item")
    ItemStream<String> all();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCouldNotBeKeptIsRefusedWithASentence(Class<?> type, String sentence) {
    assertThatThrownBy(() -> Contract.of(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  @SuppressWarnings({"rawtypes", "unchecked"})
  void whatDoesNotImplementTheInterfaceIsRefused() {
    assertThatThrownBy(() -> Contract.of((Class) Named.class).servedBy("something"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("java.lang.String: does not implement " + Named.class.getName());
  }

  /** Names and methods, served by an object that does nothing. */
  private static Map<String, Exposed> read(Class<?> type) {
    Object nobody =
        java.lang.reflect.Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    Map<String, Exposed> methods = new java.util.LinkedHashMap<>();
    for (Exposed method : Contract.of(type).servedBy(nobody)) {
      methods.put(method.name(), method);
    }
    return methods;
  }
}
