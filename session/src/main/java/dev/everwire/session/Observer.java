package dev.everwire.session;

import java.lang.System.Logger.Level;

/**
 * Is told what happens, for figures and traces. Called on event loops, so it must not block and has
 * to be safe from any thread; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface Observer {

  /** Looks away. */
  Observer NONE = what -> {};

  void on(Observed what);

  /** Tells both, this one first. */
  default Observer and(Observer other) {
    return what -> {
      guarded(this).on(what);
      guarded(other).on(what);
    };
  }

  /** The same, but what it throws is logged. */
  static Observer guarded(Observer observer) {
    return what -> {
      try {
        observer.on(what);
      } catch (RuntimeException | Error e) { // whoever watches must not stop what is watched
        System.Logger log = System.getLogger(Observer.class.getName());
        log.log(Level.ERROR, "observer failed event=" + what, e);
      }
    };
  }
}
