package io.sluice.fs.multiconf;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import io.sluice.fs.multiconf.MultiConfOptions.Isolation;
import io.sluice.fs.multiconf.routing.PathPrefixes;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One binding as the configuration has it, checked as far as that is possible without a connection.
 *
 * @param name which is its scheme
 * @param scheme behind it, in lower case
 * @param properties of all its sources, the winning ones; may hold secrets, so it is never printed
 * @param defaultAuthority of paths without one, or null
 * @param clusterId or null
 * @param identity who it is there
 * @param tokenAuthorities whose delegation tokens the JobManager gets; empty if there are none
 * @param prefixes that it may touch
 * @param hadoopLibDir with jars of Hadoop, or null for the plugin's own
 * @param coalesceDeletes whether those of a checkpoint may be one
 */
public record BindingSettings(
        String name,
        String scheme,
        Map<String, String> properties,
        @Nullable String defaultAuthority,
        @Nullable String clusterId,
        Identity identity,
        List<String> tokenAuthorities,
        PathPrefixes prefixes,
        Isolation isolation,
        @Nullable Path hadoopLibDir,
        Duration connectTimeout,
        boolean coalesceDeletes) {

    /** Those that Hadoop's own jars implement. */
    private static final Set<String> HADOOP = Set.of("hdfs", "viewfs", "webhdfs", "swebhdfs");

    /** Those that a plugin of Flink implements. */
    static final Set<String> PLUGIN =
            Set.of("s3", "s3a", "s3p", "oss", "gs", "abfs", "abfss", "wasb", "wasbs");

    static final String DEFAULT_FS = "fs.defaultFS";

    /** What a binding is made with. */
    enum Kind {
        /** Java's own files. */
        LOCAL,
        /** A file system of Hadoop. */
        HADOOP,
        /** A plugin of Flink. */
        PLUGIN
    }

    /**
     * Who a binding is; at most a principal with its keytab, or a user, and a proxy user.
     *
     * @param principal of Kerberos, or null
     * @param keytab of the principal, or null
     * @param user without Kerberos, or null for that of the process
     * @param proxyUser on whose behalf, or null
     */
    public record Identity(
            @Nullable String principal,
            @Nullable Path keytab,
            @Nullable String user,
            @Nullable String proxyUser) {

        /** As the process is. */
        public static final Identity OF_PROCESS = new Identity(null, null, null, null);
    }

    public BindingSettings {
        properties = Map.copyOf(properties);
        tokenAuthorities = List.copyOf(tokenAuthorities);
    }

    /**
     * Returns all that a configuration has, by their names.
     *
     * @throws IllegalConfigurationException if one of them cannot work: says which key to change
     */
    public static List<BindingSettings> all(Configuration configuration) {
        Map<String, TreeSet<String>> keys = new TreeMap<>();
        for (String key : configuration.keySet()) {
            if (key.startsWith(MultiConfOptions.PREFIX)) {
                String rest = key.substring(MultiConfOptions.PREFIX.length());
                int dot = rest.indexOf('.');
                if (dot <= 0) {
                    throw new IllegalConfigurationException(
                            "%s: the name of a binding and one of its settings must follow, as in %sdata.scheme."
                                    .formatted(key, MultiConfOptions.PREFIX));
                }
                keys.computeIfAbsent(rest.substring(0, dot), any -> new TreeSet<>()).add(key);
            }
        }
        requireDistinct(keys.keySet());
        if (keys.size() > FileSystemSlot.COUNT) {
            throw new IllegalConfigurationException(
                    "There are %d bindings below %s, and the plugin has room for %d: %s. Remove some; jobs that need others can run in another cluster."
                            .formatted(
                                    keys.size(),
                                    MultiConfOptions.PREFIX,
                                    FileSystemSlot.COUNT,
                                    String.join(", ", keys.keySet())));
        }
        List<BindingSettings> all = new ArrayList<>();
        keys.forEach((name, own) -> all.add(new BindingReader(name, configuration).read(own)));
        return all;
    }

    private static void requireDistinct(Set<String> names) {
        Map<String, String> seen = new HashMap<>();
        for (String name : names) {
            String other = seen.put(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                throw new IllegalConfigurationException(
                        "Bindings %s and %s differ only in case, which paths do not tell apart. Rename one of %s%s.* and %s%s.*."
                                .formatted(
                                        other,
                                        name,
                                        MultiConfOptions.PREFIX,
                                        other,
                                        MultiConfOptions.PREFIX,
                                        name));
            }
        }
    }

    Kind kind() {
        return kind(scheme, properties);
    }

    static Kind kind(String scheme, Map<String, String> properties) {
        if (scheme.equals("file")) {
            return Kind.LOCAL;
        }
        if (HADOOP.contains(scheme)) {
            return Kind.HADOOP;
        }
        // A core-site.xml may name Hadoop's class for s3a, too.
        return !PLUGIN.contains(scheme) && properties.containsKey("fs." + scheme + ".impl")
                ? Kind.HADOOP
                : Kind.PLUGIN;
    }

    /**
     * Returns whether a process without the keytab uses tokens that the JobManager sends: it cannot
     * tell whether it will get some.
     */
    public boolean delegationTokens() {
        return !tokenAuthorities.isEmpty();
    }

    /** Returns the authority of paths that have none, or null if they need one. */
    @Nullable String authorityOfBarePaths() {
        return authorityOfBarePaths(scheme, properties, defaultAuthority);
    }

    static @Nullable String authorityOfBarePaths(
            String scheme, Map<String, String> properties, @Nullable String defaultAuthority) {
        if (defaultAuthority != null) {
            return defaultAuthority;
        }
        try {
            URI uri = new URI(properties.getOrDefault(DEFAULT_FS, ""));
            return scheme.equals(uri.getScheme()) ? uri.getAuthority() : null;
        } catch (URISyntaxException e) {
            // It is no root of this scheme, such as one with a variable in it.
            return null;
        }
    }

    /** Returns the key of an option for this binding. */
    public String key(ConfigOption<?> option) {
        return MultiConfOptions.key(option, name);
    }

    /** Nothing that could be secret. */
    @Override
    public String toString() {
        return "binding %s of %s".formatted(name, scheme);
    }
}
