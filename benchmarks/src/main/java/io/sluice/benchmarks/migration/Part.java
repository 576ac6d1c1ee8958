package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;

/** Something that is measured in a JVM of its own. */
interface Part {

    /** As in {@code value.500k.disk}. */
    String name();

    /** For people: what it does. */
    String description();

    Report measure(MigrationOptions options) throws IOException, InterruptedException;

    /** What a part came to. */
    interface Report {

        /** Lines of a table, for people. */
        List<String> tableRows();

        /** What the claims say. */
        List<String> resultLines();

        void addTo(ObjectNode json);
    }
}
