package io.sluice.fs.multiconf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The delegation tokens that this process has received for one binding, and who holds them for its
 * clients. Kept for as long as the process lives, as bindings are.
 *
 * <p><b>Threads.</b> Any.
 */
public final class ReceivedTokens {

    private static final Map<String, ReceivedTokens> BY_BINDING = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private final List<Consumer<TokenBytes>> holders = new ArrayList<>();

    /** Guarded by this. */
    private @Nullable TokenBytes latest;

    ReceivedTokens() {}

    /** Returns those of a binding. */
    public static ReceivedTokens of(String binding) {
        return BY_BINDING.computeIfAbsent(binding, any -> new ReceivedTokens());
    }

    /**
     * Hands over the latest tokens now, and all that come later.
     *
     * @return false if none have arrived; then none will be handed over either
     */
    public synchronized boolean handTo(Consumer<TokenBytes> holder) {
        TokenBytes present = latest;
        if (present == null) {
            return false;
        }
        holder.accept(present);
        holders.add(holder);
        return true;
    }

    synchronized void arrived(TokenBytes tokens) {
        latest = tokens;
        holders.forEach(holder -> holder.accept(tokens));
    }
}
