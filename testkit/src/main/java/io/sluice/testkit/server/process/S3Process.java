package io.sluice.testkit.server.process;

import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import org.jclouds.blobstore.domain.PageSet;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.options.ListContainerOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * An object store over the S3 protocol, which keeps its objects in memory: with files for objects,
 * a marker of a directory could not be deleted once there is something in it.
 */
public final class S3Process {

    /** Creates the bucket that is the argument. */
    public static final String CREATE_BUCKET = "create-bucket";

    /** Returns the keys of all objects of the bucket that is the argument. */
    public static final String OBJECTS = "objects";

    private final BlobStore store;

    private S3Process(BlobStore store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws Exception {
        Properties settings = Answers.settings(arguments);
        BlobStore store =
                // Not by its name: the others, whose jars are not there, would be looked at too.
                ContextBuilder.newBuilder(new TransientApiMetadata())
                        .credentials("any", "any")
                        .overrides(settings)
                        .build(BlobStoreContext.class)
                        .getBlobStore();
        S3Proxy server = S3Proxy.Builder.fromProperties(settings).blobStore(store).build();
        server.start();
        S3Process process = new S3Process(store);
        Answers.serve(
                List.of(Integer.toString(server.getPort())),
                Map.of(
                        CREATE_BUCKET,
                        request -> process.createBucket(request.get(0)),
                        OBJECTS,
                        request -> process.objects(request.get(0))));
    }

    private List<String> createBucket(String bucket) {
        if (!store.createContainerInLocation(null, bucket)) {
            throw new IllegalStateException("The bucket '%s' exists.".formatted(bucket));
        }
        return List.of();
    }

    private List<String> objects(String bucket) {
        List<String> keys = new ArrayList<>();
        ListContainerOptions options = ListContainerOptions.Builder.recursive();
        while (true) {
            PageSet<? extends StorageMetadata> page = store.list(bucket, options);
            page.forEach(object -> keys.add(object.getName()));
            String next = page.getNextMarker();
            if (next == null) {
                return keys;
            }
            options = options.afterMarker(next);
        }
    }
}
