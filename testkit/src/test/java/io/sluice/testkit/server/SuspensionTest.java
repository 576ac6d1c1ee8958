package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.LinuxProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SuspensionTest {

    private Process process;

    @BeforeEach
    void startSomethingThatReads() throws IOException {
        process = new ProcessBuilder("cat").start();
    }

    @AfterEach
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Test
    void processStandsStillUntilItIsClosed() throws Exception {
        LinuxProcess observed = new LinuxProcess(process.pid());

        Suspension suspension = Suspension.of(process.pid());
        boolean suspended = observed.isSuspended();
        suspension.close();
        suspension.close();

        assertThat(suspended).isTrue();
        assertThat(echoes()).isTrue();
        assertThat(observed.isSuspended()).isFalse();
    }

    @Test
    void processThatHasEndedIsReported() {
        kill();

        assertThatThrownBy(() -> Suspension.of(process.pid()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot suspend pid %d: it has ended.".formatted(process.pid()));
    }

    @Test
    void processThatIsKilledMeanwhileDoesNotMatter() throws Exception {
        Suspension suspension = Suspension.of(process.pid());
        kill();

        suspension.close();

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void exitOfTheCallersJvmLetsItGoOn() throws Exception {
        Process caller =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ForgetfulCaller.class.getName(),
                                Long.toString(process.pid()))
                        .inheritIO()
                        .start();
        assertThat(caller.waitFor()).isZero();

        Await.every(Duration.ofMillis(20))
                .until(
                        "pid %d to go on".formatted(process.pid()),
                        Duration.ofSeconds(10),
                        () -> !new LinuxProcess(process.pid()).isSuspended());
        assertThat(echoes()).isTrue();
    }

    private boolean echoes() throws IOException {
        process.getOutputStream().write('!');
        process.getOutputStream().flush();
        return process.getInputStream().read() == '!';
    }

    /** Suspends a process, and ends as if it were killed. */
    static final class ForgetfulCaller {
        public static void main(String[] arguments) throws Exception {
            Suspension suspension = Suspension.of(Long.parseLong(arguments[0]));
            Runtime.getRuntime().halt(suspension == null ? 1 : 0);
        }
    }
}
