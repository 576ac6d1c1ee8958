package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.local.LocalFileSystem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConnectionTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final FileSystem made = new LocalFileSystem();
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void fileSystemIsMadeOnce() throws IOException {
        Connection connection = connection(LONG, () -> made);

        assertThat(connection.get()).isSameAs(made);
        assertThat(connection.get()).isSameAs(made);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void failedAttemptIsFollowedByAnother() throws IOException {
        Connection connection =
                connection(
                        LONG,
                        () -> {
                            if (attempts.get() == 1) {
                                throw new IOException("no route");
                            }
                            return made;
                        });

        assertThatThrownBy(connection::get)
                .isInstanceOf(IOException.class)
                .hasMessage("Binding aa cannot connect to hdfs://ns1/: no route");
        assertThat(connection.get()).isSameAs(made);
    }

    @Test
    void hangingAttemptIsReportedAndNotRepeated() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        Connection connection =
                connection(
                        Duration.ofMillis(20),
                        () -> {
                            answers.await();
                            return made;
                        });

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(connection::get)
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "Binding aa has no connection to hdfs://ns1/ after 20 ms: its login or its servers do not answer. It goes on trying; see whether they can be reached from this machine, or raise fs.multiconf.aa.connect-timeout.");
        }
        answers.countDown();

        assertThat(awaited(connection)).isSameAs(made);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void interruptEndsTheWait() {
        CountDownLatch never = new CountDownLatch(1);
        Connection connection =
                connection(
                        LONG,
                        () -> {
                            never.await();
                            return made;
                        });
        Thread.currentThread().interrupt();

        assertThatThrownBy(connection::get)
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("Interrupted while binding aa connects to hdfs://ns1/.");

        assertThat(Thread.interrupted()).isTrue();
    }

    /** It is there as soon as the thread that made it was scheduled. */
    private static FileSystem awaited(Connection connection) {
        while (true) {
            try {
                return connection.get();
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
    }

    private Connection connection(Duration timeout, Callable<FileSystem> opening) {
        return new Connection(
                "aa",
                URI.create("hdfs://ns1/"),
                timeout,
                "fs.multiconf.aa.connect-timeout",
                () -> {
                    attempts.incrementAndGet();
                    return opening.call();
                });
    }
}
