package io.sluice.fs.multiconf;

import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.TimeUtils;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The tokens that a JobManager gets for one binding, again and again, each time by a thread of its
 * own: servers that do not answer keep nobody waiting.
 *
 * <p>New ones are due when a part of the time has passed for which the present ones are valid. What
 * fails is tried again, at growing intervals. What hangs goes on, and no second attempt is begun.
 *
 * <p><b>Threads.</b> One at a time calls it.
 */
final class TokenAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(TokenAttempts.class);

    /** Flink looks a little earlier than asked for; it must not come for nothing. */
    private static final Duration EARLY = Duration.ofSeconds(1);

    private final BindingSettings settings;
    private final Callable<ObtainedTokens> obtaining;
    private final InstantSource clock;
    private final TokenSchedule schedule;

    private @Nullable CompletableFuture<ObtainedTokens> attempt;
    private @Nullable ObtainedTokens held;
    private Instant due = Instant.EPOCH;
    private int misses;

    TokenAttempts(
            BindingSettings settings,
            Callable<ObtainedTokens> obtaining,
            InstantSource clock,
            TokenSchedule schedule) {
        this.settings = settings;
        this.obtaining = obtaining;
        this.clock = clock;
        this.schedule = schedule;
    }

    /** Begins an attempt if one is due and none is going on. */
    void beginIfDue() {
        if (attempt == null && !clock.instant().isBefore(due.minus(EARLY))) {
            CompletableFuture<ObtainedTokens> begun = new CompletableFuture<>();
            Thread thread =
                    new Thread(() -> obtain(begun), "fs-multiconf-tokens-" + settings.name());
            thread.setDaemon(true);
            thread.setContextClassLoader(TokenAttempts.class.getClassLoader());
            attempt = begun;
            thread.start();
        }
    }

    private void obtain(CompletableFuture<ObtainedTokens> result) {
        try {
            result.complete(obtaining.call());
        } catch (Throwable t) {
            result.completeExceptionally(t);
            ExceptionUtils.rethrowIfFatalError(t);
        }
    }

    /**
     * Takes the result of the attempt that goes on, if any, when it is there in time; what went
     * wrong is logged.
     *
     * @param patience how long that may take
     */
    void settle(Duration patience) throws InterruptedException {
        CompletableFuture<ObtainedTokens> current = attempt;
        if (current == null) {
            return;
        }
        try {
            ObtainedTokens obtained =
                    current.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
            attempt = null;
            misses = 0;
            held = obtained;
            due = schedule.due(clock.instant(), obtained.validUntil());
            LOG.info(
                    "Binding {} has new delegation tokens, valid until {}; the next ones are due at {}.",
                    settings.name(),
                    obtained.validUntil(),
                    due);
        } catch (ExecutionException e) {
            attempt = null;
            Duration pause = missed();
            LOG.warn(
                    "No delegation tokens for binding {}, which TaskManagers without {} need: {} It is tried again in {}.",
                    settings.name(),
                    settings.key(MultiConfOptions.KEYTAB),
                    sentence(e.getCause()),
                    TimeUtils.formatWithHighestUnit(pause),
                    e.getCause());
        } catch (TimeoutException e) {
            boolean late = misses > 0;
            Duration pause = missed();
            if (late) {
                LOG.warn(
                        "No delegation tokens for binding {} yet, which TaskManagers without {} need: its KDC or its NameNode does not answer. It is waited for, and looked at again in {}; see whether they can be reached from this machine, and {} and {}.",
                        settings.name(),
                        settings.key(MultiConfOptions.KEYTAB),
                        TimeUtils.formatWithHighestUnit(pause),
                        settings.key(MultiConfOptions.PRINCIPAL),
                        settings.key(MultiConfOptions.HADOOP_CONF_DIR));
            } else {
                // As when the first login takes its time on a machine with much to do.
                LOG.info(
                        "The delegation tokens of binding {} are not there yet; looked at again in {}.",
                        settings.name(),
                        TimeUtils.formatWithHighestUnit(pause));
            }
        }
    }

    private Duration missed() {
        Duration pause = schedule.afterMiss(misses);
        misses++;
        due = clock.instant().plus(pause);
        return pause;
    }

    private static String sentence(@Nullable Throwable failure) {
        String message = failure == null ? null : failure.getMessage();
        String text = message == null ? String.valueOf(failure) : message;
        return text.endsWith(".") ? text : text + ".";
    }

    /** Returns the tokens that are valid now. */
    Optional<TokenBytes> valid() {
        ObtainedTokens present = held;
        return present == null || !clock.instant().isBefore(present.validUntil())
                ? Optional.empty()
                : Optional.of(present.tokens());
    }

    /** Returns when to come back. */
    Instant due() {
        return due;
    }
}
