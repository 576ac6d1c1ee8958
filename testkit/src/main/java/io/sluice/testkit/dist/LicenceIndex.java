package io.sluice.testkit.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code licenses/INDEX.txt}: under which licence each jar is, and where its text is.
 *
 * <p>A line is {@code <artifactId> <SPDX id>[,<SPDX id>...] <text>[,<text>...]}: the texts are
 * files of {@code licenses/}. The text {@value #OWN} marks an artifact of this project, which the
 * top-level LICENSE covers and NOTICE does not list. A jar belongs to the longest artifactId that
 * its name starts with, so a version bump changes nothing here.
 */
final class LicenceIndex {

    static final String OWN = "own";
    private static final String FILE = "INDEX.txt";

    private final Path directory;
    private final List<Entry> entries;
    private final List<String> malformed;

    private LicenceIndex(Path directory, List<Entry> entries, List<String> malformed) {
        this.directory = directory;
        this.entries = List.copyOf(entries);
        this.malformed = List.copyOf(malformed);
    }

    /** Reads the index of a {@code licenses/} directory; what is wrong with it are problems. */
    static LicenceIndex read(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            malformed.add("licenses/%s does not exist.".formatted(FILE));
            return new LicenceIndex(directory, entries, malformed);
        }
        Set<String> artifactIds = new LinkedHashSet<>();
        for (String line : Listing.read(file)) {
            List<String> columns = Listing.columns(line);
            if (columns.size() != 3) {
                malformed.add(
                        "The line '%s' of licenses/%s is not '<artifactId> <SPDX id>[,...] <text>[,...]'."
                                .formatted(line, FILE));
            } else if (!artifactIds.add(columns.get(0))) {
                malformed.add(
                        "licenses/%s has two lines for '%s'.".formatted(FILE, columns.get(0)));
            } else {
                entries.add(new Entry(columns.get(0), List.of(columns.get(2).split(","))));
            }
        }
        return new LicenceIndex(directory, entries, malformed);
    }

    /** Returns the line of a jar: the one with the longest artifactId, if any. */
    Optional<Entry> entryOf(String jarFileName) {
        return entries.stream()
                .filter(entry -> JarName.isOf(entry.artifactId(), jarFileName))
                .max(Comparator.comparingInt(entry -> entry.artifactId().length()));
    }

    /** Returns what does not fit between the index, the texts and the jars. */
    List<String> problems(List<Path> jars) throws IOException {
        List<String> problems = new ArrayList<>(malformed);
        Set<Entry> used = new LinkedHashSet<>();
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            Optional<Entry> entry = entryOf(name);
            entry.ifPresent(used::add);
            if (entry.isEmpty()) {
                problems.add(
                        "The licence of %s is unknown: add a line to licenses/%s."
                                .formatted(name, FILE));
            }
        }
        Set<String> texts = new TreeSet<>();
        for (Entry entry : entries) {
            if (!used.contains(entry)) {
                problems.add(
                        "The line of '%s' in licenses/%s is of no jar: remove it."
                                .formatted(entry.artifactId(), FILE));
            }
            if (!entry.isOwn()) {
                texts.addAll(entry.texts());
            }
        }
        for (String text : texts) {
            Path file = directory.resolve(text);
            if (!Files.isRegularFile(file) || Files.readString(file).isBlank()) {
                problems.add(
                        "The text licenses/%s, which licenses/%s names, is missing or empty."
                                .formatted(text, FILE));
            }
        }
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> !name.equals(FILE) && !texts.contains(name))
                        .sorted()
                        .forEach(
                                name ->
                                        problems.add(
                                                "No line of licenses/%s names licenses/%s: remove the text."
                                                        .formatted(FILE, name)));
            }
        }
        return problems;
    }

    /** One artifact. */
    record Entry(String artifactId, List<String> texts) {

        Entry {
            texts = List.copyOf(texts);
        }

        boolean isOwn() {
            return texts.equals(List.of(OWN));
        }
    }
}
