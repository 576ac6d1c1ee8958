package io.sluice.systemtests;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import io.sluice.testkit.server.Kdc;
import io.sluice.testkit.server.S3Server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bindings of {@code config.yaml}, and the files that they name: these are in a sandbox that
 * outlives the clusters. A binding that is set again is changed.
 */
final class Bindings {

    /** The bucket of all S3 bindings. */
    static final String BUCKET = "same";

    private static final String KRB5_CONF = "java.security.krb5.conf";

    private final Sandbox files;
    private final Map<String, String> options = new TreeMap<>();

    /** Of this JVM: it sees clusters by their addresses, as they may have the same name. */
    private final Map<String, String> byAddress = new TreeMap<>();

    private final List<Kdc> realms = new ArrayList<>();

    Bindings(Sandbox files) {
        this.files = files;
    }

    Bindings set(String binding, String setting, String value) {
        options.put(key(binding, setting), value);
        return this;
    }

    private static String key(String binding, String setting) {
        return "fs.multiconf.%s.%s".formatted(binding, setting);
    }

    /** Binds to a cluster by a configuration directory of the binding's name. */
    Bindings hdfs(String binding, HdfsServer server) {
        return hdfs(binding, server, "hadoop-" + binding);
    }

    /** Binds to a cluster by a configuration directory of that name. */
    Bindings hdfs(String binding, HdfsServer server, String directory) {
        Path configuration = files.directory(directory);
        server.writeClientConfiguration(configuration);
        byAddress.put(key(binding, "default-authority"), server.uri().getAuthority());
        return set(binding, "scheme", "hdfs")
                .set(binding, "hadoop-conf-dir", configuration.toString());
    }

    /** Lets a binding log in with a principal of its own. */
    Bindings login(String binding, Kdc kdc) throws InterruptedException {
        String name = "flink-" + binding;
        Path keytab = files.root().resolve(binding + ".keytab");
        if (Files.notExists(keytab)) {
            kdc.principal(name, keytab);
        }
        if (realms.stream().noneMatch(realm -> realm.realm().equals(kdc.realm()))) {
            realms.add(kdc);
        }
        Kdc.writeKrb5Conf(krb5Conf(), realms, Map.of());
        options.put("env.java.opts.all", "-D%s=%s".formatted(KRB5_CONF, krb5Conf()));
        return set(binding, "kerberos.principal", name + "@" + kdc.realm())
                .set(binding, "kerberos.keytab", keytab.toString());
    }

    private Path krb5Conf() {
        return files.root().resolve("krb5.conf");
    }

    /** Binds to {@link #BUCKET}, with these keys in a file. */
    Bindings s3(String binding, S3Server server, String accessKey, String secretKey)
            throws IOException {
        Path keys = files.root().resolve(binding + ".properties");
        Files.writeString(
                keys, "s3.access-key=%s%ns3.secret-key=%s%n".formatted(accessKey, secretKey));
        return set(binding, "scheme", "s3")
                .set(binding, "default-authority", BUCKET)
                .set(binding, "conf-file", keys.toString())
                .set(binding, "conf.s3.endpoint", server.endpoint().toString())
                .set(binding, "conf.s3.path.style.access", "true");
    }

    /** Forgets all. */
    void clear() {
        options.clear();
        byAddress.clear();
    }

    Map<String, String> options() {
        return Map.copyOf(options);
    }

    /** Returns those for this JVM, whose Hadoop is that of the distribution. */
    Map<String, String> optionsByAddress(Distribution distribution) {
        Map<String, String> all = new TreeMap<>(options);
        all.putAll(byAddress);
        byAddress
                .keySet()
                .forEach(
                        key ->
                                all.put(
                                        key.replace("default-authority", "hadoop-lib-dir"),
                                        distribution
                                                .plugins()
                                                .resolve("fs-multiconf/hadoop")
                                                .toString()));
        return all;
    }

    /** Lets this JVM log in, too; until {@link #logOut}. */
    void logIn() {
        if (!realms.isEmpty()) {
            System.setProperty(KRB5_CONF, krb5Conf().toString());
        }
    }

    void logOut() {
        System.clearProperty(KRB5_CONF);
    }
}
