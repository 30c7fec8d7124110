package dev.everwire.config.word;

/**
 * One thing that can be set. Immutable.
 *
 * @param path in the tree, for instance {@code session.resumeWithin}; {@code []} stands behind the
 *     name of a list where its elements have options of their own
 * @param type for people: {@code duration}, {@code size}, {@code auto | frame}, …
 * @param defaultText as it is written in a file
 * @param bounds for people, for instance {@code 1s to 7d}; empty for none
 * @param optional whether {@code none} may be said
 * @param live whether it can be changed while the server runs
 * @param secret whether its value is never shown
 * @param doc what it is for
 * @param environment the variable that says it; empty inside the elements of a list
 */
public record Option(
    String path,
    String type,
    String defaultText,
    String bounds,
    boolean optional,
    boolean live,
    boolean secret,
    String doc,
    String environment) {}
