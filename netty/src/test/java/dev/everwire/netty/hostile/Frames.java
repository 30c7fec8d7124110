package dev.everwire.netty.hostile;

import java.util.List;

/**
 * Frames that either end gets, in the notation of {@link Wire}, and how it ends the connection. RFC
 * 6455 sections 5, 7 and 8.
 */
final class Frames {
  private Frames() {}

  static List<Case> all() {
    return Case.table(HEADERS + LENGTHS + FRAGMENTS + TEXTS + CLOSES);
  }

  /** Those that are short enough to be sent one byte at a time. */
  static List<Case> small() {
    return all().stream().filter(one -> !one.does().contains("{")).toList();
  }

  private static final String HEADERS =
      """
      mask wrong for the role         | !81:6869                           | close 1002
      mask wrong on a ping            | !89:                               | close 1002
      mask wrong on a close           | !88:03E8                           | close 1002
      mask wrong in the second frame  | 81:'ok' !81:6869                   | close 1002
      RSV1 on a text                  | C1:6869                            | close 1002
      RSV1 on a binary message        | C2:6869                            | close 1002
      RSV2 on a text                  | A1:6869                            | close 1002
      RSV3 on a text                  | 91:6869                            | close 1002
      all RSV bits on a text          | F1:6869                            | close 1002
      RSV1 on an empty text           | C1:                                | close 1002
      RSV1 on a ping                  | C9:                                | close 1002
      RSV2 on a pong                  | AA:                                | close 1002
      RSV3 on a ping                  | 99:                                | close 1002
      RSV1 on a close                 | C8:03E8                            | close 1002
      RSV2 on a close                 | A8:03E8                            | close 1002
      RSV1 on a continuation          | 01:'a' C0:'b'                      | close 1002
      RSV2 on a continuation          | 01:'a' A0:'b'                      | close 1002
      RSV1 inside a message           | 01:'a' 40:'b' 80:'c'               | close 1002
      compressed without agreement    | C1:4A4C4A0600                      | close 1002
      opcode 3                        | 83:                                | close 1002
      opcode 4                        | 84:6869                            | close 1002
      opcode 5                        | 85:6869                            | close 1002
      opcode 6                        | 86:6869                            | close 1002
      opcode 7                        | 87:6869                            | close 1002
      opcode 11                       | 8B:                                | close 1002
      opcode 12                       | 8C:6869                            | close 1002
      opcode 13                       | 8D:6869                            | close 1002
      opcode 14                       | 8E:6869                            | close 1002
      opcode 15                       | 8F:6869                            | close 1002
      opcode 3 inside a message       | 01:'a' 03:'b' 80:'c'               | close 1002
      ping in fragments               | 09:6869                            | close 1002
      pong in fragments               | 0A:6869                            | close 1002
      close in fragments              | 08:03E8                            | close 1002
      ping in fragments in a message  | 01:'a' 09: 80:'b'                  | close 1002
      """;

  private static final String LENGTHS =
      """
      ping of 126 bytes               | 89:{126*61}                        | close 1002
      pong of 126 bytes               | 8A:{126*61}                        | close 1002
      ping with a long length field   | 89~7E0005:6162636465               | close 1002
      ping of 2^63-1 bytes            | 89~7F7FFFFFFFFFFFFFFF:             | close 1002
      16 bits for 5 bytes             | 81~7E0005:6162636465               | close 1002
      16 bits for 125 bytes           | 82~7E007D:{125*61}                 | close 1002
      16 bits for nothing             | 82~7E0000:                         | close 1002
      64 bits for 5 bytes             | 82~7F0000000000000005:6162636465   | close 1002
      64 bits for 65 535 bytes        | 82~7F000000000000FFFF:{65535*61}   | close 1002
      64 bits for nothing             | 82~7F0000000000000000:             | close 1002
      top bit of the length           | 82~7F8000000000000000:             | close 1002
      all bits of the length          | 82~7FFFFFFFFFFFFFFFFF:             | close 1002
      2^63-1 bytes                    | 82~7F7FFFFFFFFFFFFFFF:             | close 1009
      2^32 bytes                      | 82~7F0000000100000000:             | close 1009
      2^31 bytes                      | 82~7F0000000080000000:61           | close 1009
      one byte more than allowed      | 82~7F0000000000010001:             | close 1009
      the same with a text            | 81~7F0000000000010001:'a'          | close 1009
      too much in a fragment          | 02~7F0000000000010001:             | close 1009
      too much when joined            | 02:{40000*61} 80:{40000*61}        | close 1009
      too much announced when joined  | 02:{40000*61} 80~7E9C40:           | close 1009
      2^63-1 bytes to be joined       | 02:61 00~7F7FFFFFFFFFFFFFFF:       | close 1009
      """;

