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

import io.sluice.fs.multiconf.metrics.CountedInput;
import io.sluice.fs.multiconf.metrics.CountedOutput;
import io.sluice.fs.multiconf.metrics.Operation;
import io.sluice.fs.multiconf.metrics.OperationWatch;
import io.sluice.fs.multiconf.metrics.ProcessMetrics;
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
    private final OperationWatch watch;

    BindingFileSystem(Binding binding, PathMapping mapping, Connection connection) {
        this.binding = binding;
        this.mapping = mapping;
        this.connection = connection;
        this.watch =
                new OperationWatch(
                        ProcessMetrics.of(binding.settings().name()),
                        new OperationFailure(binding.settings(), mapping.realRoot())::explained);
    }

    /** Something that is done with the file system behind. */
    interface Action<T> {
        T run(FileSystem delegate) throws IOException;
    }

    final <T> T within(Operation operation, Action<T> action) throws IOException {
        return watch.of(
                operation,
                () -> {
                    FileSystem delegate = connection.get();
                    return binding.backend().run(() -> action.run(delegate));
                });
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

    private Path directory(Action<Path> which) {
        try {
            return mapping.toBinding(within(Operation.STATUS, which), new Path(getUri()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    @Deprecated
    public long getDefaultBlockSize() {
        try {
            return within(Operation.STATUS, FileSystem::getDefaultBlockSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Path real = real(path);
        return BindingFileStatus.of(
                within(Operation.STATUS, delegate -> delegate.getFileStatus(real)),
                mapping.seenFrom(path));
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
            throws IOException {
        if (!(file instanceof BindingFileStatus own)) {
            throw new IOException(
                    "%s is no status of binding %s: ask the file system that it came from."
                            .formatted(file, binding.settings().name()));
        }
        return within(
                Operation.LOCATIONS,
                delegate -> delegate.getFileBlockLocations(own.real(), start, length));
    }

    @Override
    public FileStatus @Nullable [] listStatus(Path path) throws IOException {
        Path real = real(path);
        FileStatus[] found = within(Operation.LIST, delegate -> delegate.listStatus(real));
        if (found == null) {
            return null;
        }
        PathMapping.View view = mapping.seenFrom(path);
        FileStatus[] seen = new FileStatus[found.length];
        for (int i = 0; i < found.length; i++) {
            seen[i] = BindingFileStatus.of(found[i], view);
        }
        return seen;
    }

    @Override
    public boolean exists(Path path) throws IOException {
        Path real = real(path);
        return within(Operation.STATUS, delegate -> delegate.exists(real));
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        Path real = real(path);
        return CountedInput.of(within(Operation.OPEN, delegate -> delegate.open(real)), watch);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Path real = real(path);
        return CountedInput.of(
                within(Operation.OPEN, delegate -> delegate.open(real, bufferSize)), watch);
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        Path real = real(path);
        return CountedOutput.of(
                within(Operation.CREATE, delegate -> delegate.create(real, mode)), watch);
    }

    @Override
    @Deprecated
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize)
            throws IOException {
        Path real = real(path);
        return CountedOutput.of(
                within(
                        Operation.CREATE,
                        delegate ->
                                delegate.create(
                                        real, overwrite, bufferSize, replication, blockSize)),
                watch);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        Path real = real(path);
        return within(Operation.MKDIRS, delegate -> delegate.mkdirs(real));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        Path real = real(path);
        return within(Operation.DELETE, delegate -> delegate.delete(real, recursive));
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        Path realSource = real(source);
        Path realTarget = real(target);
        return within(Operation.RENAME, delegate -> delegate.rename(realSource, realTarget));
    }

    @Override
    public RecoverableWriter createRecoverableWriter() throws IOException {
        return within(
                Operation.WRITER, delegate -> writer(delegate, delegate.createRecoverableWriter()));
    }

    @Override
    public RecoverableWriter createRecoverableWriter(Map<String, String> conf) throws IOException {
        return within(
                Operation.WRITER,
                delegate -> writer(delegate, delegate.createRecoverableWriter(conf)));
    }

    private RecoverableWriter writer(FileSystem delegate, RecoverableWriter real)
            throws IOException {
        return new BindingRecoverableWriter(
                real,
                binding.backend(),
                watch,
                this::real,
                new Origin.Keeper(binding, mapping, delegate));
    }

    @Override
    public boolean canCopyPaths(Path source, Path destination) throws IOException {
        Path realSource;
        Path realDestination;
        try {
            realSource = realOrLocal(source);
            realDestination = realOrLocal(destination);
        } catch (WrongBindingException e) {
            return false;
        }
        return within(
                Operation.STATUS,
                delegate ->
                        delegate instanceof PathsCopyingFileSystem
                                && delegate.canCopyPaths(realSource, realDestination));
    }

    @Override
    public void copyFiles(List<CopyRequest> requests, ICloseableRegistry closeables)
            throws IOException {
        List<CopyRequest> real = new ArrayList<>(requests.size());
        for (CopyRequest request : requests) {
            real.add(
                    CopyRequest.of(
                            realOrLocal(request.getSource()),
                            realOrLocal(request.getDestination()),
                            request.getSize()));
        }
        within(
                Operation.COPY,
                delegate -> {
                    ((PathsCopyingFileSystem) delegate).copyFiles(real, closeables);
                    return true;
                });
    }

    private Path realOrLocal(Path path) throws IOException {
        String scheme = path.toUri().getScheme();
        return scheme == null || scheme.equals("file") ? path : real(path);
    }
}
