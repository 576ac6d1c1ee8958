package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.security.token.DelegationTokenReceiver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Takes the delegation tokens that the JobManager sends, and gives each binding its own. Flink
 * makes it, in the JobManager and in TaskManagers, and tells it of new tokens.
 */
public final class MultiConfTokenReceiver implements DelegationTokenReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(MultiConfTokenReceiver.class);

    /** Made by Flink. */
    public MultiConfTokenReceiver() {}

    @Override
    public String serviceName() {
        return MultiConfTokenProvider.SERVICE;
    }

    @Override
    public void init(Configuration configuration) {}

    @Override
    public void onNewTokensObtained(byte[] tokens) throws IOException {
        TokensByBinding.read(tokens)
                .tokens()
                .forEach(
                        (binding, own) -> {
                            try {
                                ReceivedTokens.of(binding).arrived(own);
                                LOG.debug("Binding {} has received {}.", binding, own);
                            } catch (UncheckedIOException e) {
                                // Those of the others must not wait for it.
                                LOG.warn("Binding {} cannot take its new tokens.", binding, e);
                            }
                        });
    }
}
