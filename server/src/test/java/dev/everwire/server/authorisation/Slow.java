package dev.everwire.server.authorisation;

import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.access.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** An authoriser that answers when it is told to. One thread. */
final class Slow implements Authoriser {
  private final Map<CompletableFuture<Decision>, AccessRequest> waiting = new LinkedHashMap<>();
  private final Map<String, Decision> always = new LinkedHashMap<>();
  private int asked;

  @Override
  public CompletableFuture<Decision> decide(AccessRequest request) {
    asked++;
    CompletableFuture<Decision> answer = new CompletableFuture<>();
    Decision known = always.get(request.action().name());
    if (known == null) {
      waiting.put(answer, request);
    } else {
      answer.complete(known);
    }
    return answer;
  }

  void always(String action, Decision decision) {
    always.put(action, decision);
  }

  void never(String action) {
    always.remove(action);
  }

  int asked() {
    return asked;
  }

  List<String> open() {
    return waiting.values().stream()
        .map(request -> request.action() + " " + request.resource())
        .toList();
  }

  void answer(String resource, Decision decision) {
    answer(request -> request.resource().equals(resource), decision);
  }

  void answerAll(Decision decision) {
    answer(request -> true, decision);
  }

  private void answer(Predicate<AccessRequest> which, Decision decision) {
    List<CompletableFuture<Decision>> meant =
        waiting.entrySet().stream()
            .filter(entry -> which.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    meant.forEach(waiting::remove);
    meant.forEach(answer -> answer.complete(decision));
  }
}
