package io.sluice.examples.wordcount;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Random bytes, counted in Java and by the shell pipeline that {@link WordCountJob} promises. */
class WordsModelTest {

    private static final String PIPELINE =
            "tr -cs 'A-Za-z' '\\n' | tr 'A-Z' 'a-z' | grep . | sort | uniq -c";

    private static final List<String> PIECES =
            List.of("the", "The", "a", " ", "\n", "\r\n", "\t", "'", "-", "0", "é", "ß", "K", "日本");

    @TempDir private Path directory;

    /** A fixed set, plus one new seed per run. The test name shows the seed: replay it here. */
    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 10), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void agreesWithTheShellPipeline(long seed) throws Exception {
        Path file = directory.resolve("text");
        Files.write(file, randomText(new Random(seed)));

        Map<String, Long> counts = WordCounts.count(List.of(file));

        assertThat(counts).isNotEmpty().isEqualTo(countsOfPipeline(file));
    }

    private static byte[] randomText(Random random) {
        StringBuilder text = new StringBuilder("the ");
        for (int i = 0; i < 2_000; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200; i++) {
            bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static Map<String, Long> countsOfPipeline(Path file)
            throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", PIPELINE);
        shell.environment().put("LC_ALL", "C");
        shell.redirectInput(file.toFile());
        shell.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = shell.start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        Map<String, Long> counts = new TreeMap<>();
        for (String line : output.lines().toList()) {
            String[] fields = line.strip().split(" ", -1);
            counts.put(fields[1], Long.valueOf(fields[0]));
        }
        return counts;
    }
}
