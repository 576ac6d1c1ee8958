package io.sluice.fs.multiconf.alias;

import org.apache.flink.core.fs.FileSystem;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A library that knows only Hadoop, at a binding to local files. */
class BindingAliasTest {

    private final Configuration hadoop = new Configuration(false);

    @TempDir java.nio.file.Path directory;

    private Path root = new Path("/");

    @BeforeEach
    void bind() {
        org.apache.flink.configuration.Configuration flink =
                new org.apache.flink.configuration.Configuration();
        flink.setString("fs.multiconf.disk.scheme", "file");
        FileSystem.initialize(flink, null);
        hadoop.set("fs.disk.impl", BindingAlias.class.getName());
        root = new Path("disk://" + directory);
    }

    @Test
    void fileIsWrittenFoundAndRead() throws IOException {
        Path file = new Path(root, "a/b");
        write(file, "0123456789");

        FileStatus status = files().getFileStatus(file);
        assertThat(status.getLen()).isEqualTo(10);
        assertThat(status.isFile()).isTrue();
        assertThat(status.getPath()).isEqualTo(file);
        assertThat(files().listStatus(new Path(root, "a")))
                .extracting(FileStatus::getPath)
                .containsExactly(file);
        assertThat(files().getFileBlockLocations(status, 0, 10)).hasSize(1);
        assertThat(read(file)).isEqualTo("0123456789");
        assertThat(directory.resolve("a/b")).hasContent("0123456789");
    }

    @Test
    void readsAtAPositionLeaveTheStreamWhereItIs() throws IOException {
        Path file = new Path(root, "f");
        write(file, "0123456789");
        byte[] four = new byte[4];

        try (FSDataInputStream in = files().open(file)) {
            in.seek(2);
            in.readFully(5, four);

            assertThat(new String(four, StandardCharsets.UTF_8)).isEqualTo("5678");
            assertThat(in.getPos()).isEqualTo(2);
            assertThat(in.read()).isEqualTo('2');
            assertThatThrownBy(() -> in.readFully(8, four))
                    .hasMessage("There are no 4 bytes at 8.");
        }
    }

    @Test
    void filesAreRenamedAndDeleted() throws IOException {
        Path file = new Path(root, "f");
        Path other = new Path(root, "g");
        write(file, "1");

        assertThat(files().rename(file, other)).isTrue();
        assertThat(files().exists(file)).isFalse();
        assertThat(files().delete(other, false)).isTrue();
        assertThat(files().mkdirs(new Path(root, "d"))).isTrue();
        assertThat(files().getFileStatus(new Path(root, "d")).isDirectory()).isTrue();
    }

    @Test
    void whatIsThereIsNotOverwrittenUnlessWanted() throws IOException {
        Path file = new Path(root, "f");
        write(file, "1");

        assertThatThrownBy(() -> files().create(file, false)).isInstanceOf(IOException.class);
        files().create(file, true).close();

        assertThat(files().getFileStatus(file).getLen()).isZero();
    }

    @Test
    void whatIsNotThereIsToldAsHadoopTellsIt() {
        assertThatThrownBy(() -> files().getFileStatus(new Path(root, "no")))
                .isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> files().listStatus(new Path(root, "no")))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void unknownBindingIsRefused() {
        hadoop.set("fs.nobody.impl", BindingAlias.class.getName());

        assertThatThrownBy(() -> new Path("nobody:///x").getFileSystem(hadoop))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("scheme 'nobody'");
    }

    @Test
    void appendingIsRefused() {
        assertThatThrownBy(() -> files().append(new Path(root, "f")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageEndingWith("a binding does not append to files. Write a new one.");
    }

    private org.apache.hadoop.fs.FileSystem files() throws IOException {
        return root.getFileSystem(hadoop);
    }

    private void write(Path file, String text) throws IOException {
        try (org.apache.hadoop.fs.FSDataOutputStream out = files().create(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String read(Path file) throws IOException {
        try (FSDataInputStream in = files().open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
