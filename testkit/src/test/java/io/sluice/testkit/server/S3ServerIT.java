package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class S3ServerIT {

    private static Sandbox sandbox;
    private static S3Server server;
    private static S3Client client;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.create();
        server = S3Server.start(sandbox, "key-a", "secret-a");
        server.createBucket("bucket");
        client = new S3Client(server.endpoint(), "key-a", "secret-a");
    }

    @AfterAll
    static void stop() {
        server.close();
        sandbox.close();
    }

    @Test
    void objectIsReadAsItWasWrittenAndListed() throws Exception {
        HttpResponse<String> put = client.put("/bucket/some/key", "content");
        HttpResponse<String> get = client.get("/bucket/some/key");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).isEqualTo("content");
        assertThat(server.objects("bucket")).contains("some/key");
    }

    @Test
    void otherKeysAreRefused() throws Exception {
        S3Client otherSecret = new S3Client(server.endpoint(), "key-a", "secret-b");
        S3Client otherAccessKey = new S3Client(server.endpoint(), "key-b", "secret-a");

        assertThat(otherSecret.put("/bucket/refused", "content").statusCode()).isEqualTo(403);
        assertThat(otherAccessKey.put("/bucket/refused", "content").statusCode()).isEqualTo(403);
        assertThat(server.objects("bucket")).doesNotContain("refused");
    }

    @Test
    void bucketIsCreatedOnce() {
        assertThatThrownBy(() -> server.createBucket("bucket"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The bucket 'bucket' exists.");
    }

    @Test
    void suspendedServerAcceptsAndAnswersOnceItGoesOn() throws Exception {
        client.put("/bucket/suspended", "content");

        server.suspend();
        CompletableFuture<HttpResponse<String>> answer =
                client.getLater("/bucket/suspended", Duration.ofSeconds(20));
        assertThatThrownBy(() -> client.getLater("/bucket/suspended", Duration.ofMillis(200)).get())
                .hasCauseExactlyInstanceOf(HttpTimeoutException.class);
        assertThat(answer).isNotDone();
        assertThatThrownBy(() -> server.objects("bucket"))
                .hasMessage(
                        "%s is suspended and cannot answer 'objects'; resume it first."
                                .formatted(server));
        server.resume();

        assertThat(answer.get().body()).isEqualTo("content");
    }

    @Test
    void killedServerRefusesConnections() throws Exception {
        try (S3Server killed = S3Server.start(sandbox, "key-b", "secret-b")) {
            killed.suspend();
            killed.kill();

            assertThat(killed.isAlive()).isFalse();
            assertThatThrownBy(() -> new S3Client(killed.endpoint(), "key-b", "secret-b").get("/"))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void endOfTheCallersJvmEndsItEvenIfItIsSuspended() throws Exception {
        Command.Result caller =
                Command.of(
                                sandbox,
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                "-XX:TieredStopAtLevel=1",
                                "-Dsluice.servers=" + System.getProperty("sluice.servers"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ForgetfulCaller.class.getName())
                        .run(Duration.ofSeconds(60))
                        .requireSuccess();

        LinuxProcess forgotten = new LinuxProcess(Long.parseLong(caller.stdout().strip()));
        Await.every(Duration.ofMillis(20))
                .until(
                        "the end of " + forgotten,
                        Duration.ofSeconds(10),
                        () -> !forgotten.isAlive());
    }

    /** Starts a server, suspends it, and ends as if it were killed. */
    static final class ForgetfulCaller {
        public static void main(String[] arguments) throws Exception {
            S3Server server = S3Server.start(Sandbox.create(Path.of("tmp")), "key", "secret");
            server.suspend();
            System.out.println(server.pid());
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }
}
