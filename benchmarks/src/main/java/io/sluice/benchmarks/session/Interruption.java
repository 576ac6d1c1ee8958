package io.sluice.benchmarks.session;

import java.time.Duration;

/**
 * Lets the main thread clean up when a signal ends the JVM: interrupts it and holds the end back
 * until it is through, for a while.
 */
public final class Interruption {

    private static final Duration CLEAN_UP = Duration.ofSeconds(15);

    private final Thread main;
    private volatile boolean over;
    private volatile boolean happened;

    private Interruption(Thread main) {
        this.main = main;
    }

    /** Watches for a signal from now on. */
    public static Interruption ofCurrentThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::endMain, "interruption"));
        return interruption;
    }

    private void endMain() {
        if (over) {
            return;
        }
        happened = true;
        main.interrupt();
        try {
            main.join(CLEAN_UP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a signal came: what fails after it is no failure of the benchmark. */
    public boolean happened() {
        return happened;
    }

    /** Ends the JVM with {@code exitCode}, unless a signal ends it already. */
    public void exit(int exitCode) {
        if (!happened) {
            over = true;
            System.exit(exitCode);
        }
    }
}