  private static final String FRAGMENTS =
      """
      nothing to continue             | 80:6869                            | close 1002
      nothing to continue, not last   | 00:6869                            | close 1002
      nothing to continue any more    | 01:'a' 80:'b' 80:'c'               | close 1002
      nothing to continue, after one  | 81:'a' 80:'b'                      | close 1002
      text inside a message           | 01:'a' 81:'b'                      | close 1002
      binary inside a message         | 01:'a' 82:'b'                      | close 1002
      text inside a binary one        | 02:'a' 01:'b'                      | close 1002
      a second beginning              | 01: 01:                            | close 1002
      a new one after a ping inside   | 01:'a' 89: 81:'b'                  | close 1002
      a close inside a message        | 01:'a' 88:03E8                     | close 1000
      frames after a breach           | 83: 81:'a' 81:'b' 88:03E8          | close 1002
      two breaches                    | 83: 83: C1: 80:                    | close 1002
      """;

  private static final String TEXTS =
      """
      not UTF-8                       | 81:C328                            | close 1007
      a byte that never occurs        | 81:'a'+FF                          | close 1007
      a continuation byte alone       | 81:80                              | close 1007
      overlong slash                  | 81:C0AF                            | close 1007
      overlong, three bytes           | 81:E080AF                          | close 1007
      overlong, four bytes            | 81:F08080AF                        | close 1007
      a surrogate                     | 81:EDA080                          | close 1007
      a pair of surrogates            | 81:EDA081EDB080                    | close 1007
      above the last character        | 81:F4908080                        | close 1007
      five bytes                      | 81:F888808080                      | close 1007
      cut off at the end              | 81:'ab'+E282                       | close 1007
      cut off at the end of fragments | 01:E2 00:82 80:                    | close 1007
      split over fragments and wrong  | 01:CEBAE1BDB9CF83 80:CEBCCEB5EDA080 | close 1007
      wrong in the middle fragment    | 01:'a' 00:FF 80:'b'                | close 1007
      wrong before a frame's end      | 81~7E00C8:'a'+FF                   | close 1007
      wrong before a large one's end  | 81~7EF000:'abc'+F4908080           | close 1007
      wrong in a fragment without end | 01~14:CEBAE1BDB9CF83CEBCCEB5F490   | close 1007
      overlong before the frame's end | 81~40:C1                           | close 1007
      wrong behind a ping             | 01:E2 89: 80:28                    | close 1007
      wrong after a good message      | 81:'good' 81:FE                    | close 1007
      """;

  private static final String CLOSES =
      """
      close of one byte               | 88:03                              | close 1002
      code 0                          | 88:0000                            | close 1002
      code 999                        | 88:03E7                            | close 1002
      code 1000                       | 88:03E8                            | close 1000
      code 1001 and a reason          | 88:03E9+'bye'                      | close 1001
      code 1004                       | 88:03EC                            | close 1002
      code 1005                       | 88:03ED                            | close 1002
      code 1006                       | 88:03EE                            | close 1002
      code 1014                       | 88:03F6                            | close 1014
      code 1015                       | 88:03F7                            | close 1002
      code 1016                       | 88:03F8                            | close 1002
      code 1100                       | 88:044C                            | close 1002
      code 2000                       | 88:07D0                            | close 1002
      code 2999                       | 88:0BB7                            | close 1002
      code 3000                       | 88:0BB8                            | close 3000
      code 4999                       | 88:1387                            | close 4999
      code 5000                       | 88:1388                            | close 1002
      code 65535                      | 88:FFFF                            | close 1002
      no code                         | 88:                                | close 1005
      reason that is not UTF-8        | 88:03E8+FF                         | close 1007
      reason cut off in a character   | 88:03E8+E282                       | close 1007
      reason with a surrogate         | 88:03E8+EDA080                     | close 1007
      reason of 123 bytes             | 88:03E8+{123*61}                   | close 1000
      reason of 124 bytes             | 88:03E8+{124*61}                   | close 1002
      close with a long length field  | 88~7E0002:03E8                     | close 1002
      message after the close         | 88:03E8 81:'late'                  | close 1000
      ping after the close            | 88:03E8 89:'late'                  | close 1000
      breach after the close          | 88:03E8 83:                        | close 1000
      two closes                      | 88:03E8 88:03E9                    | close 1000
      five closes                     | 88:03E8 88:{100*61} 88: 88: 88:    | close 1000
      """;
}
