package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;

import io.sluice.testkit.server.HdfsServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static io.sluice.fs.multiconf.TextFiles.commit;
import static io.sluice.fs.multiconf.TextFiles.pending;
import static io.sluice.fs.multiconf.TextFiles.read;
import static io.sluice.fs.multiconf.TextFiles.restored;
import static io.sluice.fs.multiconf.TextFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Two clusters of the same nameservice name, with conflicting settings, in one JVM. */
class TwoClustersIT {

    private final String directory = "/two/" + UUID.randomUUID();
    private final Path a = new Path("aaHDFS://ns1" + directory);
    private final Path b = new Path("bbHDFS://ns1" + directory);

    @BeforeEach
    void bind() {
        HdfsClusters.bind("aaHDFS", "bbHDFS");
    }

    @Test
    void eachHasItsOwnFilesAndReplication() throws Exception {
        write(new Path(a, "x"), "of a");
        write(new Path(b, "x"), "of b");
        write(new Path(b, "y"), "only b");

        assertThat(read(new Path(a, "x"))).isEqualTo("of a");
        assertThat(read(new Path(b, "x"))).isEqualTo("of b");
        assertThat(a.getFileSystem().exists(new Path(a, "y"))).isFalse();
        assertThat(a.getFileSystem().getFileStatus(new Path(a, "x")).getReplication())
                .isEqualTo((short) 1);
        assertThat(b.getFileSystem().getFileStatus(new Path(b, "x")).getReplication())
                .isEqualTo((short) 2);
    }

    @Test
    void pathsAreThoseOfTheBinding() throws Exception {
        write(new Path(a, "x"), "1");
        Path bare = new Path("aaHDFS:" + directory);

        assertThat(a.getFileSystem().listStatus(a))
                .extracting(FileStatus::getPath)
                .containsExactly(new Path(a, "x"));
        assertThat(bare.getFileSystem().listStatus(bare))
                .extracting(FileStatus::getPath)
                .containsExactly(new Path(bare, "x"));
        assertThat(a.getFileSystem().getUri()).hasToString("aaHDFS://ns1/");
        assertThat(a.getFileSystem().getWorkingDirectory().toUri().getScheme()).isEqualTo("aaHDFS");
    }

    @Test
    void userIsThatOfTheBinding() throws Exception {
        Configuration configuration = HdfsClusters.bind("aaHDFS", "bbHDFS");
        configuration.setString("fs.multiconf.aaHDFS.user", "etl");
        configuration.setString("fs.multiconf.bbHDFS.user", "bi");
        FileSystem.initialize(configuration, null);

        assertThat(a.getFileSystem().getHomeDirectory()).hasToString("aaHDFS://ns1/user/etl");
        assertThat(b.getFileSystem().getHomeDirectory()).hasToString("bbHDFS://ns1/user/bi");
    }

    @Test
    void renameFromOneToTheOtherIsRefused() throws Exception {
        write(new Path(a, "x"), "1");

        assertThatThrownBy(() -> a.getFileSystem().rename(new Path(a, "x"), new Path(b, "x")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Path %s is not of binding aaHDFS: its scheme is bbHDFS. Nothing goes from one binding to another but by reading and writing."
                                .formatted(new Path(b, "x")));

        assertThat(read(new Path(a, "x"))).isEqualTo("1");
        assertThat(b.getFileSystem().exists(new Path(b, "x"))).isFalse();
    }

    @Test
    void locationsOfAListingComeAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            write(new Path(a, "f" + i), "some bytes");
        }
        FileSystem files = a.getFileSystem();
        HdfsServer server = HdfsClusters.of("aaHDFS");
        Map<String, Long> before = server.nameNodeCalls();

        FileStatus[] found = files.listStatus(a);
        for (FileStatus file : found) {
            BlockLocation[] blocks = files.getFileBlockLocations(file, 0, file.getLen());
            assertThat(blocks).hasSize(1);
            assertThat(blocks[0].getHosts()).isNotEmpty();
        }

