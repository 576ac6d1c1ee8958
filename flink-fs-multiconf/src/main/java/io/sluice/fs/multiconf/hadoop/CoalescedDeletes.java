package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.util.ExceptionUtils;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Deletes the directory of a checkpoint at once where Flink deletes its files one by one, and the
 * empty directory last. Deletes of state files are put off until then. If the directory then has
 * nothing but what was to be deleted, one recursive delete does it; if not, each is done as it was
 * asked for.
 *
 * <p>State files only: their names are random, so that none is ever written again, by whichever
 * process. All else, such as {@code _metadata}, is deleted when asked. A process that is killed
 * leaves files that it was to delete. What another process writes into the directory between the
 * listing and the delete is lost: only one that takes the same checkpoint of the same job again
 * while this one deletes it could, which high availability rules out.
 *
 * <p>Where nobody deletes the directory, as in a TaskManager that gives up a checkpoint, files are
 * deleted one by one when nothing more was asked for during a delay.
 *
 * <p><b>Threads.</b> Any. No lock is held during calls of the NameNode.
 */
final class CoalescedDeletes {

    private static final Duration DELAY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(CoalescedDeletes.class);

    private static final Pattern DIRECTORY = Pattern.compile("chk-\\d+");

    /** As {@code java.util.UUID} writes them. */
    private static final Pattern STATE_FILE =
            Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** Bounds memory: about 100 bytes each. */
    private static final int MOST_FILES = 100_000;

    private static final int TRIES = 3;

    private final FileSystem hdfs;
    private final ScheduledExecutorService timer;
    private final Duration delay;

    /** Guarded by this. */
    private final Map<Path, PutOff> directories = new HashMap<>();

    /** Of all directories; guarded by this. */
    private int files;

    /** What is to be deleted in one directory. */
    private static final class PutOff {
        private final Set<String> names = new HashSet<>();

        /** When the last one came, as {@link System#nanoTime} counts. */
        private long last;
    }

    /**
     * @param timer which the caller ends
     * @param delay after which files are deleted where nothing more is asked for
     */
    CoalescedDeletes(FileSystem hdfs, ScheduledExecutorService timer, Duration delay) {
        this.hdfs = hdfs;
        this.timer = timer;
        this.delay = delay;
    }

    /** Returns those of a binding; what is put off is begun when the process ends in order. */
    static CoalescedDeletes ofProcess(String binding, FileSystem hdfs) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        action -> {
                            Thread thread = new Thread(action, "fs-multiconf-deletes-" + binding);
                            thread.setDaemon(true);
                            thread.setContextClassLoader(CoalescedDeletes.class.getClassLoader());
                            return thread;
                        });
        CoalescedDeletes deletes = new CoalescedDeletes(hdfs, timer, DELAY);
        ShutdownHookManager hooks = ShutdownHookManager.get();
        if (!hooks.isShutdownInProgress()) {
            // Hadoop closes its clients at the end of the process, too.
            hooks.addShutdownHook(
                    deletes::deleteAll,
                    FileSystem.SHUTDOWN_HOOK_PRIORITY + 1,
                    DELAY.toSeconds(),
                    TimeUnit.SECONDS);
        }
        return deletes;
    }

    /** Deletes it now or later; returns and throws as a file system does. */
    boolean delete(Path path, boolean recursive) throws IOException {
        if (!recursive && isStateFile(path) && putOff(path)) {
            return true;
        }
        Set<String> names = isDirectory(path) ? taken(path) : Set.of();
        try {
            if (recursive || names.isEmpty() || holdsOnly(path, names)) {
                return hdfs.delete(path, recursive || !names.isEmpty());
            }
            deleteEach(path, names);
            return hdfs.delete(path, false);
        } catch (IOException e) {
            // Flink asks once, and was told that these are deleted.
            tryLater(path, names, TRIES);
            throw e;
        }
    }

    /**
     * Deletes what is put off, as at the end of the process, which may end before: Flink gives its
     * processes five seconds.
     */
    void deleteAll() {
        Set<Path> known;
        synchronized (this) {
            known = Set.copyOf(directories.keySet());
        }
        for (Path directory : known) {
            tryToDelete(directory, taken(directory), 1);
        }
    }

    private static boolean isStateFile(Path path) {
        Path parent = path.getParent();
        return parent != null
                && isDirectory(parent)
                && STATE_FILE.matcher(path.getName()).matches();
    }

    private static boolean isDirectory(Path path) {
        return DIRECTORY.matcher(path.getName()).matches();
    }

    /** Returns false if there is no room to remember it. */
    private synchronized boolean putOff(Path file) {
        if (files >= MOST_FILES) {
            return false;
        }
        Path directory = Objects.requireNonNull(file.getParent());
        PutOff there = directories.get(directory);
        if (there == null) {
            there = new PutOff();
            directories.put(directory, there);
            PutOff made = there;
            later(() -> deleteIfQuiet(directory, made));
        }
        if (there.names.add(file.getName())) {
            there.last = System.nanoTime();
            files++;
        }
        return true;
    }

    private synchronized Set<String> taken(Path directory) {
        PutOff there = directories.remove(directory);
        if (there == null) {
            return Set.of();
        }
        files -= there.names.size();
        return there.names;
    }

    private void later(Runnable action) {
        var unused = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void deleteIfQuiet(Path directory, PutOff expected) {
        synchronized (this) {
            if (directories.get(directory) != expected) {
                return;
            }
            if (System.nanoTime() - expected.last < delay.toNanos()) {
                later(() -> deleteIfQuiet(directory, expected));
                return;
            }
        }
        tryToDelete(directory, taken(directory), TRIES);
    }

    private void tryLater(Path directory, Set<String> names, int tries) {
        if (!names.isEmpty()) {
            later(() -> tryToDelete(directory, names, tries));
        }
    }

    private void tryToDelete(Path directory, Set<String> names, int tries) {
        try {
            deleteEach(directory, names);
        } catch (IOException e) {
            if (tries > 1) {
                tryLater(directory, names, tries - 1);
            } else {
                LOG.warn(
                        "Up to {} files of a checkpoint that nobody needs are left in {}; delete them when the NameNode answers.",
                        names.size(),
                        directory,
                        e);
            }
        }
    }

    private boolean holdsOnly(Path directory, Set<String> names) throws IOException {
        try {
            RemoteIterator<FileStatus> entries = hdfs.listStatusIterator(directory);
            while (entries.hasNext()) {
                FileStatus entry = entries.next();
                if (!entry.isFile() || !names.contains(entry.getPath().getName())) {
                    return false;
                }
            }
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** Tries all, also if one fails. */
    private void deleteEach(Path directory, Set<String> names) throws IOException {
        @Nullable IOException failure = null;
        for (String name : names) {
            try {
                hdfs.delete(new Path(directory, name), false);
            } catch (IOException e) {
                failure = ExceptionUtils.firstOrSuppressed(e, failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
