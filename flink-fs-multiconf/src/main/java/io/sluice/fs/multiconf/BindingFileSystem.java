package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.ICloseableRegistry;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.PathsCopyingFileSystem;
import org.apache.flink.core.fs.RecoverableWriter;

import io.sluice.fs.multiconf.routing.PathMapping;
import io.sluice.fs.multiconf.routing.PathMapping.WrongBindingException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file system under the scheme of a binding: paths come and go with it, and the work is done by
 * the file system behind it, which is made when it is needed first.
 *
 * <p><b>Threads.</b> As many as the file system behind it takes, which is any for all of Flink's.
 */
class BindingFileSystem extends FileSystem implements PathsCopyingFileSystem {

    private final Binding binding;
    private final PathMapping mapping;
    private final Connection connection;
    private final OperationFailure failure;

    BindingFileSystem(Binding binding, PathMapping mapping, Connection connection) {
        this.binding = binding;
        this.mapping = mapping;
        this.connection = connection;
        this.failure = new OperationFailure(binding.settings(), mapping.realRoot());
    }

    /** Something that is done with the file system behind. */
    interface Operation<T> {
        T run(FileSystem delegate) throws IOException;
    }

    final <T> T within(Operation<T> operation) throws IOException {
        FileSystem delegate = connection.get();
        try {
            return binding.backend().run(() -> operation.run(delegate));
        } catch (IOException e) {
            throw failure.explained(e);
        }
    }

    private Path real(Path path) throws IOException {
        Path real = mapping.toReal(path);
        BindingSettings settings = binding.settings();
        if (!settings.prefixes().allow(real.getPath())) {
            throw new IOException(
                    "Binding %s may not touch %s, only what is below %s. %s says so."
                            .formatted(
                                    settings.name(),
                                    path,
                                    String.join(", ", settings.prefixes().paths()),
                                    settings.key(MultiConfOptions.ALLOWED_PREFIXES)));
        }
        return real;
    }

    @Override
    public URI getUri() {
        return mapping.root();
    }

    @Override
    public boolean isDistributedFS() {
        return binding.settings().kind() != BindingSettings.Kind.LOCAL;
    }

    @Override
    public Path getWorkingDirectory() {
        return directory(FileSystem::getWorkingDirectory);
    }

    @Override
    public Path getHomeDirectory() {
        return directory(FileSystem::getHomeDirectory);
    }

    private Path directory(Operation<Path> which) {
        try {
            return mapping.toBinding(within(which), new Path(getUri()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    @Deprecated
    public long getDefaultBlockSize() {
        try {
            return within(FileSystem::getDefaultBlockSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Path real = real(path);
        return seen(within(delegate -> delegate.getFileStatus(real)), path);
    }

    private FileStatus seen(FileStatus status, Path requested) {
        return BindingFileStatus.of(status, mapping.toBinding(status.getPath(), requested));
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
            throws IOException {
        if (!(file instanceof BindingFileStatus own)) {
            throw new IOException(
                    "%s is no status of binding %s: ask the file system that it came from."
                            .formatted(file, binding.settings().name()));
        }
        return within(delegate -> delegate.getFileBlockLocations(own.real(), start, length));
    }

    @Override
    public FileStatus @Nullable [] listStatus(Path path) throws IOException {
        Path real = real(path);
        FileStatus[] found = within(delegate -> delegate.listStatus(real));
        if (found == null) {
            return null;
        }
        FileStatus[] seen = new FileStatus[found.length];
        for (int i = 0; i < found.length; i++) {
            seen[i] = seen(found[i], path);
        }
        return seen;
    }

    @Override
    public boolean exists(Path path) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.exists(real));
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.open(real));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.open(real, bufferSize));
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.create(real, mode));
    }

    @Override
    @Deprecated
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize)
            throws IOException {
        Path real = real(path);
        return within(
                delegate -> delegate.create(real, overwrite, bufferSize, replication, blockSize));
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.mkdirs(real));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        Path real = real(path);
        return within(delegate -> delegate.delete(real, recursive));
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        Path realSource = real(source);
        Path realTarget = real(target);
        return within(delegate -> delegate.rename(realSource, realTarget));
    }

    @Override
    public RecoverableWriter createRecoverableWriter() throws IOException {
        return within(delegate -> writer(delegate, delegate.createRecoverableWriter()));
    }

    @Override
    public RecoverableWriter createRecoverableWriter(Map<String, String> conf) throws IOException {
        return within(delegate -> writer(delegate, delegate.createRecoverableWriter(conf)));
    }

    private RecoverableWriter writer(FileSystem delegate, RecoverableWriter real)
            throws IOException {
        return new BindingRecoverableWriter(
                real, binding.backend(), this::real, new Origin.Keeper(binding, mapping, delegate));
    }

    @Override
    public boolean canCopyPaths(Path source, Path destination) throws IOException {
        Path realSource;
        Path realDestination;
        try {
            realSource = local(source) ? source : real(source);
            realDestination = local(destination) ? destination : real(destination);
        } catch (WrongBindingException e) {
            return false;
        }
        return within(
                delegate ->
                        delegate instanceof PathsCopyingFileSystem
                                && delegate.canCopyPaths(realSource, realDestination));
    }

    @Override
    public void copyFiles(List<CopyRequest> requests, ICloseableRegistry closeables)
            throws IOException {
        List<CopyRequest> real = new ArrayList<>(requests.size());
        for (CopyRequest request : requests) {
            Path source = request.getSource();
            Path destination = request.getDestination();
            real.add(
                    CopyRequest.of(
                            local(source) ? source : real(source),
                            local(destination) ? destination : real(destination),
                            request.getSize()));
        }
        within(
                delegate -> {
                    ((PathsCopyingFileSystem) delegate).copyFiles(real, closeables);
                    return true;
                });
    }

    private static boolean local(Path path) {
        String scheme = path.toUri().getScheme();
        return scheme == null || scheme.equals("file");
    }
}
