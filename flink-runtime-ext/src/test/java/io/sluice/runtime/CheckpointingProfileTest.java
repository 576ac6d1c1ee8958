package io.sluice.runtime;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CheckpointingProfileTest {

    private static final String MERGING = "execution.checkpointing.file-merging.";

    @Test
    void defaultChangesNothing() {
        Map<String, String> given = Map.of("execution.checkpointing.interval", "1 min");

        assertThat(filledIn(given)).isEqualTo(given);
    }

    @Test
    void hdfsFillsInWhatMergesFiles() {
        assertThat(filledIn(Map.of("sluice.checkpointing.profile", "hdfs")))
                .containsEntry(MERGING + "enabled", "true")
                .containsEntry(MERGING + "across-checkpoint-boundary", "true")
                .containsEntry(MERGING + "max-file-size", "128 mb");
    }

    @Test
    void whatIsSetItselfWins() {
        assertThat(
                        filledIn(
                                Map.of(
                                        "sluice.checkpointing.profile",
                                        "HDFS",
                                        MERGING + "max-file-size",
                                        "1 gb",
                                        MERGING + "across-checkpoint-boundary",
                                        "false")))
                .containsEntry(MERGING + "enabled", "true")
                .containsEntry(MERGING + "across-checkpoint-boundary", "false")
                .containsEntry(MERGING + "max-file-size", "1 gb");
    }

    @Test
    void givenConfigurationStaysAsItIs() {
        Configuration given = Configuration.fromMap(Map.of("sluice.checkpointing.profile", "hdfs"));

        CheckpointingProfile.addTo(given);

        assertThat(given.toMap()).hasSize(1);
    }

    @Test
    void unknownProfileIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> filledIn(Map.of("sluice.checkpointing.profile", "fast")))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(
                        "Option 'sluice.checkpointing.profile' is 'fast': there is no such profile. Valid are: default, hdfs.");
    }

    private static Map<String, String> filledIn(Map<String, String> given) {
        return CheckpointingProfile.addTo(Configuration.fromMap(given)).toMap();
    }
}
