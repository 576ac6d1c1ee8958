package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.core.security.token.DelegationTokenProvider;
import org.apache.flink.core.security.token.DelegationTokenReceiver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultiConfTokenProviderTest {

    private final Configuration configuration = new Configuration();
    private final MultiConfTokenProvider provider = new MultiConfTokenProvider();

    @TempDir Path directory;

    @Test
    void flinkFindsProviderAndReceiverOfTheSameName() {
        assertThat(ServiceLoader.load(DelegationTokenProvider.class))
                .extracting(DelegationTokenProvider::serviceName)
                .contains("multiconf");
        assertThat(ServiceLoader.load(DelegationTokenReceiver.class))
                .extracting(DelegationTokenReceiver::serviceName)
                .contains("multiconf");
    }

    @Test
    void bindingsWithoutTokensRequireNone() throws IOException {
        set("open.scheme", "hdfs");
        set("disk.scheme", "file");
        kerberos("aa");
        Files.writeString(directory.resolve("aa.keytab"), "");

        provider.init(configuration);

        assertThat(provider.delegationTokensRequired()).isFalse();
    }

    @Test
    void bindingWithTokensRequiresThem() throws IOException {
        kerberos("aa");
        set("aa.kerberos.delegation-tokens", "true");
        Files.writeString(directory.resolve("aa.keytab"), "");

        provider.init(configuration);

        assertThat(provider.delegationTokensRequired()).isTrue();
    }

    @Test
    void jobManagerWithoutTheKeytabDoesNotStart() {
        kerberos("aa");
        set("aa.kerberos.delegation-tokens", "true");

        assertThatThrownBy(() -> provider.init(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(
                        "Binding aa: fs.multiconf.aa.kerberos.keytab: there is no file '%s' in the JobManager, which gets the delegation tokens for all TaskManagers with it. Put the keytab there; only TaskManagers can do without."
                                .formatted(directory.resolve("aa.keytab")));
    }

    @Test
    void holderGetsWhatHasArrivedAndWhatComes() {
        ReceivedTokens received = new ReceivedTokens();
        List<TokenBytes> early = new ArrayList<>();
        List<TokenBytes> late = new ArrayList<>();
        TokenBytes first = TokenBytes.of(new byte[1]);
        TokenBytes second = TokenBytes.of(new byte[2]);

        boolean handedEarly = received.handTo(early::add);
        received.arrived(first);
        boolean handedLate = received.handTo(late::add);
        received.arrived(second);

        assertThat(handedEarly).isFalse();
        assertThat(early).isEmpty();
        assertThat(handedLate).isTrue();
        assertThat(late).containsExactly(first, second);
    }

    @Test
    void receiverGivesEachBindingItsOwn() throws Exception {
        TokenBytes ofA = TokenBytes.of(new byte[3]);
        List<String> seen = new ArrayList<>();
        MultiConfTokenReceiver receiver = new MultiConfTokenReceiver();

        receiver.onNewTokensObtained(new TokensByBinding(Map.of("receiverA", ofA)).serialized());

        assertThat(ReceivedTokens.of("receiverA").handTo(own -> seen.add(own.toString()))).isTrue();
        assertThat(ReceivedTokens.of("receiverB").handTo(own -> seen.add("b"))).isFalse();
        assertThat(seen).containsExactly("delegation tokens of 3 bytes");
    }

    private void kerberos(String binding) {
        set(binding + ".scheme", "hdfs");
        set(binding + ".default-authority", "ns1");
        set(binding + ".conf.hadoop.security.authentication", "kerberos");
        set(binding + ".kerberos.principal", "flink@A");
        set(binding + ".kerberos.keytab", directory.resolve(binding + ".keytab").toString());
    }

    private void set(String key, String value) {
        configuration.setString("fs.multiconf." + key, value);
    }
}
