package io.sluice.runtime.logging;

import org.jspecify.annotations.Nullable;

/** The loggers of this process. Thread-safe. */
interface Loggers {

    /**
     * Says which configuration is in force: another one, compared by identity, has forgotten all
     * levels that were set.
     */
    Object configuration();

    /** Returns the level of a logger's own, or null if it has that of its parent. */
    @Nullable String level(String logger);

    /**
     * Gives a logger a level of its own.
     *
     * @param level null for that of its parent
     */
    void setLevel(String logger, @Nullable String level);
}
