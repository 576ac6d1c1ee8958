package io.sluice.demo;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A job whose state grows to three times its heap, on real processes of this host: with stock
 * Flink's state backend, then with ours, a TaskManager killed in the middle of a move, and the
 * exact result. See {@link DemoArguments#HELP}.
 *
 * <p>Where the demo does not succeed, the directory with the logs stays; otherwise, and after an
 * interrupt, nothing does but the report.
 */
public final class Demo {

    private final DemoArguments arguments;
    private final Distribution distribution;
    private final Sandbox sandbox;
    private final ProgressLine progress;

    private volatile boolean interrupted;

    private Demo(
            DemoArguments arguments,
            Distribution distribution,
            Sandbox sandbox,
            ProgressLine progress) {
        this.arguments = arguments;
        this.distribution = distribution;
        this.sandbox = sandbox;
        this.progress = progress;
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        if (List.of(args).contains("--help")) {
            System.out.print(DemoArguments.HELP);
            return 0;
        }
        DemoArguments arguments;
        Distribution distribution;
        try {
            arguments =
                    DemoArguments.parse(
                            Path.of(System.getProperty("sluice.demo.report", "demo-report.html")),
                            args);
            distribution = Distribution.fromSystemProperty();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        Sandbox sandbox = Sandbox.create();
        ProgressLine progress =
                new ProgressLine(System.err, Boolean.getBoolean("sluice.demo.terminal"));
        Demo demo = new Demo(arguments, distribution, sandbox, progress);
        Thread hook = new Thread(demo::interrupt, "interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Findings findings = demo.run();
            Runtime.getRuntime().removeShutdownHook(hook);
            progress.clear();
            System.out.print(findings);
            System.out.printf("%nReport       %s%n", demo.write(findings));
            if (!findings.exact()) {
                System.err.println("The logs and the output are in " + sandbox + ".");
                return 1;
            }
            sandbox.close();
            return 0;
        } catch (IOException | InterruptedException | RuntimeException e) {
            // While the hook runs, whatever fails here fails because of it.
            if (!demo.interrupted) {
                Runtime.getRuntime().removeShutdownHook(hook);
                progress.clear();
                System.err.println("The demo failed: " + e.getMessage());
                System.err.println("The logs are in " + sandbox + ".");
            }
            return 2;
        }
    }

    private Findings run() throws IOException, InterruptedException {
        StockRun stock =
                StockRun.run(
                        arguments,
                        distribution,
                        Sandbox.create(sandbox.directory("stock")),
                        progress);
        progress.step(
                "Stock: out of memory after %.1f s".formatted(stock.survived().toMillis() / 1e3));
        AdaptiveRun adaptive =
                new AdaptiveAct(
                                arguments,
                                distribution,
                                Sandbox.create(sandbox.directory("adaptive")),
                                progress)
                        .run();
        return new Findings(arguments, stock, adaptive);
    }

    /** Returns where the report is. */
    private Path write(Findings findings) throws IOException {
        Path file = arguments.report().toAbsolutePath().normalize();
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        return Files.writeString(file, new HtmlReport(findings).toHtml());
    }

    /** In the shutdown hook: a Ctrl-C must leave no process and no file. */
    private void interrupt() {
        interrupted = true;
        LaunchedProcess.killAll();
        sandbox.close();
        progress.clear();
        System.err.println("Interrupted: everything is stopped, and nothing is left.");
    }
}
