package io.sluice.benchmarks.backpressure;

import io.sluice.testkit.cluster.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SignalsTest {

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
    void processStandsStillUntilItGoesOn() throws Exception {
        try (Signals signals = new Signals(process.pid())) {
            signals.suspend();
            awaitStandstill();

            signals.resume();

            assertThat(answers(process)).isTrue();
        }
    }

    @Test
    void closingLetsItGoOn() throws IOException {
        Signals signals = new Signals(process.pid());
        signals.suspend();

        signals.close();

        assertThat(answers(process)).isTrue();
    }

    @Test
    void processThatHasEndedIsReportedAndTheOtherGoesOn() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.onExit().join();
        Signals signals = new Signals(ended.pid(), process.pid());

        assertThatThrownBy(signals::suspend)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Cannot send SIGSTOP to the processes [%d, %d]: one of them has ended."
                                .formatted(ended.pid(), process.pid()));
        awaitStandstill();
        signals.close();

        assertThat(answers(process)).isTrue();
    }

    /** A signal is sent at once, but a process that sleeps has to wake up for it. */
    private void awaitStandstill() throws InterruptedException {
        Await.every(Duration.ofMillis(1))
                .until("a standstill", Duration.ofSeconds(10), () -> stands(process));
    }

    private static boolean stands(Process process) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"))
                .contains("State:\tT");
    }

    private static boolean answers(Process process) throws IOException {
        process.getOutputStream().write('!');
        process.getOutputStream().flush();
        return process.getInputStream().read() == '!' && !stands(process);
    }
}
