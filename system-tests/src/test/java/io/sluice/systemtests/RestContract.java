package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code docs/rest-api.yaml}, to hold answers of a server against: of the schema language what that
 * file uses, strictly; a field that it does not name is a deviation too.
 */
final class RestContract {

    private final JsonNode root;

    private RestContract(JsonNode root) {
        this.root = root;
    }

    static RestContract load() throws IOException {
        Path file = Path.of(System.getProperty("sluice.root", "..")).resolve("docs/rest-api.yaml");
        return new RestContract(new ObjectMapper(new YAMLFactory()).readTree(file.toFile()));
    }

    /**
     * Returns where an answer deviates.
     *
     * @param path as in the file, with its parameters in braces
     */
    List<String> deviations(String method, String path, int status, JsonNode answer) {
        JsonNode schema =
                root.path("paths")
                        .path(path)
                        .path(method)
                        .path("responses")
                        .path(Integer.toString(status))
                        .at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            return List.of("%s %s has no answer with status %d.".formatted(method, path, status));
        }
        List<String> deviations = new ArrayList<>();
        check(schema, answer, "$", deviations);
        return deviations;
    }

    private void check(JsonNode schema, JsonNode value, String where, List<String> deviations) {
        JsonNode resolved = resolve(schema);
        String type = resolved.required("type").asText();
        boolean fits =
                switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    default -> throw new IllegalStateException("Unknown type " + type);
                };
        if (!fits) {
            deviations.add("%s is not of type %s: %s".formatted(where, type, value));
            return;
        }
        JsonNode allowed = resolved.path("enum");
        if (allowed.isArray() && !contains(allowed, value)) {
            deviations.add("%s is none of %s: %s".formatted(where, allowed, value));
        }
        if (type.equals("array")) {
            for (int i = 0; i < value.size(); i++) {
                check(
                        resolved.required("items"),
                        value.get(i),
                        "%s[%d]".formatted(where, i),
                        deviations);
            }
        } else if (type.equals("object")) {
            checkFields(resolved, value, where, deviations);
        }
    }

    private void checkFields(
            JsonNode schema, JsonNode value, String where, List<String> deviations) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                deviations.add("%s lacks %s".formatted(where, required.asText()));
            }
        }
        value.fieldNames()
                .forEachRemaining(
                        field -> {
                            JsonNode declared = schema.path("properties").path(field);
                            if (declared.isMissingNode()) {
                                deviations.add("%s has an unknown %s".formatted(where, field));
                            } else {
                                check(
                                        declared,
                                        value.required(field),
                                        where + "." + field,
                                        deviations);
                            }
                        });
    }

    private JsonNode resolve(JsonNode schema) {
        JsonNode reference = schema.path("$ref");
        return reference.isMissingNode() ? schema : root.at(reference.asText().substring(1));
    }

    private static boolean contains(JsonNode array, JsonNode value) {
        for (JsonNode element : array) {
            if (element.equals(value)) {
                return true;
            }
        }
        return false;
    }
}
