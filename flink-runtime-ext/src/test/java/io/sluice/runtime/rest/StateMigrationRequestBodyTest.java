package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateMigrationRequestBodyTest {

    private static final TriggerId TRIGGER = new TriggerId();
    private static final JobID JOB = new JobID();

    @Test
    void onlyTheTargetIsNeeded() throws Exception {
        assertThat(parse("{\"target\":\"disk\"}"))
                .isEqualTo(
                        new StateMigration(
                                TRIGGER.toString(),
                                JOB,
                                0,
                                Target.DISK,
                                List.of(),
                                List.of(),
                                1,
                                0.1));
    }

    @Test
    void allCanBeChosen() throws Exception {
        assertThat(
                        parse(
                                "{\"target\":\"HEAP\",\"vertices\":[\"v\"],\"taskmanagers\":[\"tm-1\"],\"share\":0.5,\"pace\":1}"))
                .isEqualTo(
                        new StateMigration(
                                TRIGGER.toString(),
                                JOB,
                                0,
                                Target.HEAP,
                                List.of("v"),
                                List.of("tm-1"),
                                0.5,
                                1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|Field 'target' must be one of heap, disk, auto.",
                "{'target':'ram'}|Field 'target' must be one of heap, disk, auto, not 'ram'.",
                "{'target':'disk','share':0}|Field 'share' must be above 0 and at most 1, not 0.0.",
                "{'target':'disk','pace':2}|Field 'pace' must be above 0 and at most 1, not 2.0.",
                "{'target':'disk','vertices':[]}|Field 'vertices' must hold at least one id. Leave it out for all.",
                "{'target':'disk','taskmanagers':[null]}|Field 'taskmanagers' must hold at least one id. Leave it out for all."
            },
            quoteCharacter = '"')
    void whatMakesNoSenseIsRefused(String json, String message) {
        assertThatThrownBy(() -> parse(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static StateMigration parse(String json) throws JsonProcessingException {
        return RestMapperUtils.getStrictObjectMapper()
                .readValue(json, StateMigrationRequestBody.class)
                .toMigration(TRIGGER, JOB);
    }
}
