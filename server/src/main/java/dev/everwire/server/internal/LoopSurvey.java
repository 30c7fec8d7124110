package dev.everwire.server.internal;

import dev.everwire.session.transport.Loop;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Asks several loops for something, each on its own thread, and nobody waits. */
public final class LoopSurvey {
  private LoopSurvey() {}

  /**
   * Runs each question on its loop, then {@code done} at home, which sees all that they wrote. The
   * question to a loop that has ended is not run; nothing is, if that is home.
   */
  public static void ask(Map<Loop, Runnable> questions, Loop home, Runnable done) {
    CompletableFuture<?>[] answers =
        questions.entrySet().stream()
            .map(question -> ask(question.getKey(), question.getValue()))
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(answers).whenComplete((nothing, failure) -> run(home, done));
  }

  private static CompletableFuture<Void> ask(Loop loop, Runnable question) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    boolean asked =
        run(
            loop,
            () -> {
              try {
                question.run();
              } finally {
                answer.complete(null);
              }
            });
    if (!asked) {
      answer.complete(null);
    }
    return answer;
  }

  private static boolean run(Loop loop, Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
