package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.sluice.rpc.LogLevel;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LogLevelRequestBodyTest {

    private static final long NOW = 1_000_000;

    @Test
    void loggerAndLevelAreEnough() throws Exception {
        assertThat(parse("{\"logger\":\"io.acme\",\"level\":\"debug\"}"))
                .isEqualTo(new LogLevel("io.acme", "DEBUG", List.of(), 0, NOW + 900_000));
    }

    @Test
    void allCanBeChosen() throws Exception {
        assertThat(
                        parse(
                                "{\"logger\":\"root\",\"level\":\"WARN\",\"targets\":[\"tm-1\",\"jobmanager\"],\"ttl\":\"2 h\"}"))
                .isEqualTo(
                        new LogLevel(
                                "", "WARN", List.of("jobmanager", "tm-1"), 0, NOW + 7_200_000));
    }

    @Test
    void defaultEndsALevelAtOnce() throws Exception {
        LogLevel end = parse("{\"logger\":\"io.acme\",\"level\":\"default\",\"ttl\":\"2 h\"}");

        assertThat(end.hasExpired(NOW)).isTrue();
        assertThat(end.isSameRequestAs(parse("{\"logger\":\"io.acme\",\"level\":\"INFO\"}")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'level':'INFO'}|Field 'logger' must be the name of a logger, usually a class or package; ROOT is the root logger.",
                "{'logger':'a'}|Field 'level' must be one of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL, or DEFAULT to end a level before its time.",
                "{'logger':'a','level':'loud'}|Field 'level' must be one of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL, or DEFAULT to end a level before its time, not 'loud'.",
                "{'logger':'a','level':'INFO','targets':[]}|Field 'targets' must hold 'jobmanager' or ids of TaskManagers. Leave it out for all.",
                "{'logger':'a','level':'INFO','ttl':'soon'}|Field 'ttl' must be a duration from 1 s to 365 d, such as '15 min' or '2 h', not 'soon'.",
                "{'logger':'a','level':'INFO','ttl':'0 s'}|Field 'ttl' must be a duration from 1 s to 365 d, such as '15 min' or '2 h', not '0 s'.",
                "{'logger':'a','level':'INFO','ttl':'366 d'}|Field 'ttl' must be a duration from 1 s to 365 d, such as '15 min' or '2 h', not '366 d'."
            },
            quoteCharacter = '"')
    void whatMakesNoSenseIsRefused(String json, String message) {
        assertThatThrownBy(() -> parse(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static LogLevel parse(String json) throws JsonProcessingException {
        return RestMapperUtils.getStrictObjectMapper()
                .readValue(json, LogLevelRequestBody.class)
                .toLogLevel(NOW);
    }
}
