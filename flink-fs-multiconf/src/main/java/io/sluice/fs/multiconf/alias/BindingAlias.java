package io.sluice.fs.multiconf.alias;

import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;

/**
 * A binding as a file system of Hadoop: for readers of ORC, statistics of Parquet, and catalogs of
 * Hive and Iceberg, which open paths by themselves. Set {@code fs.NAME.impl} of their Hadoop
 * configuration to this class, with Flink {@code flink.hadoop.fs.NAME.impl}.
 *
 * <p>All is done by Flink's file system of that scheme, so login, settings and isolation are the
 * binding's. Permissions, replication and block sizes that a caller asks for are the binding's,
 * too. Appending is not supported.
 *
 * <p><b>Threads.</b> Any, as far as Hadoop's contract goes.
 */
public final class BindingAlias extends FileSystem {

    private URI root = URI.create("");
    private Path workingDirectory = new Path("/");

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        root =
                URI.create(
                        name.getScheme()
                                + "://"
                                + (name.getAuthority() == null ? "" : name.getAuthority())
                                + "/");
        workingDirectory = new Path("/").makeQualified(root, new Path("/"));
        // Fails now if there is no such binding.
        flink(workingDirectory);
    }

    @Override
    public String getScheme() {
        return root.getScheme();
    }

    @Override
    public URI getUri() {
        return root;
    }

    private static org.apache.flink.core.fs.FileSystem flink(Path path) throws IOException {
        return org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem(path.toUri());
    }

    private Path absolute(Path path) {
        checkPath(path);
        return path.makeQualified(root, workingDirectory);
    }

    private static org.apache.flink.core.fs.Path asFlink(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Path file = absolute(path);
        return new FSDataInputStream(
                new SeekableStream(
                        flink(file).open(asFlink(file)), () -> flink(file).open(asFlink(file))));
    }

    @Override
    public org.apache.hadoop.fs.FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        Path file = absolute(path);
        FSDataOutputStream out =
                flink(file)
                        .create(
                                asFlink(file),
                                overwrite ? WriteMode.OVERWRITE : WriteMode.NO_OVERWRITE);
        return new org.apache.hadoop.fs.FSDataOutputStream(out, statistics);
    }

    @Override
    public org.apache.hadoop.fs.FSDataOutputStream append(
            Path path, int bufferSize, @Nullable Progressable progress) {
        throw new UnsupportedOperationException(
                "%s: a binding does not append to files. Write a new one.".formatted(path));
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        Path from = absolute(source);
        return flink(from).rename(asFlink(from), asFlink(absolute(target)));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        Path file = absolute(path);
        return flink(file).delete(asFlink(file), recursive);
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        Path directory = absolute(path);
        return flink(directory).mkdirs(asFlink(directory));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Path file = absolute(path);
        return status(flink(file).getFileStatus(asFlink(file)));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        Path directory = absolute(path);
        org.apache.flink.core.fs.FileStatus[] found =
                flink(directory).listStatus(asFlink(directory));
        if (found == null) {
            throw new FileNotFoundException(directory + " does not exist.");
        }
        FileStatus[] seen = new FileStatus[found.length];
        for (int i = 0; i < found.length; i++) {
            seen[i] = status(found[i]);
        }
        return seen;
    }

    private FileStatus status(org.apache.flink.core.fs.FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDir(),
                Math.max(1, status.getReplication()),
                status.isDir() ? 0 : Math.max(1, status.getBlockSize()),
                status.getModificationTime(),
                new Path(status.getPath().toUri()).makeQualified(root, workingDirectory));
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
            throws IOException {
        Path path = absolute(file.getPath());
        org.apache.flink.core.fs.FileSystem flink = flink(path);
        org.apache.flink.core.fs.BlockLocation[] found =
                flink.getFileBlockLocations(flink.getFileStatus(asFlink(path)), start, length);
        BlockLocation[] seen = new BlockLocation[found.length];
        for (int i = 0; i < found.length; i++) {
            String[] hosts = found[i].getHosts();
            seen[i] = new BlockLocation(hosts, hosts, found[i].getOffset(), found[i].getLength());
        }
        return seen;
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        workingDirectory = absolute(directory);
    }

    @Override
    public Path getWorkingDirectory() {
        return workingDirectory;
    }
}
