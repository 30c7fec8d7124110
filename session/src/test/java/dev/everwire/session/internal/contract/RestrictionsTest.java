package dev.everwire.session.internal.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Restriction;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Restricted;
import dev.everwire.session.contract.Rpc;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestrictionsTest {
  private static final Restriction AGENT = Restriction.roles("agent");
  private static final Restriction ADMIN = Restriction.roles("admin");

  interface Open {
    @Rpc
    String read();
  }

  interface Marked {
    @Rpc
    @Restricted(roles = "agent")
    String read();

    @Rpc
    String other();
  }

  @Restricted(roles = "agent")
  @Namespace("x")
  interface Whole {
    @Rpc
    String read();

    @Rpc
    @Restricted(permissions = {"write", "sign"})
    String write();
  }

  @Test
  void whatIsNotRestrictedIsNot() {
    assertThat(restriction(Open.class, new PlainOpen(), "open.read")).isEmpty();
  }

  static class PlainOpen implements Open {
    @Override
    public String read() {
      return "";
    }
  }

  @Test
  void aContractsMethodSaysWhomItIsFor() {
    class Plain implements Marked {
      @Override
      public String read() {
        return "";
      }

      @Override
      public String other() {
        return "";
      }
    }

    assertThat(restriction(Marked.class, new Plain(), "marked.read")).contains(AGENT);
    assertThat(restriction(Marked.class, new Plain(), "marked.other")).isEmpty();
  }

  @Test
  void whatAContractSaysHoldsForAllItsMethodsBesideTheirOwn() {
    class Plain implements Whole {
      @Override
      public String read() {
        return "";
      }

      @Override
      public String write() {
        return "";
      }
    }

    assertThat(restriction(Whole.class, new Plain(), "x.read")).contains(AGENT);
    assertThat(restriction(Whole.class, new Plain(), "x.write"))
        .contains(AGENT.and(Restriction.permissions("write", "sign")));
  }

  @Test
  void anImplementationMayDemandMoreButNotLess() {
    class Stricter implements Marked {
      @Override
      @Restricted(roles = "admin")
      public String read() {
        return "";
      }

      @Override
      @Restricted
      public String other() {
        return "";
      }
    }

    assertThat(restriction(Marked.class, new Stricter(), "marked.read")).contains(AGENT.and(ADMIN));
    assertThat(restriction(Marked.class, new Stricter(), "marked.other"))
        .contains(Restriction.KNOWN);
  }

  @Test
  void anImplementingClassMayDemandSomethingForAll() {
    @Restricted(roles = "admin")
    class Strict extends PlainOpen {}

    assertThat(restriction(Open.class, new Strict(), "open.read")).contains(ADMIN);
  }

  @Test
  void whatASuperclassDemandsIsNotOverriddenAway() {
    class Base implements Open {
      @Override
      @Restricted(roles = "admin")
      public String read() {
        return "";
      }
    }
    class Below extends Base {
      @Override
      public String read() {
        return "";
      }
    }

    assertThat(restriction(Open.class, new Below(), "open.read")).contains(ADMIN);
  }

  @Restricted(roles = "agent")
  interface Above {
    @Rpc
    String read();
  }

  interface Below extends Above {
    @Rpc
    String own();
  }

  @Test
  void anInheritedContractDemandsForItsOwnMethods() {
    class Plain implements Below {
      @Override
      public String read() {
        return "";
      }

      @Override
      public String own() {
        return "";
      }
    }

    assertThat(restriction(Below.class, new Plain(), "below.read")).contains(AGENT);
    assertThat(restriction(Below.class, new Plain(), "below.own")).isEmpty();
  }

  interface Store<T> {
    @Rpc
    void put(T value);
  }

  interface Texts extends Store<String> {}

  abstract static class Kept<T extends CharSequence> {
    @Restricted(roles = "admin")
    public void put(T value) {}

    @Restricted(roles = "nobody")
    public void put(T value, int more) {}
  }

  @Test
  void aGenericMethodIsFoundWhereverItIsFixed() {
    class KeptTexts extends Kept<String> implements Texts {}

    class Direct implements Texts {
      @Override
      @Restricted(roles = "admin")
      public void put(String value) {}
    }

    assertThat(restriction(Texts.class, new KeptTexts(), "texts.put")).contains(ADMIN);
    assertThat(restriction(Texts.class, new Direct(), "texts.put")).contains(ADMIN);
  }

  @Test
  void anotherContractOfTheSameObjectDemandsNothingHere() {
    class Both implements Open, Above {
      @Override
      public String read() {
        return "";
      }
    }

    assertThat(restriction(Open.class, new Both(), "open.read")).isEmpty();
    assertThat(restriction(Above.class, new Both(), "above.read")).contains(AGENT);
  }

  @Test
  void aMethodInCodeIsRestrictedMoreAndMore() {
    Exposed method = Exposed.of("a", call -> null, Execution.CONCURRENT);

    assertThat(method.restriction()).isEmpty();
    assertThat(method.restrictedTo(AGENT).restrictedTo(ADMIN).servedBy(call -> 1).restriction())
        .contains(AGENT.and(ADMIN));
  }

  @Test
  void oneRoleOfEachSetAndAllPermissionsAreNeeded() {
    Restriction both =
        Restriction.roles("a", "b").and(Restriction.roles("c")).and(Restriction.permissions("p"));

    assertThat(admits(both, Set.of("a", "c"), Set.of("p"))).isTrue();
    assertThat(admits(both, Set.of("b", "c"), Set.of("p", "q"))).isTrue();
    assertThat(admits(both, Set.of("a", "b"), Set.of("p"))).isFalse();
    assertThat(admits(both, Set.of("a", "c"), Set.of())).isFalse();
    assertThat(admits(both, Set.of("c"), Set.of("p"))).isFalse();
    assertThat(Restriction.KNOWN.admits(true, role -> false, Set.of())).isTrue();
    assertThat(Restriction.KNOWN.admits(false, role -> true, Set.of("p"))).isFalse();
  }

  @Test
  void aRestrictionOfEmptyNamesIsRefused() {
    assertThatThrownBy(() -> Restriction.roles(""))
        .hasMessage("restriction: \"\" (expected: names)");
    assertThatThrownBy(() -> new Restriction(List.of(Set.of()), Set.of()))
        .hasMessage("roles: [] (expected: at least one)");
  }

  private static boolean admits(Restriction one, Set<String> roles, Set<String> permissions) {
    return one.admits(true, roles::contains, permissions);
  }

  private static Optional<Restriction> restriction(
      Class<?> contract, Object implementation, String name) {
    return Contract.of(contract).servedBy(implementation).stream()
        .filter(exposed -> exposed.name().equals(name))
        .findFirst()
        .orElseThrow()
        .restriction();
  }
}
