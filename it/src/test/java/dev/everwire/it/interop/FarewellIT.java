package dev.everwire.it.interop;

import static dev.everwire.it.interop.EchoContract.assertClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.Serving;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How every client learns that its server goes, all at the same time. */
@ExtendWith(Clients.Shared.class)
final class FarewellIT {
  private final Clients clients;

  FarewellIT(Clients clients) {
    this.clients = clients;
  }

  @Test
  void aServerThatDrainsClosesEveryConnectionWith1001() throws Exception {
    try (Serving server = Serving.on(0, "--drain", "5s")) {
      Map<Kind, Link> links = connectAll(server);
      server.program().terminate();
      for (Map.Entry<Kind, Link> one : links.entrySet()) {
        Heard end = one.getValue().next();
        assertThat(end).as("%s", one.getKey()).isInstanceOf(Heard.Closed.class);
        assertClosed(1001, end);
      }
      assertThat(server.program().exit()).isIn(0, 143);
    }
  }

  @Test
  void aServerThatDiesIsNoticedAndServesAgainAtTheSamePortOnceItIsBack() throws Exception {
    try (Serving first = Serving.on(0)) {
      Map<Kind, Link> links = connectAll(first);
      first.program().kill();
      for (Map.Entry<Kind, Link> one : links.entrySet()) {
        Heard end = one.getValue().next();
        assertThat(end).as("%s", one.getKey()).isInstanceOf(Heard.Closed.class);
        assertClosed(1006, end);
      }
      try (Serving second = Serving.on(first.port())) {
        assertThat(connectAll(second)).hasSameSizeAs(Kind.values());
      }
    }
  }

  private Map<Kind, Link> connectAll(Serving server) throws Exception {
    Map<Kind, Link> links = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      Link link = clients.get(kind).connect(Ask.of(server.uri("/echo")));
      link.text(kind.name());
      assertThat(link.next()).isEqualTo(new Heard.Text(kind.name()));
      links.put(kind, link);
    }
    return links;
  }
}
