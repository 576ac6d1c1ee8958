package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.util.ExceptionUtils;

import io.sluice.fs.multiconf.BindingSettings.Identity;
import io.sluice.fs.multiconf.MultiConfOptions.Isolation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class BindingSettingsTest {

    private final Configuration configuration = new Configuration();

    @TempDir Path directory;

    @BeforeEach
    void bindOne() {
        set("aaHDFS.scheme", "hdfs");
    }

    @Test
    void bindingsAreThereByTheirNames() {
        set("s3b.scheme", "S3");
        set("zz.scheme", "file");
        configuration.setString("state.backend.type", "hashmap");

        assertThat(BindingSettings.all(configuration))
                .extracting(BindingSettings::name, BindingSettings::scheme, BindingSettings::kind)
                .containsExactly(
                        tuple("aaHDFS", "hdfs", BindingSettings.Kind.HADOOP),
                        tuple("s3b", "s3", BindingSettings.Kind.PLUGIN),
                        tuple("zz", "file", BindingSettings.Kind.LOCAL));
    }

    @Test
    void withoutBindingsThereIsNothing() {
        assertThat(BindingSettings.all(new Configuration())).isEmpty();
    }

    @Test
    void optionsHaveDefaults() {
        BindingSettings settings = read();

        assertThat(settings.isolation()).isEqualTo(Isolation.CLASSLOADER);
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.identity()).isEqualTo(Identity.OF_PROCESS);
        assertThat(settings.defaultAuthority()).isNull();
        assertThat(settings.prefixes().paths()).isEmpty();
    }

    @Test
    void optionsAreRead() throws IOException {
        Path keytab = Files.writeString(directory.resolve("a.keytab"), "");
        set("aaHDFS.default-authority", "ns1");
        set("aaHDFS.cluster-id", "prod-a");
        set("aaHDFS.kerberos.principal", "flink/host@A");
        set("aaHDFS.kerberos.keytab", keytab.toString());
        set("aaHDFS.conf.hadoop.security.authentication", "kerberos");
        set("aaHDFS.proxy-user", "etl");
        set("aaHDFS.allowed-prefixes", "/data;/tmp/jobs/");
        set("aaHDFS.connect-timeout", "5 s");
        set("aaHDFS.hadoop-lib-dir", "/opt/hadoop");

        BindingSettings settings = read();

        assertThat(settings.defaultAuthority()).isEqualTo("ns1");
        assertThat(settings.clusterId()).isEqualTo("prod-a");
        assertThat(settings.identity())
                .isEqualTo(new Identity("flink/host@A", keytab, null, "etl"));
        assertThat(settings.prefixes().paths()).containsExactly("/data", "/tmp/jobs");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.hadoopLibDir()).isEqualTo(Path.of("/opt/hadoop"));
    }

    @Test
    void laterSourcesWin() throws IOException {
        site("core-site.xml", property("a", "core"), property("b", "core"), property("c", "core"));
        site("hdfs-site.xml", property("b", "hdfs"), property("c", "hdfs"), property("d", "hdfs"));
        Path file = Files.writeString(directory.resolve("more.properties"), "c=file\nd = file \n");
        set("aaHDFS.hadoop-conf-dir", directory.toString());
        set("aaHDFS.conf-file", file.toString());
        set("aaHDFS.conf.d", "inline");

        assertThat(read().properties())
                .containsEntry("a", "core")
                .containsEntry("b", "hdfs")
                .containsEntry("c", "file")
                .containsEntry("d", "inline");
    }

    @Test
    void finalPropertyIsNotReplacedByAnotherFile() throws IOException {
        site(
                "core-site.xml",
                "<property><name>a</name><value>core</value><final>true</final></property>");
        site("hdfs-site.xml", property("a", "hdfs"));
        set("aaHDFS.hadoop-conf-dir", directory.toString());

        assertThat(read().properties()).containsEntry("a", "core");
    }

    @Test
    void settingsDoNotShowProperties() throws IOException {
        Path file = Files.writeString(directory.resolve("s.properties"), "fs.s3a.secret.key=hush");
        set("aaHDFS.conf-file", file.toString());

        assertThat(read()).hasToString("binding aaHDFS of hdfs");
    }

    @Test
    void schemeOfHadoopNeedsItsClass() {
        set("oz.scheme", "abc");
        set("oz.conf.fs.abc.impl", "org.example.Abc");

        assertThat(BindingSettings.all(configuration).get(1).kind())
                .isEqualTo(BindingSettings.Kind.HADOOP);
    }

    @Test
    void unknownSchemeIsRefused() {
        set("aaHDFS.scheme", "hdsf");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.scheme is 'hdsf', which no file system here implements. Use hdfs, viewfs, webhdfs, swebhdfs, s3, s3a, s3p, oss, gs, abfs, abfss, wasb, wasbs or file, or name Hadoop's class for it with fs.multiconf.aaHDFS.conf.fs.hdsf.impl.");
    }

    @Test
    void missingSchemeIsRefused() {
        set("bb.default-authority", "ns1");

        requireRefusal(
                "Binding bb has no fs.multiconf.bb.scheme: say which file system is behind it, such as hdfs or s3.");
    }

    @Test
    void keyWithoutBindingIsRefused() {
        set("scheme", "hdfs");

        requireRefusal(
                "fs.multiconf.scheme: the name of a binding and one of its settings must follow, as in fs.multiconf.data.scheme.");
    }

    @Test
    void nameThatIsNoSchemeIsRefused() {
        set("a-b.scheme", "hdfs");

        requireRefusal(
                "fs.multiconf.a-b.*: 'a-b' cannot be the scheme of a path. Use a letter followed by letters and digits.");
    }

    @Test
    void nameThatIsTakenIsRefused() {
        set("HDFS.scheme", "hdfs");

        requireRefusal(
                "fs.multiconf.HDFS.*: scheme 'HDFS' is taken by Flink or one of its file systems. Give the binding another name.");
    }

    @Test
    void namesThatDifferOnlyInCaseAreRefused() {
        set("AAhdfs.scheme", "hdfs");

        requireRefusal(
                "Bindings AAhdfs and aaHDFS differ only in case, which paths do not tell apart. Rename one of fs.multiconf.AAhdfs.* and fs.multiconf.aaHDFS.*.");
    }

    @Test
    void moreBindingsThanSlotsAreRefused() {
        for (int i = 10; i < 26; i++) {
            set("b" + i + ".scheme", "hdfs");
        }

        requireRefusal(
                "There are 17 bindings below fs.multiconf., and the plugin has room for 16: aaHDFS, b10, b11, b12, b13, b14, b15, b16, b17, b18, b19, b20, b21, b22, b23, b24, b25. Remove some; jobs that need others can run in another cluster.");
    }

    @Test
    void unknownOptionIsRefused() {
        set("aaHDFS.hadoop-conf", "/etc/hadoop");

        requireRefusal(
                "Binding aaHDFS has no option fs.multiconf.aaHDFS.hadoop-conf. Its options are fs.multiconf.aaHDFS.allowed-prefixes, fs.multiconf.aaHDFS.cluster-id, fs.multiconf.aaHDFS.coalesce-deletes, fs.multiconf.aaHDFS.conf-file, fs.multiconf.aaHDFS.connect-timeout, fs.multiconf.aaHDFS.default-authority, fs.multiconf.aaHDFS.hadoop-conf-dir, fs.multiconf.aaHDFS.hadoop-lib-dir, fs.multiconf.aaHDFS.isolation, fs.multiconf.aaHDFS.kerberos.delegation-tokens, fs.multiconf.aaHDFS.kerberos.keytab, fs.multiconf.aaHDFS.kerberos.principal, fs.multiconf.aaHDFS.kerberos.token-authorities, fs.multiconf.aaHDFS.proxy-user, fs.multiconf.aaHDFS.scheme, fs.multiconf.aaHDFS.user; settings of Hadoop or of a plugin go below fs.multiconf.aaHDFS.conf..");
    }

    @Test
    void deletesOfOtherStoresCannotBeOne() {
        set("s3b.scheme", "s3");
        set("s3b.coalesce-deletes", "true");

        requireRefusal(
                "Binding s3b: fs.multiconf.s3b.coalesce-deletes is for hdfs, whose NameNode deletes a directory in one call, and this is s3. Remove it.");
    }

    @Test
    void secretInTheConfigurationIsRefusedAndNotRepeated() {
        for (String key :
                List.of(
                        "fs.s3a.access.key",
                        "s3.access-key",
                        "fs.s3a.secret.key",
                        "fs.oss.accessKeyId",
                        "fs.oss.accessKeySecret",
                        "fs.s3a.session.token",
                        "fs.azure.account.key.x",
                        "fs.azure.sas.container.account",
                        "fs.oss.securityToken",
                        "fs.s3a.encryption.key",
                        "ssl.server.keystore.password")) {
            Configuration one = new Configuration();
            one.setString("fs.multiconf.s3b.scheme", "s3");
            one.setString("fs.multiconf.s3b.conf." + key, "hush");

            assertThatThrownBy(() -> BindingSettings.all(one))
                    .isInstanceOf(IllegalConfigurationException.class)
                    .hasMessage(
                            "Binding s3b: fs.multiconf.s3b.conf."
                                    + key
                                    + " looks like a secret, and Flink's configuration is no place for one: it is logged, and shown by the REST API and in ConfigMaps. Move it to the file of fs.multiconf.s3b.conf-file, and change the secret.");
        }
    }

    @Test
    void settingThatOnlySoundsLikeASecretIsTaken() {
        set("aaHDFS.conf.dfs.client.key.provider.cache.expiry", "10");

        assertThat(read().properties()).hasSize(1);
    }

    @Test
    void missingDirectoryIsRefused() {
        set("aaHDFS.hadoop-conf-dir", "/no/such");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.hadoop-conf-dir: '/no/such' is not a directory.");
    }

    @Test
    void directoryWithoutXmlIsRefused() {
        set("aaHDFS.hadoop-conf-dir", directory.toString());

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.hadoop-conf-dir: '%s' has no *-site.xml file."
                        .formatted(directory));
    }

    @Test
    void badXmlIsRefusedWithoutWhatIsInIt() throws IOException {
        Files.writeString(
                directory.resolve("core-site.xml"),
                "<configuration>\n<property><value>abc&hush!</value></property>\n</configuration>");
        set("aaHDFS.hadoop-conf-dir", directory.toString());

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.hadoop-conf-dir: '%s' has a file that is not well-formed XML, core-site.xml, see line 2."
                        .formatted(directory));
    }

    @Test
    void classOfHadoopForS3ChangesNothing() throws IOException {
        site("core-site.xml", property("fs.s3a.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem"));
        set("aaHDFS.scheme", "s3a");
        set("aaHDFS.hadoop-conf-dir", directory.toString());

        assertThat(read().kind()).isEqualTo(BindingSettings.Kind.PLUGIN);
    }

    @Test
    void otherXmlIsRefused() throws IOException {
        Files.writeString(directory.resolve("core-site.xml"), "<project/>");
        set("aaHDFS.hadoop-conf-dir", directory.toString());

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.hadoop-conf-dir: '%s' has a file that is not Hadoop's, core-site.xml: its root is <project>, not <configuration>."
                        .formatted(directory));
    }

    @Test
    void missingFileIsRefused() {
        set("aaHDFS.conf-file", "/no/such.properties");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.conf-file: '/no/such.properties' is not a file.");
    }

    @Test
    void malformedFileIsRefusedWithoutWhatIsInIt() throws IOException {
        Path file = Files.writeString(directory.resolve("s.properties"), "secret=\\uhush");
        set("aaHDFS.conf-file", file.toString());

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.conf-file: '%s' is not a properties file: it has a malformed \\u sequence."
                        .formatted(file));
    }

    @Test
    void principalWithoutKeytabIsRefused() {
        set("aaHDFS.kerberos.principal", "flink@A");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.kerberos.principal and fs.multiconf.aaHDFS.kerberos.keytab go together; fs.multiconf.aaHDFS.kerberos.keytab is missing.");
    }

    @Test
    void principalWithoutKerberosIsRefused() throws IOException {
        login();

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.principal, but hadoop.security.authentication among its settings is not 'kerberos'. Set it, as the cluster has it, or remove the principal and its keytab.");
    }

    @Test
    void userAndPrincipalAreRefused() throws IOException {
        login();
        set("aaHDFS.user", "etl");

        requireRefusal(
                "Binding aaHDFS has both fs.multiconf.aaHDFS.user and fs.multiconf.aaHDFS.kerberos.principal: remove one. With Kerberos the user is the principal.");
    }

    @Test
    void userOfAClusterWithKerberosIsRefused() {
        set("aaHDFS.user", "etl");
        set("aaHDFS.conf.hadoop.security.authentication", "kerberos");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.user, and its cluster has Kerberos, which takes nobody's word for who he is. Use fs.multiconf.aaHDFS.kerberos.principal and fs.multiconf.aaHDFS.kerberos.keytab instead, with fs.multiconf.aaHDFS.proxy-user if it is to act for that user.");
    }

    @Test
    void sharedClassesWithKerberosAreRefused() throws IOException {
        login();
        set("aaHDFS.conf.hadoop.security.authentication", "kerberos");
        set("aaHDFS.isolation", "shared");

        requireRefusal(
                "Binding aaHDFS: Hadoop logs in once for all that share its classes, so fs.multiconf.aaHDFS.kerberos.principal needs fs.multiconf.aaHDFS.isolation: classloader.");
    }

    @Test
    void keytabIsNeededUnlessThereAreTokens() {
        set("aaHDFS.kerberos.principal", "flink@A");
        set("aaHDFS.kerberos.keytab", "/no/such");
        set("aaHDFS.conf.hadoop.security.authentication", "kerberos");
        set("aaHDFS.conf.fs.defaultFS", "hdfs://ns1");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.kerberos.keytab: '/no/such' is not a file.");
        assertThat(read(Map.of("aaHDFS.kerberos.delegation-tokens", "true")).delegationTokens())
                .isTrue();
    }

    @Test
    void keytabThatIsNoFileIsRefusedAlsoWithTokens() {
        tokens();
        set("aaHDFS.kerberos.keytab", directory.toString());

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.kerberos.keytab: '%s' is not a file."
                        .formatted(directory));
    }

    @Test
    void tokensAreOfTheDefaultAuthorityUnlessOthersAreGiven() {
        tokens();

        assertThat(read().tokenAuthorities()).containsExactly("ns1");
        assertThat(read(Map.of("aaHDFS.default-authority", "ns2")).tokenAuthorities())
                .containsExactly("ns2");
        assertThat(read(Map.of("aaHDFS.kerberos.token-authorities", "ns3;ns4")).tokenAuthorities())
                .containsExactly("ns3", "ns4");
    }

    @Test
    void tokensOfNoServerAreRefused() {
        tokens();
        set("aaHDFS.conf.fs.defaultFS", "file:///");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.delegation-tokens, and does not say of which servers: set fs.multiconf.aaHDFS.kerberos.token-authorities, or fs.multiconf.aaHDFS.default-authority, or fs.defaultFS in its Hadoop configuration.");
    }

    @Test
    void tokensOfNobodyAreRefused() {
        set("aaHDFS.kerberos.delegation-tokens", "true");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.delegation-tokens, and nobody whose tokens they would be: set fs.multiconf.aaHDFS.kerberos.principal and fs.multiconf.aaHDFS.kerberos.keytab, or remove it.");
    }

    @Test
    void authoritiesWithoutTokensAreRefused() {
        set("aaHDFS.kerberos.token-authorities", "ns1");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.token-authorities, and no delegation tokens: set fs.multiconf.aaHDFS.kerberos.delegation-tokens: true, or remove it.");
    }

    @Test
    void tokensThatFlinkWouldNotSendAreRefused() {
        tokens();
        configuration.setString("security.delegation.token.provider.multiconf.enabled", "false");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.delegation-tokens, and security.delegation.token.provider.multiconf.enabled is false, so nobody would send the tokens: remove one of them.");

        configuration.setString("security.delegation.tokens.enabled", "false");

        requireRefusal(
                "Binding aaHDFS has fs.multiconf.aaHDFS.kerberos.delegation-tokens, and security.delegation.tokens.enabled is false, so nobody would send the tokens: remove one of them.");
    }

    private void tokens() {
        set("aaHDFS.kerberos.principal", "flink@A");
        set("aaHDFS.kerberos.keytab", "/no/such");
        set("aaHDFS.kerberos.delegation-tokens", "true");
        set("aaHDFS.conf.hadoop.security.authentication", "kerberos");
        set("aaHDFS.conf.fs.defaultFS", "hdfs://ns1");
    }

    @Test
    void userOfS3IsRefused() {
        set("aaHDFS.scheme", "s3");
        set("aaHDFS.user", "etl");

        requireRefusal(
                "Binding aaHDFS: users and Kerberos are of Hadoop's file systems, and fs.multiconf.aaHDFS.scheme is 's3'. Remove fs.multiconf.aaHDFS.kerberos.*, fs.multiconf.aaHDFS.user and fs.multiconf.aaHDFS.proxy-user.");
    }

    @Test
    void relativePrefixIsRefused() {
        set("aaHDFS.allowed-prefixes", "data");

        requireRefusal(
                "Binding aaHDFS: fs.multiconf.aaHDFS.allowed-prefixes: 'data' is not an absolute path without '..'.");
    }

    @Test
    void badValueIsRefused() {
        set("aaHDFS.connect-timeout", "soon");

        requireRefusal(
                "Binding aaHDFS: Could not parse value 'soon' for key 'fs.multiconf.aaHDFS.connect-timeout'.");
    }

    private void login() throws IOException {
        Path keytab = Files.writeString(directory.resolve("a.keytab"), "");
        set("aaHDFS.kerberos.principal", "flink@A");
        set("aaHDFS.kerberos.keytab", keytab.toString());
    }

    private void set(String key, String value) {
        configuration.setString("fs.multiconf." + key, value);
    }

    private BindingSettings read(Map<String, String> more) {
        more.forEach(this::set);
        return read();
    }

    private BindingSettings read() {
        return BindingSettings.all(configuration).get(0);
    }

    private void requireRefusal(String message) {
        assertThatThrownBy(() -> BindingSettings.all(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(message)
                .satisfies(
                        failure ->
                                assertThat(ExceptionUtils.stringifyException(failure))
                                        .doesNotContain("hush"));
    }

    private void site(String name, String... properties) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "<?xml version=\"1.0\"?>\n<configuration>\n"
                        + String.join("\n", properties)
                        + "\n</configuration>\n");
    }

    private static String property(String name, String value) {
        return "<property><name>%s</name><value>%s</value></property>".formatted(name, value);
    }
}