        Map<String, Long> after = server.nameNodeCalls();
        assertThat(found).hasSize(20);
        // The first file might have been the only one that somebody asks for.
        assertThat(calls(after, "getBlockLocations") - calls(before, "getBlockLocations"))
                .isEqualTo(1);
        assertThat(calls(after, "getListing") - calls(before, "getListing")).isEqualTo(2);
    }

    @Test
    void locationsOfAChangedFileAreThoseOfTheFile() throws Exception {
        write(new Path(a, "asked"), "1");
        write(new Path(a, "changed"), "1");
        FileSystem files = a.getFileSystem();
        FileStatus[] found = files.listStatus(a);
        files.delete(new Path(a, "changed"), false);
        write(new Path(a, "changed"), "12");
        files.getFileBlockLocations(found[0], 0, 1);

        BlockLocation[] blocks = files.getFileBlockLocations(found[1], 0, 1);

        assertThat(found[1].getPath().getName()).isEqualTo("changed");
        assertThat(blocks).hasSize(1);
        assertThat(blocks[0].getLength()).isEqualTo(2);
    }

    @Test
    void checkpointIsDeletedAtOnceIfTheBindingSaysSo() throws Exception {
        assertThat(callsToDeleteACheckpoint()).isEqualTo(22);
        Configuration configuration = HdfsClusters.bind("aaHDFS");
        configuration.setString("fs.multiconf.aaHDFS.coalesce-deletes", "true");
        FileSystem.initialize(configuration, null);

        // Its metadata, a listing, and all the rest.
        assertThat(callsToDeleteACheckpoint()).isEqualTo(3);
    }

    /** As Flink deletes one of 20 state files. */
    private long callsToDeleteACheckpoint() throws Exception {
        Path checkpoint = new Path(a, "chk-3");
        List<Path> files = new ArrayList<>(List.of(new Path(checkpoint, "_metadata")));
        for (int i = 0; i < 20; i++) {
            files.add(new Path(checkpoint, UUID.randomUUID().toString()));
        }
        for (Path file : files) {
            write(file, "state");
        }
        HdfsServer server = HdfsClusters.of("aaHDFS");
        long before = sum(server.nameNodeCalls());

        for (Path file : files) {
            assertThat(checkpoint.getFileSystem().delete(file, false)).isTrue();
        }
        assertThat(checkpoint.getFileSystem().delete(checkpoint, false)).isTrue();

        long calls = sum(server.nameNodeCalls()) - before;
        assertThat(checkpoint.getFileSystem().exists(checkpoint)).isFalse();
        return calls;
    }

    private static long sum(Map<String, Long> calls) {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long calls(Map<String, Long> all, String operation) {
        return all.getOrDefault(operation, 0L);
    }

    @Test
    void fileIsCommittedAfterARestore() throws Exception {
        Path target = new Path(a, "result");
        byte[] state = pending(target, "exactly once");

        CommitRecoverable restored = restored(a, state);
        commit(a, restored);
        commit(a, restored);

        assertThat(read(target)).isEqualTo("exactly once");
        assertThat(a.getFileSystem().listStatus(a)).hasSize(1);
    }

    @Test
    void fileOfAnotherClusterOfTheSameNameIsNotTakenForCommitted() throws Exception {
        byte[] state = pending(new Path(a, "result"), "not lost");

        assertThatThrownBy(() -> restored(b, state))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "Refused to recover a file through binding bbHDFS, as its data would be lost: it is in the store BP-[^,]+, and what is behind the binding now is the store BP-[^,]+, although it goes by the same name\\. Point the binding to where it pointed when the checkpoint was made, or use another binding for the new place and start the job there without this state\\.");

        assertThat(restored(a, state)).isNotNull();
        assertThat(b.getFileSystem().listStatus(b)).isEmpty();
    }

    @Test
    void emptyCopyInAnotherClusterIsNotCommitted() throws Exception {
        byte[] state = pending(new Path(a, "result"), "not lost");
        // What a copy of a directory that is being written to may leave.
        FileStatus[] unfinished = a.getFileSystem().listStatus(a);
        write(new Path(b, unfinished[0].getPath().getName()), "");

        assertThatThrownBy(() -> restored(b, state))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Refused to recover a file through binding bbHDFS");

        assertThat(b.getFileSystem().exists(new Path(b, "result"))).isFalse();
    }

    @Test
    void fileOfAnotherClusterIdIsRefused() throws Exception {
        Configuration configuration = HdfsClusters.bind("aaHDFS");
        configuration.setString("fs.multiconf.aaHDFS.cluster-id", "prod-a");
        FileSystem.initialize(configuration, null);
        byte[] state = pending(new Path(a, "result"), "1");
        configuration.setString("fs.multiconf.aaHDFS.cluster-id", "prod-b");
        FileSystem.initialize(configuration, null);

        assertThatThrownBy(() -> restored(a, state))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Refused to recover a file through binding aaHDFS, as its data would be lost: it is in cluster prod-a, and what is behind the binding now is prod-b, as fs.multiconf.aaHDFS.cluster-id says. Point the binding to where it pointed when the checkpoint was made, or use another binding for the new place and start the job there without this state.");
    }

    @Test
    void fileOfAnotherSchemeIsRefused() throws Exception {
        byte[] state = pending(new Path(a, "result"), "1");
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.aaHDFS.scheme", "file");
        FileSystem.initialize(configuration, null);

        assertThatThrownBy(() -> restored(new Path("aaHDFS:///tmp"), state))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Refused to recover a file through binding aaHDFS, as its data would be lost: it is in hdfs://ns1, and what is behind the binding now is file://.");
    }

    @Test
    void fileOfAnotherBindingIsNotCopied() throws Exception {
        FileSystem files = FileSystem.getUnguardedFileSystem(a.toUri());

        assertThat(files.canCopyPaths(new Path(b, "x"), new Path(a, "x"))).isFalse();
    }

    @Test
    void pathsOutsideThePrefixesAreRefused() throws Exception {
        Configuration configuration = HdfsClusters.bind("aaHDFS");
        configuration.setString("fs.multiconf.aaHDFS.allowed-prefixes", directory);
        FileSystem.initialize(configuration, null);
        write(new Path(a, "x"), "1");

        assertThatThrownBy(() -> write(new Path("aaHDFS://ns1/else"), "1"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Binding aaHDFS may not touch aaHDFS://ns1/else, only what is below %s. fs.multiconf.aaHDFS.allowed-prefixes says so."
                                .formatted(directory));
    }

    @Test
    void unknownNameserviceIsReported() {
        assertThatThrownBy(() -> read(new Path("aaHDFS://ns7/x")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Binding aaHDFS cannot connect to hdfs://ns7/: 'ns7' is neither a host that is known here nor one of the binding's nameservices (ns1). See fs.multiconf.aaHDFS.hadoop-conf-dir.");
    }
}
