package dev.everwire.server.access;

import dev.everwire.spi.auth.Revocation;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes who may come in and what they may do while a server runs. Safe from any thread. */
public interface Access {

  /**
   * Takes something back: what rests on it ends now. Its connections are closed with 4401, its
   * sessions are forgotten whether they have a connection or not, and it opens no door any more.
   *
   * @return completes when it will not be lost any more
   */
  CompletionStage<Void> revoke(Revocation what);

  /** Other rules hold from now on; null lets everybody do what topics and methods allow. */
  void authoriser(@Nullable Authoriser next);

  /**
   * Others find out who connects from now on. Who is in stays, until its token ends.
   *
   * @throws IllegalArgumentException if the revocations are not those the server has
   */
  void authentication(Authentication next);

  /**
   * What somebody may do has changed behind the authoriser's back: nothing that was remembered
   * holds any more, and subscriptions that are not allowed any more end.
   *
   * @param user whose; null for everybody
   */
  void changed(@Nullable String user);
}
