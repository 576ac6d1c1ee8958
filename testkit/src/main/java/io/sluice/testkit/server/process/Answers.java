package io.sluice.testkit.server.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The conversation between a server's JVM and the one that started it.
 *
 * <p>A request is a line of {@link Words} on standard input: a number, an operation, its arguments.
 * Its answer is a line on standard output, after {@value #MARK}: the number, {@value #OK} or
 * {@value #FAILED}, and some texts. Answer {@value #READY} comes unasked, once the server serves.
 * The end of the input ends the JVM at once.
 */
public final class Answers {

    /** Begins each answer; it may stand behind something else that a library wrote. */
    public static final String MARK = "sluice-answer";

    public static final String OK = "ok";
    public static final String FAILED = "failed";

    /** The number of the answer to no request. */
    public static final int READY = 0;

    private final PrintStream output;
    private final Map<String, Operation> operations;

    private Answers(PrintStream output, Map<String, Operation> operations) {
        this.output = output;
        this.operations = operations;
    }

    /** Returns the settings in the file that is the only argument of a server's main method. */
    static Properties settings(String[] arguments) throws IOException {
        Properties settings = new Properties();
        try (BufferedReader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(reader);
        }
        return settings;
    }

    /** Says that the server is ready, and answers until the end of the input. Does not return. */
    static void serve(List<String> ready, Map<String, Operation> operations) throws IOException {
        Answers answers = new Answers(System.out, operations);
        answers.send(READY, OK, ready);
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            answers.answer(Words.decode(line));
        }
        // Without the shutdown hooks of the servers, which take their time for what nobody needs.
        Runtime.getRuntime().halt(0);
    }

    private void answer(List<String> request) {
        int number = Integer.parseInt(request.get(0));
        String name = request.get(1);
        try {
            Operation operation = operations.get(name);
            if (operation == null) {
                throw new IllegalArgumentException("There is no operation '%s'.".formatted(name));
            }
            send(number, OK, operation.apply(request.subList(2, request.size())));
        } catch (Exception e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            send(number, FAILED, List.of(trace.toString()));
        }
    }

    private void send(int number, String outcome, List<String> texts) {
        output.println(MARK + " " + number + " " + outcome + Words.encode(texts));
        output.flush();
    }

    /** What a server does when it is asked to. */
    @FunctionalInterface
    interface Operation {
        List<String> apply(List<String> arguments) throws Exception;
    }
}
