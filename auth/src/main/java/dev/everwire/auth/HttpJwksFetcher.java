package dev.everwire.auth;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Over HTTP: no redirects, no cookies, an answer of bounded size within bounded time. */
final class HttpJwksFetcher implements JwksFetcher {
  static final int MOST_BYTES = 256 * 1024;
  private static final int LONGEST_AGE_DIGITS = 9;

  private final JwksEndpoint endpoint;
  private final HttpClient client;

  HttpJwksFetcher(JwksEndpoint endpoint) {
    this.endpoint = endpoint;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(endpoint.timeout())
            .build();
  }

  @Override
  public CompletableFuture<Answer> fetch() {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(endpoint.timeout())
            .header("accept", "application/jwk-set+json, application/json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, HttpJwksFetcher::body);
    // The request's own timeout ends with the headers; this one is for the whole.
    CompletableFuture<Answer> answer =
        exchange
            .thenApply(HttpJwksFetcher::answer)
            .orTimeout(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS);
    var unused =
        answer.whenComplete((done, failure) -> {
          if (failure != null) {
            exchange.cancel(true); // frees the connection
          }
        });
    return answer;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** The {@code max-age} of an answer; zero if it is not to be kept; null if nothing is said. */
  static @Nullable Duration maxAge(HttpHeaders headers) {
    Duration age = null;
    for (String line : headers.allValues("cache-control")) {
      for (String directive : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String word = directive.strip();
        if (word.equals("no-store") || word.equals("no-cache")) {
          return Duration.ZERO;
        }
        if (word.startsWith("max-age=")) {
          String digits = word.substring("max-age=".length()).replace("\"", "").strip();
          if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            age =
                digits.length() > LONGEST_AGE_DIGITS
                    ? Duration.ofDays(365)
                    : Duration.ofSeconds(Long.parseLong(digits));
          }
        }
      }
    }
    return age;
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    return new Answer(response.body(), maxAge(response.headers()));
  }

  private static HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
    return new BoundedBody(
        info.statusCode() == 200 ? null : "answered with status " + info.statusCode());
  }

  /** Collects a body up to a size; fails at once if nobody wants it. */
  private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<byte[]> parts = new ArrayList<>();
    private final @Nullable String unwanted;
    private int size; // called by one thread after the other, as the rules of Flow are
    private Flow.@Nullable Subscription subscription;

    BoundedBody(@Nullable String unwanted) {
      this.unwanted = unwanted;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      if (unwanted != null) {
        end(newSubscription, unwanted);
      } else {
        newSubscription.request(Long.MAX_VALUE); // what comes is counted
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        size += buffer.remaining();
        if (size > MOST_BYTES) {
          parts.clear();
          if (subscription != null) {
            end(subscription, "answered with more than " + MOST_BYTES + " bytes");
          }
          return;
        }
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        parts.add(part);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      ByteBuffer whole = ByteBuffer.allocate(size);
      parts.forEach(whole::put);
      body.complete(whole.array());
    }

    private void end(Flow.Subscription from, String why) {
      from.cancel();
      body.completeExceptionally(new IOException(why));
    }
  }
}
