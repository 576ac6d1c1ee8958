package io.sluice.runtime.launch;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.access-key",
                "fs.s3a.secret.key",
                "fs.oss.accessKeyId",
                "a.password",
                "fs.azure.sas.container.account",
                "fs.oss.securityToken",
                "fs.s3a.encryption.key"
            })
    void secretOfABindingIsRefusedWithoutItsValue(String setting) {
        assertThatThrownBy(
                        () -> SecretSettings.requireNone(with("fs.multiconf.Aa.conf." + setting)))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Option 'fs.multiconf.Aa.conf.%s' looks like a secret, and config.yaml is no place for one: it is logged, and shown by the REST API and in ConfigMaps. Move it to the file that 'fs.multiconf.Aa.conf-file' names.",
                        setting);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs.multiconf.aa.conf-file",
                "fs.multiconf.aa.conf.dfs.client.key.provider.cache.expiry",
                "s3.access-key"
            })
    void othersAreNot(String key) {
        assertThatCode(() -> SecretSettings.requireNone(with(key))).doesNotThrowAnyException();
    }

    private static Configuration with(String key) {
        Configuration configuration = new Configuration();
        configuration.setString(key, "hush");
        return configuration;
    }
}
