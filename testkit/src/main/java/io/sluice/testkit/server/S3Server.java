package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.process.S3Process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An object store over the S3 protocol, for one access key; buckets are named in paths. */
public final class S3Server extends ServerProcess {

    private static final String HOST = "127.0.0.1";

    private S3Server(Sandbox sandbox, Path directory, String accessKey, String secretKey)
            throws InterruptedException {
        super(
                sandbox,
                directory,
                "s3",
                S3Process.class,
                List.of(),
                Map.of(
                        "s3proxy.endpoint",
                        "http://%s:0".formatted(HOST),
                        "s3proxy.authorization",
                        "aws-v2-or-v4",
                        "s3proxy.identity",
                        accessKey,
                        "s3proxy.credential",
                        secretKey));
    }

    /** Starts one without buckets. */
    public static S3Server start(Sandbox sandbox, String accessKey, String secretKey)
            throws InterruptedException {
        return new S3Server(sandbox, newDirectory(sandbox, "s3"), accessKey, secretKey);
    }

    public URI endpoint() {
        return URI.create("http://%s:%s".formatted(HOST, ready(0)));
    }

    /** Creates a bucket, which must not exist. */
    public void createBucket(String bucket) throws InterruptedException {
        ask(S3Process.CREATE_BUCKET, bucket);
    }

    /**
     * Returns the keys of all objects in a bucket, in order. An upload in parts shows, to clients
     * too, as long as it is not complete: as keys that begin with {@code .mpus-}, and one that is
     * its id.
     */
    public List<String> objects(String bucket) throws InterruptedException {
        return ask(S3Process.OBJECTS, bucket).stream().sorted().toList();
    }
}
