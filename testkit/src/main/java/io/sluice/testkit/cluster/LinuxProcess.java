package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of this host, as Linux shows it below {@code /proc}: also one that a script left behind
 * and that is nobody's child any more.
 *
 * <p>Every answer is of the moment. That of a process which has ended is empty, and so is that of a
 * zombie, which has ended and waits for its parent to notice.
 */
public record LinuxProcess(long pid) {

    private static final Path PROC = Path.of("/proc");
    private static final Pattern PEAK_MEMORY = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    /** Returns those whose environment has {@code value} somewhere in a variable. */
    public static List<LinuxProcess> withEnvironment(String value) {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(name -> new LinuxProcess(Long.parseLong(name)))
                    .filter(
                            process ->
                                    process.environment().values().stream()
                                            .anyMatch(text -> text.contains(value)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the processes in /proc.", e);
        }
    }

    /** Returns whether it has not ended. */
    public boolean isAlive() {
        return read("status").lines().anyMatch(line -> line.matches("State:\\s+[^ZX].*"));
    }

    /** Returns whether it stands still, after a SIGSTOP. */
    public boolean isSuspended() {
        return read("status").lines().anyMatch(line -> line.matches("State:\\s+T.*"));
    }

    /** Returns the program and its arguments. */
    public List<String> commandLine() {
        return zeroTerminated("cmdline");
    }

    public Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        for (String entry : zeroTerminated("environ")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    /** Returns whether it has mapped {@code file} into its memory. */
    public boolean maps(Path file) {
        return read("maps").lines().anyMatch(line -> line.endsWith(" " + file));
    }

    /** Returns the most memory that it had in use at one time. */
    public OptionalLong peakMemoryMebibytes() {
        Matcher peak = PEAK_MEMORY.matcher(read("status"));
        return peak.find()
                ? OptionalLong.of(Long.parseLong(peak.group(1)) / 1024)
                : OptionalLong.empty();
    }

    /** Sends SIGKILL, and does not mind if it has ended. */
    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private List<String> zeroTerminated(String file) {
        String text = read(file);
        return text.isEmpty() ? List.of() : List.of(text.split("\0", -1)).subList(0, count(text));
    }

    private static int count(String text) {
        return (int) text.chars().filter(character -> character == 0).count();
    }

    /** Returns the file, or an empty string if the process has ended or is another user's. */
    private String read(String file) {
        Path path = PROC.resolve(Long.toString(pid)).resolve(file);
        try {
            return Files.isReadable(path)
                    ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            // The kernel says "no such process" while one ends, and denies some files of others.
            return "";
        }
    }
}
