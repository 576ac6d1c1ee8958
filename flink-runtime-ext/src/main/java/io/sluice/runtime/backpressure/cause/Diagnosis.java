package io.sluice.runtime.backpressure.cause;

import java.util.List;
import java.util.Map;

/**
 * Who holds back whom in a period.
 *
 * @param causes {@link Cause.Role#CAUSE} first, then {@link Cause.Role#CONTRIBUTES}, then {@link
 *     Cause.Role#NEXT}, each by its weight
 * @param causedBy of each vertex that is held back, the vertices it waits for in the end, the one
 *     with the greatest part first
 */
public record Diagnosis(List<Cause> causes, Map<String, List<String>> causedBy) {

    public Diagnosis {
        causes = List.copyOf(causes);
        causedBy = Map.copyOf(causedBy);
    }
}
