package dev.everwire.client.internal.keep;

/** What others say, made fit for a line of a log. */
final class Words {
  private static final int LONGEST = 200;

  private Words() {}

  /** At most 200 characters, none of them a control character. */
  static String brief(String said) {
    String start = said.length() > LONGEST ? said.substring(0, LONGEST - 1) + "…" : said;
    if (start.chars().noneMatch(Character::isISOControl)) {
      return start;
    }
    StringBuilder clean = new StringBuilder(start.length());
    start.chars().forEach(c -> clean.append(Character.isISOControl(c) ? '?' : (char) c));
    return clean.toString();
  }
}
