package dev.everwire.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ServerProcessTest {
  @Test
  void theHeapInUseIsReadInTheWordsOfEveryCollector() {
    assertThat(
            ServerProcess.used(
                """
                1234:
                 garbage-first heap   total reserved 6291456K, committed 40960K, used 20480K [0x1, 0x2)
                  region size 4096K, 3 young (12288K), 1 survivors (4096K)
                 Metaspace       used 5000K, committed 5200K, reserved 1114112K
                  class space    used 500K, committed 576K, reserved 1048576K
                """))
        .isEqualTo(20_480 * 1024L);
    assertThat(
            ServerProcess.used(
                """
                 def new generation   total 9216K, used 1000K [0x1, 0x2, 0x3)
                  eden space 8192K,  12% used [0x1, 0x2, 0x3)
                 tenured generation   total 10240K, used 24K [0x1, 0x2, 0x3)
                """))
        .isEqualTo(1024 * 1024L);
    assertThat(ServerProcess.used(" ZHeap           used 20M, capacity 64M, max capacity 6144M"))
        .isEqualTo(20 * 1024 * 1024L);
    assertThat(ServerProcess.used("no such thing")).isNull();
  }

  @Test
  void aProcessOfThisMachineIsLookedAt() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    ServerProcess process = ServerProcess.of(ProcessHandle.current().pid());
    assertThat(process.cpuSeconds()).isPositive();
    assertThat(process.residentBytes()).isGreaterThan(1024 * 1024);
    assertThatThrownBy(() -> ServerProcess.of(Integer.MAX_VALUE))
        .isInstanceOf(BenchException.class);
  }
}
