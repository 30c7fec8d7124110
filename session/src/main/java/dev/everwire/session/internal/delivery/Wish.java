package dev.everwire.session.internal.delivery;

/** Whether a message that has waited is still wanted. Event loop only. */
@FunctionalInterface
public interface Wish {

  /** False if it must not be sent any more: who asked for it has been answered otherwise. */
  boolean stands();
}
