package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.runtime.fs.hdfs.AbstractHadoopRecoverableWriterITCase;

import org.junit.jupiter.api.BeforeAll;

import java.lang.reflect.Method;

/** Flink's published suite for recoverable writers of object stores, through a binding to S3. */
class S3RecoverableWriterIT extends AbstractHadoopRecoverableWriterITCase {

    private static final long PART_BYTES = 6 << 20;

    @BeforeAll
    static void bind() {
        Configuration configuration = S3Accounts.bind("s3a1");
        configuration.set(CoreOptions.TMP_DIRS, tempFolder + "/tmp");
        configuration.setString(
                "fs.multiconf.s3a1.conf.s3.upload.min.part.size", Long.toString(PART_BYTES));
        S3Accounts.initialize(configuration);
        basePath = new Path("s3a1://same/recoverable");
        bigDataChunk = createBigDataChunk(BIG_CHUNK_DATA_PATTERN, PART_BYTES);
        skipped = false;
    }

    @Override
    protected String getLocalTmpDir() {
        return tempFolder + "/tmp";
    }

    /** By its name: the class is in the class loader of the binding. */
    @Override
    protected String getIncompleteObjectName(ResumeRecoverable recoverable) {
        try {
            Method name = recoverable.getClass().getDeclaredMethod("incompleteObjectName");
            name.setAccessible(true);
            return (String) name.invoke(recoverable);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
