package io.sluice.runtime.backpressure.load;

import java.util.List;

/**
 * What a TaskManager has to tell.
 *
 * @param edgesTracked whether outputs are watched one by one
 * @param periods in the order of time
 * @param episodes that go on, or have ended lately
 */
public record LoadReport(boolean edgesTracked, List<PeriodLoad> periods, List<Episode> episodes) {

    public LoadReport {
        periods = List.copyOf(periods);
        episodes = List.copyOf(episodes);
    }
}
