package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.GiveUpException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A session of the SQL gateway, over its REST API. */
final class SqlGatewaySession {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private final FlinkRest gateway;
    private final String path;

    private SqlGatewaySession(FlinkRest gateway, String handle) {
        this.gateway = gateway;
        this.path = "/v1/sessions/" + handle;
    }

    static SqlGatewaySession open(FlinkRest gateway) throws InterruptedException {
        String handle = gateway.post("/v1/sessions", "{}").required("sessionHandle").asText();
        return new SqlGatewaySession(gateway, handle);
    }

    /**
     * Returns all rows of the result, each with its fields between commas.
     *
     * @throws GiveUpException if the statement fails, with the gateway's answer
     */
    List<String> execute(String statement) throws InterruptedException {
        String body = JsonNodeFactory.instance.objectNode().put("statement", statement).toString();
        String operation =
                gateway.post(path + "/statements", body).required("operationHandle").asText();
        List<String> rows = new ArrayList<>();
        String next = "%s/operations/%s/result/0?rowFormat=JSON".formatted(path, operation);
        while (!next.isEmpty()) {
            JsonNode page = awaitPage(statement, next);
            page.path("results").path("data").forEach(row -> rows.add(joined(row)));
            next = page.path("nextResultUri").asText("");
        }
        return rows;
    }

    private JsonNode awaitPage(String statement, String uri) throws InterruptedException {
        return POLLING.until(
                "the result of '%s'".formatted(statement),
                DEADLINE,
                () -> {
                    try {
                        return gateway.get(uri);
                    } catch (RestException e) {
                        throw new GiveUpException(String.valueOf(e.getMessage()));
                    }
                },
                page -> !page.required("resultType").asText().equals("NOT_READY"));
    }

    private static String joined(JsonNode row) {
        List<String> fields = new ArrayList<>();
        row.required("fields").forEach(field -> fields.add(field.asText()));
        return fields.stream().collect(Collectors.joining(","));
    }

    /** Returns the properties of the session; fails once it is closed. */
    JsonNode properties() throws InterruptedException {
        return gateway.get(path).required("properties");
    }

    void close() throws InterruptedException {
        gateway.delete(path);
    }
}
