package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.EntropyInjectingFileSystem;

import io.sluice.fs.multiconf.metrics.Operation;
import io.sluice.fs.multiconf.routing.PathMapping;

import java.io.IOException;
import java.io.UncheckedIOException;

/** One that puts random characters into paths where they have a marker. */
final class EntropyBindingFileSystem extends BindingFileSystem
        implements EntropyInjectingFileSystem {

    private final String marker;

    EntropyBindingFileSystem(
            Binding binding, PathMapping mapping, Connection connection, String marker) {
        super(binding, mapping, connection);
        this.marker = marker;
    }

    @Override
    public String getEntropyInjectionKey() {
        return marker;
    }

    @Override
    public String generateEntropy() {
        try {
            return within(
                    Operation.STATUS,
                    delegate ->
                            delegate instanceof EntropyInjectingFileSystem injecting
                                    ? injecting.generateEntropy()
                                    : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
