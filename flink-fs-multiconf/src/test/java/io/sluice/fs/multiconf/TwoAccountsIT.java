package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.EntropyInjector;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.ExceptionUtils;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.UUID;

import static io.sluice.fs.multiconf.TextFiles.commit;
import static io.sluice.fs.multiconf.TextFiles.pending;
import static io.sluice.fs.multiconf.TextFiles.read;
import static io.sluice.fs.multiconf.TextFiles.restored;
import static io.sluice.fs.multiconf.TextFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Two S3 accounts with buckets of the same name, in one JVM. */
class TwoAccountsIT {

    private final String directory = "two/" + UUID.randomUUID();
    private final Path a = new Path("s3a1://same/" + directory);
    private final Path b = new Path("s3b2://same/" + directory);

    @BeforeEach
    void bind() {
        S3Accounts.bind("s3a1", "s3b2");
    }

    @Test
    void eachHasItsOwnObjects() throws Exception {
        write(new Path(a, "x"), "of a");
        write(new Path(b, "x"), "of b");
        write(new Path(b, "y"), "only b");

        assertThat(read(new Path(a, "x"))).isEqualTo("of a");
        assertThat(read(new Path(b, "x"))).isEqualTo("of b");
        assertThat(a.getFileSystem().exists(new Path(a, "y"))).isFalse();
        assertThat(S3Accounts.of("s3a1").objects("same"))
                .contains(directory + "/x")
                .doesNotContain(directory + "/y");
        assertThat(a.getFileSystem().listStatus(a))
                .extracting(FileStatus::getPath)
                .containsExactly(new Path(a, "x"));
    }

    @Test
    void fileIsCommittedAfterARestore() throws Exception {
        Path target = new Path(a, "result");
        byte[] state = pending(target, "exactly once");

        commit(a, restored(a, state));

        assertThat(read(target)).isEqualTo("exactly once");
        assertThat(S3Accounts.of("s3b2").objects("same")).doesNotContain(directory + "/result");
    }

    @Test
    void entropyIsPutIntoThePath() throws Exception {
        Path marked = new Path(a, "_entropy_/x");
        FileSystem files = FileSystem.getUnguardedFileSystem(a.toUri());

        Path injected = EntropyInjector.addEntropy(files, marked);

        assertThat(injected.toString()).startsWith(a + "/").doesNotContain("_entropy_");
        assertThat(injected.getParent().getName()).hasSize(8);
        assertThat(EntropyInjector.removeEntropyMarkerIfPresent(files, marked))
                .isEqualTo(new Path(a, "x"));
    }

    @Test
    void wrongKeyIsReportedWithoutIt() {
        Configuration configuration = S3Accounts.bind("s3a1");
        configuration.setString(
                "fs.multiconf.s3a1.conf-file", S3Accounts.secrets("s3a1", "wrong-hush"));
        S3Accounts.initialize(configuration);

        Throwable failure = catchThrowable(() -> write(new Path(a, "x"), "1"));

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(ExceptionUtils.stringifyException(failure))
                .contains("403")
                .doesNotContain("hush");
    }

    /** As a FileSink meets it. */
    @Test
    void wrongKeyOfARecoverableWriterIsReportedAsThatOfTheBinding() throws Exception {
        Configuration configuration = S3Accounts.bind("s3a1");
        configuration.setString(
                "fs.multiconf.s3a1.conf-file", S3Accounts.secrets("s3a1", "wrong-hush"));
        S3Accounts.initialize(configuration);
        RecoverableWriter writer = a.getFileSystem().createRecoverableWriter();

        assertThatThrownBy(() -> writer.open(new Path(a, "x")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Binding s3a1 is refused by s3://")
                .hasMessageEndingWith("See the keys in the file of fs.multiconf.s3a1.conf-file.");
    }

    @Test
    void schemeWithoutPluginIsReported() {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.ali.scheme", "oss");
        S3Accounts.initialize(configuration);

        assertThatThrownBy(() -> read(new Path("ali://bucket/x")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Binding ali cannot connect to oss://bucket/: no plugin implements scheme oss. Copy the jar of one, such as flink-s3-fs-hadoop for s3, into a directory of its own below plugins/, or change fs.multiconf.ali.scheme.");
    }
}
