package io.sluice.runtime.launch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether a JVM with given arguments can use a class data archive that was made with default
 * arguments.
 *
 * <p>HotSpot says nothing when it cannot: it starts without the archive, which for Flink takes
 * about half as long again. The rules are those of JDK 17 to 25: the archive needs compressed class
 * and object pointers of default layout.
 */
final class ClassDataSharing {

    private static final Pattern MAX_HEAP = Pattern.compile("-Xmx(\\d+)([kKmMgGtT]?)");

    /** From this heap size on, HotSpot cannot compress object pointers at the default alignment. */
    private static final long LARGEST_COMPRESSED_HEAP_BYTES = 32L << 30;

    private ClassDataSharing() {}

    /** Returns why the archive would not be used, or empty if it would. */
    static Optional<String> obstacle(List<String> jvmArguments) {
        return jvmArguments.stream()
                .filter(ClassDataSharing::hinders)
                .findFirst()
                .map("%s is set"::formatted)
                .or(() -> largeHeap(jvmArguments));
    }

    private static boolean hinders(String argument) {
        return switch (argument) {
            case "-Xshare:off",
                            "-XX:+UseZGC",
                            "-XX:-UseCompressedOops",
                            "-XX:-UseCompressedClassPointers",
                            "-XX:-UseSharedSpaces" ->
                    true;
            default ->
                    argument.startsWith("-XX:SharedArchiveFile=")
                            || argument.startsWith("-XX:ObjectAlignmentInBytes=")
                            || argument.startsWith("-Xbootclasspath/a:")
                            || argument.startsWith("--patch-module")
                            || argument.startsWith("--upgrade-module-path");
        };
    }

    /** The last one given counts, as for the JVM: users put theirs behind Flink's. */
    private static Optional<String> largeHeap(List<String> jvmArguments) {
        return jvmArguments.stream()
                .map(MAX_HEAP::matcher)
                .filter(Matcher::matches)
                .reduce((first, second) -> second)
                .filter(maxHeap -> bytes(maxHeap) >= LARGEST_COMPRESSED_HEAP_BYTES)
                .map(maxHeap -> "%s is a heap of 32 GiB or more".formatted(maxHeap.group()));
    }

    private static long bytes(Matcher maxHeap) {
        long number = Long.parseLong(maxHeap.group(1));
        return switch (maxHeap.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> number << 10;
            case "m" -> number << 20;
            case "g" -> number << 30;
            case "t" -> number << 40;
            default -> number;
        };
    }
}
