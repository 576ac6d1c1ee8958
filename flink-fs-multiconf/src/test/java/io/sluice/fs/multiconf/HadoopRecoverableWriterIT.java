package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.runtime.fs.hdfs.AbstractHadoopRecoverableWriterITCase;

import io.sluice.fs.multiconf.HadoopRecoverableWriterIT.OfObjectStores;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.reflect.Method;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Flink's published suite for recoverable writers of Hadoop, through a binding to HDFS. */
@ExtendWith(OfObjectStores.class)
class HadoopRecoverableWriterIT extends AbstractHadoopRecoverableWriterITCase {

    @BeforeAll
    static void bind() {
        HdfsClusters.bind("aaHDFS");
        basePath = new Path("aaHDFS://ns1/hadoop-recoverable");
        bigDataChunk = createBigDataChunk(BIG_CHUNK_DATA_PATTERN, 1 << 20);
        skipped = false;
    }

    @Override
    protected String getLocalTmpDir() {
        return tempFolder + "/tmp";
    }

    @Override
    protected String getIncompleteObjectName(ResumeRecoverable recoverable) {
        throw new UnsupportedOperationException("HDFS has no incomplete objects.");
    }

    @Test
    void nothingIsToBeCleanedUp() throws Exception {
        RecoverableWriter writer = getRecoverableWriter();
        ResumeRecoverable persisted;
        try (RecoverableFsDataOutputStream stream = writer.open(new Path(basePathForTest, "x"))) {
            persisted = stream.persist();
        }

        assertThat(writer.requiresCleanupOfRecoverableState()).isFalse();
        assertThat(writer.cleanupRecoverableState(persisted)).isFalse();
    }

    /** Leaves out the two tests that look at a part of an object, which HDFS does not have. */
    static final class OfObjectStores implements ExecutionCondition {

        private static final Set<String> LEFT_OUT =
                Set.of(
                        "testCleanupRecoverableState",
                        "testCallingDeleteObjectTwiceDoesNotThroughException");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getTestMethod().map(Method::getName).filter(LEFT_OUT::contains).isEmpty()
                    ? ConditionEvaluationResult.enabled("for all file systems")
                    : ConditionEvaluationResult.disabled("only for object stores");
        }
    }
}
