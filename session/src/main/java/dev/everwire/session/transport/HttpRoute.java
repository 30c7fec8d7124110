package dev.everwire.session.transport;

/** Answers HTTP requests for one path. May block: it runs on a virtual thread of its own. */
@FunctionalInterface
public interface HttpRoute {
  HttpReply handle(HttpRequest request) throws Exception;
}
