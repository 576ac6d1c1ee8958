package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.process.KdcProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A Kerberos key distribution centre of one realm, over TCP only. */
public final class Kdc extends ServerProcess {

    private static final String HOST = "127.0.0.1";

    private static final int KEYTAB_VERSION_BYTES = 2;

    private final Path directory;

    private Kdc(Sandbox sandbox, String realm, Path directory) throws InterruptedException {
        super(
                sandbox,
                directory,
                "kdc",
                KdcProcess.class,
                List.of(),
                Map.of(
                        KdcProcess.DIRECTORY,
                        directory.toString(),
                        "org.name",
                        realm.substring(0, realm.indexOf('.')),
                        "org.domain",
                        realm.substring(realm.indexOf('.') + 1),
                        "kdc.bind.address",
                        HOST));
        this.directory = directory;
    }

    /**
     * Starts one.
     *
     * @param realm in capital letters, with a dot, such as {@code A.SLUICE.TEST}
     */
    public static Kdc start(Sandbox sandbox, String realm) throws InterruptedException {
        if (!realm.matches("[A-Z0-9-]+(\\.[A-Z0-9-]+)+")) {
            throw new IllegalArgumentException(
                    "realm=%s: it must be capital letters with a dot between, such as A.SLUICE.TEST"
                            .formatted(realm));
        }
        return new Kdc(sandbox, realm, newDirectory(sandbox, "kdc-" + realm));
    }

    public int port() {
        return Integer.parseInt(ready(0));
    }

    public String realm() {
        return ready(1);
    }

    /**
     * Returns the domain of the hosts whose services are in this realm: its name in small letters.
     * No name server knows it.
     */
    public String domain() {
        return realm().toLowerCase(Locale.ROOT);
    }

    /**
     * Adds a principal, with a random password, and its keys to a keytab, created if it is missing.
     *
     * @param name without the realm: {@code alice}, or {@code hdfs/namenode.a.sluice.test}
     * @return its whole name
     */
    public String principal(String name, Path keytab) throws InterruptedException {
        String principal = name + "@" + realm();
        try {
            Path own = Files.createTempDirectory(directory, "keytab-").resolve("keytab");
            ask(KdcProcess.PRINCIPAL, own.toString(), principal);
            append(Files.readAllBytes(own), keytab);
            return principal;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write the key of %s to %s.".formatted(principal, keytab), e);
        }
    }

    /** The entries of a keytab stand behind its version, and their order does not matter. */
    private static void append(byte[] entries, Path keytab) throws IOException {
        if (Files.notExists(keytab)) {
            Files.write(keytab, entries);
        } else {
            Files.write(
                    keytab,
                    Arrays.copyOfRange(entries, KEYTAB_VERSION_BYTES, entries.length),
                    StandardOpenOption.APPEND);
        }
    }

    /**
     * Writes a {@code krb5.conf} for all these realms. The first is the default one; a service is
     * in the realm of its host's domain.
     *
     * @param libdefaults more settings, such as {@code kdc_timeout} in milliseconds
     */
    public static void writeKrb5Conf(Path file, List<Kdc> kdcs, Map<String, String> libdefaults) {
        StringBuilder lines = new StringBuilder("[libdefaults]\n");
        Map<String, String> defaults = new TreeMap<>();
        defaults.put("default_realm", kdcs.get(0).realm());
        defaults.put("dns_lookup_kdc", "false");
        defaults.put("dns_lookup_realm", "false");
        defaults.put("dns_canonicalize_hostname", "false");
        // Over TCP at once.
        defaults.put("udp_preference_limit", "1");
        defaults.putAll(libdefaults);
        defaults.forEach((name, value) -> lines.append("  %s = %s%n".formatted(name, value)));
        lines.append("[realms]\n");
        for (Kdc kdc : kdcs) {
            // Not in one line, which Java takes for a list.
            lines.append(
                    "  %s = {%n    kdc = %s:%d%n  }%n".formatted(kdc.realm(), HOST, kdc.port()));
        }
        lines.append("[domain_realm]\n");
        for (Kdc kdc : kdcs) {
            lines.append("  .%s = %s%n".formatted(kdc.domain(), kdc.realm()));
        }
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ".", e);
        }
    }
}
