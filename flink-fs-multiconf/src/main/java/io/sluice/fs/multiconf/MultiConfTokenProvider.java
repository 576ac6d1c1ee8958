package io.sluice.fs.multiconf;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.core.security.token.DelegationTokenProvider;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gets the delegation tokens of all bindings that have them, in the JobManager; Flink makes it,
 * asks it when the time has come, and sends what it returns to all processes.
 *
 * <p>Bindings wait for nobody: what is not there after a few seconds is in the next answer, which
 * comes soon.
 */
public final class MultiConfTokenProvider implements DelegationTokenProvider {

    static final String SERVICE = "multiconf";

    /** Of Flink, for this provider. */
    static final ConfigOption<Boolean> ENABLED =
            ConfigOptions.key(
                            "%s.%s.%s"
                                    .formatted(
                                            CONFIG_PREFIX,
                                            SERVICE,
                                            SecurityOptions.DELEGATION_TOKEN_PROVIDER_ENABLED
                                                    .key()))
                    .booleanType()
                    .defaultValue(true);

    /** Flink's resource manager does nothing else meanwhile when it asks first. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InstantSource clock = InstantSource.system();

    /** Guarded by this. */
    private final Map<String, TokenAttempts> attempts = new TreeMap<>();

    /** Guarded by this. */
    private TokenSchedule schedule = TokenSchedule.of(new Configuration());

    /** Made by Flink. */
    public MultiConfTokenProvider() {}

    @Override
    public String serviceName() {
        return SERVICE;
    }

    /**
     * Connects to nothing.
     *
     * @throws IllegalConfigurationException if the JobManager lacks a keytab
     */
    @Override
    public synchronized void init(Configuration configuration) {
        schedule = TokenSchedule.of(configuration);
        for (BindingSettings settings : BindingSettings.all(configuration)) {
            if (settings.delegationTokens()) {
                requireKeytab(settings);
                Binding binding = Binding.of(settings, configuration);
                attempts.put(
                        settings.name(),
                        new TokenAttempts(settings, () -> obtain(binding), clock, schedule));
            }
        }
    }

    private static void requireKeytab(BindingSettings settings) {
        Path keytab = Objects.requireNonNull(settings.identity().keytab());
        if (!Files.isReadable(keytab)) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s: there is no file '%s' in the JobManager, which gets the delegation tokens for all TaskManagers with it. Put the keytab there; only TaskManagers can do without."
                            .formatted(
                                    settings.name(),
                                    settings.key(MultiConfOptions.KEYTAB),
                                    keytab));
        }
    }

    private static ObtainedTokens obtain(Binding binding) throws IOException {
        BindingSettings settings = binding.settings();
        List<String> authorities = settings.tokenAuthorities();
        try {
            return ((TokenSource) binding.backend()).obtainTokens(authorities);
        } catch (IOException e) {
            throw new OperationFailure(
                            settings,
                            URI.create("%s://%s/".formatted(settings.scheme(), authorities.get(0))))
                    .explained(e);
        }
    }

    @Override
    public synchronized boolean delegationTokensRequired() {
        return !attempts.isEmpty();
    }

    @Override
    public synchronized ObtainedDelegationTokens obtainDelegationTokens()
            throws InterruptedException {
        attempts.values().forEach(TokenAttempts::beginIfDue);
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        for (TokenAttempts attempt : attempts.values()) {
            attempt.settle(Duration.ofNanos(deadlineNanos - System.nanoTime()));
        }
        Map<String, TokenBytes> tokens = new TreeMap<>();
        List<Instant> due = new ArrayList<>();
        attempts.forEach(
                (binding, attempt) -> {
                    attempt.valid().ifPresent(valid -> tokens.put(binding, valid));
                    due.add(attempt.due());
                });
        Optional<Long> next =
                due.stream()
                        .min(Instant::compareTo)
                        .map(
                                soonest ->
                                        schedule.validUntilToReport(clock.instant(), soonest)
                                                .toEpochMilli());
        return new ObtainedDelegationTokens(new TokensByBinding(tokens).serialized(), next);
    }
}
