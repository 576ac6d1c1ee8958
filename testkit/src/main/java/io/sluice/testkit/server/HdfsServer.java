package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.process.HdfsProcess;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A HDFS cluster in one process: a NameNode and its DataNodes. Everybody may write below its root
 * directory.
 *
 * <p>It has two names: {@link #uri()}, and a logical one, which only the {@linkplain
 * #writeClientConfiguration configuration of a client} can resolve. Two clusters may have the same
 * logical name.
 */
public final class HdfsServer extends ServerProcess {

    private static final String HOST = "127.0.0.1";

    private final String nameservice;
    private final Map<String, String> clientProperties;
    private final Path blocks;

    private HdfsServer(Builder builder, Path directory, Path blocks, Security security)
            throws InterruptedException {
        super(
                builder.sandbox,
                directory,
                "hdfs",
                HdfsProcess.class,
                security.jvmOptions,
                builder.serverSettings(blocks, security));
        this.blocks = blocks;
        this.nameservice = builder.nameservice;
        this.clientProperties = builder.clientProperties(security);
    }

    /**
     * Returns a builder of a cluster with one DataNode and one replica of each block, that trusts
     * its clients.
     *
     * @param nameservice the logical name
     */
    public static Builder builder(Sandbox sandbox, String nameservice) {
        return new Builder(sandbox, nameservice);
    }

    /** Returns the root by the NameNode's address. */
    public URI uri() {
        return URI.create("hdfs://" + address());
    }

    /** Returns the root by the logical name. */
    public URI logicalUri() {
        return URI.create("hdfs://" + nameservice);
    }

    private String address() {
        return HOST + ":" + ready(0);
    }

    /**
     * Writes {@code core-site.xml} and {@code hdfs-site.xml} of a client. The logical URI is its
     * default file system.
     */
    public void writeClientConfiguration(Path directory) {
        Map<String, String> core = new TreeMap<>();
        Map<String, String> hdfs = new TreeMap<>();
        clientProperties.forEach(
                (name, value) -> (name.startsWith("dfs.") ? hdfs : core).put(name, value));
        core.put("fs.defaultFS", logicalUri().toString());
        hdfs.put("dfs.nameservices", nameservice);
        hdfs.put("dfs.ha.namenodes." + nameservice, "nn1");
        hdfs.put("dfs.namenode.rpc-address." + nameservice + ".nn1", address());
        hdfs.put(
                "dfs.client.failover.proxy.provider." + nameservice,
                "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider");
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("core-site.xml"), xml(core));
            Files.writeString(directory.resolve("hdfs-site.xml"), xml(hdfs));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write the configuration of a HDFS client to " + directory + ".", e);
        }
    }

    private static String xml(Map<String, String> properties) {
        StringBuilder lines = new StringBuilder("<?xml version=\"1.0\"?>\n<configuration>\n");
        properties.forEach(
                (name, value) ->
                        lines.append(
                                "  <property><name>%s</name><value>%s</value></property>%n"
                                        .formatted(escaped(name), escaped(value))));
        return lines.append("</configuration>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Returns how many calls of clients the NameNode got since it is ready, by operation, such as
     * {@code getFileInfo}; an operation that nobody called is not there. Calls of DataNodes do not
     * count; retries do.
     */
    public Map<String, Long> nameNodeCalls() throws InterruptedException {
        List<String> texts = ask(HdfsProcess.CALLS);
        Map<String, Long> calls = new TreeMap<>();
        for (int i = 0; i < texts.size(); i += 2) {
            calls.put(texts.get(i), Long.parseLong(texts.get(i + 1)));
        }
        return calls;
    }

    /**
     * What Kerberos adds.
     *
     * @param server properties of the server alone
     * @param both properties of the server and its clients
     */
    private record Security(
            List<String> jvmOptions, Map<String, String> server, Map<String, String> both) {

        static Security none() {
            return new Security(List.of(), Map.of(), Map.of());
        }

        static Security kerberos(Kdc kdc, Path directory) throws InterruptedException {
            String host = "namenode." + kdc.domain();
            String keytab = directory.resolve("server.keytab").toString();
            String service = kdc.principal("hdfs/" + host, Path.of(keytab));
            String web = kdc.principal("HTTP/" + host, Path.of(keytab));
            Path krb5Conf = directory.resolve("krb5.conf");
            Kdc.writeKrb5Conf(krb5Conf, List.of(kdc), Map.of());
            return new Security(
                    List.of("-Djava.security.krb5.conf=" + krb5Conf),
                    Map.of(
                            "dfs.namenode.keytab.file",
                            keytab,
                            "dfs.datanode.keytab.file",
                            keytab,
                            "dfs.datanode.kerberos.principal",
                            service,
                            "dfs.web.authentication.kerberos.principal",
                            web,
                            "dfs.web.authentication.kerberos.keytab",
                            keytab,
                            "dfs.block.access.token.enable",
                            "true",
                            "dfs.http.policy",
                            "HTTP_ONLY",
                            "ignore.secure.ports.for.testing",
                            "true"),
                    Map.of(
                            "hadoop.security.authentication",
                            "kerberos",
                            "dfs.namenode.kerberos.principal",
                            service,
                            "dfs.data.transfer.protection",
                            "authentication"));
        }
    }

    /** What a cluster is to be like. */
    public static final class Builder {

        private final Sandbox sandbox;
        private final String nameservice;
        private final Map<String, String> hadoop = new TreeMap<>();
        private int replication = 1;
        private int dataNodes = 1;
        private @Nullable Kdc kdc;
        private @Nullable HdfsServer former;

        private Builder(Sandbox sandbox, String nameservice) {
            this.sandbox = sandbox;
            this.nameservice = nameservice;
        }

        /** Sets how many replicas a block has. More than there are DataNodes are not made. */
        public Builder replication(int replicas) {
            this.replication = replicas;
            return this;
        }

        public Builder dataNodes(int count) {
            this.dataNodes = count;
            return this;
        }

        /** Sets a property of Hadoop, for the server and its clients. */
        public Builder hadoop(String name, String value) {
            hadoop.put(name, value);
            return this;
        }

        /** Lets only principals of this realm in. */
        public Builder kerberos(Kdc realm) {
            this.kdc = realm;
            return this;
        }

        /**
         * Lets it be the cluster that another server was, with all its files, at another address.
         *
         * @param ended was killed
         */
        public Builder movedFrom(HdfsServer ended) {
            this.former = ended;
            return this;
        }

        /** Starts the cluster; returns when it serves. */
        public HdfsServer start() throws InterruptedException {
            Path directory = newDirectory(sandbox, "hdfs-" + nameservice);
            Security security = kdc == null ? Security.none() : Security.kerberos(kdc, directory);
            if (former != null && former.isAlive()) {
                throw new IllegalStateException(
                        "%s still runs. Kill it before it moves.".formatted(former));
            }
            Path blocks = former == null ? directory.resolve("blocks") : former.blocks;
            return new HdfsServer(this, directory, blocks, security);
        }

        private Map<String, String> serverSettings(Path blocks, Security security) {
            Map<String, String> settings = new TreeMap<>(security.server);
            settings.putAll(clientProperties(security));
            settings.put(HdfsProcess.DIRECTORY, blocks.toString());
            settings.put(HdfsProcess.DATA_NODES, Integer.toString(dataNodes));
            return settings;
        }

        private Map<String, String> clientProperties(Security security) {
            Map<String, String> properties = new TreeMap<>(security.both);
            properties.put("dfs.replication", Integer.toString(replication));
            properties.putAll(hadoop);
            return properties;
        }
    }
}
