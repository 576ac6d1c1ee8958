package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.MessageQueryParameter;

/**
 * A parameter of a query that may be left out, as the user wrote it: Flink logs an error for what
 * it cannot parse, and answers with a stack of exceptions.
 */
abstract class TextQueryParameter extends MessageQueryParameter<String> {

    private final String description;

    TextQueryParameter(String key, String description) {
        super(key, MessageParameterRequisiteness.OPTIONAL);
        this.description = description;
    }

    @Override
    public final String convertStringToValue(String value) {
        return value;
    }

    @Override
    public final String convertValueToString(String value) {
        return value;
    }

    @Override
    public final String getDescription() {
        return description;
    }
}
