package io.sluice.fs.multiconf;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.SecurityOptions;

import io.sluice.fs.multiconf.BindingSettings.Identity;
import io.sluice.fs.multiconf.BindingSettings.Kind;
import io.sluice.fs.multiconf.MultiConfOptions.Isolation;
import io.sluice.fs.multiconf.routing.PathPrefixes;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the settings of one binding, and refuses what cannot work. */
final class BindingReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

    /** Schemes of Flink itself, of its plugins and of Hadoop. */
    private static final Set<String> TAKEN =
            Set.of(
                    "file",
                    "local",
                    "hdfs",
                    "viewfs",
                    "webhdfs",
                    "swebhdfs",
                    "har",
                    "s3",
                    "s3a",
                    "s3n",
                    "s3p",
                    "oss",
                    "gs",
                    "abfs",
                    "abfss",
                    "wasb",
                    "wasbs",
                    "http",
                    "https",
                    "ftp",
                    "ofs",
                    "o3fs",
                    "jar",
                    "classpath");

    /** In a key of a setting: everybody who may see Flink's configuration would see the value. */
    private static final Pattern SECRET =
            Pattern.compile(
                    "secret|password|passwd|access[-._]?key|account[-._]?key|private[-._]?key"
                            + "|encryption[-._]key|client[-._]?key$|token$|\\.sas\\.|credential$");

    private static final String AUTHENTICATION = "hadoop.security.authentication";

    private static final List<ConfigOption<?>> OPTIONS =
            List.of(
                    MultiConfOptions.SCHEME,
                    MultiConfOptions.HADOOP_CONF_DIR,
                    MultiConfOptions.CONF_FILE,
                    MultiConfOptions.DEFAULT_AUTHORITY,
                    MultiConfOptions.CLUSTER_ID,
                    MultiConfOptions.PRINCIPAL,
                    MultiConfOptions.KEYTAB,
                    MultiConfOptions.DELEGATION_TOKENS,
                    MultiConfOptions.TOKEN_AUTHORITIES,
                    MultiConfOptions.USER,
                    MultiConfOptions.PROXY_USER,
                    MultiConfOptions.ALLOWED_PREFIXES,
                    MultiConfOptions.ISOLATION,
                    MultiConfOptions.HADOOP_LIB_DIR,
                    MultiConfOptions.CONNECT_TIMEOUT,
                    MultiConfOptions.COALESCE_DELETES);

    private final String name;
    private final Configuration configuration;

    BindingReader(String name, Configuration configuration) {
        this.name = name;
        this.configuration = configuration;
    }

    BindingSettings read(Set<String> keys) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalConfigurationException(
                    "%s%s.*: '%s' cannot be the scheme of a path. Use a letter followed by letters and digits."
                            .formatted(MultiConfOptions.PREFIX, name, name));
        }
        if (TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalConfigurationException(
                    "%s%s.*: scheme '%s' is taken by Flink or one of its file systems. Give the binding another name."
                            .formatted(MultiConfOptions.PREFIX, name, name));
        }
        String scheme = text(MultiConfOptions.SCHEME);
        if (scheme == null) {
            throw new IllegalConfigurationException(
                    "Binding %s has no %s: say which file system is behind it, such as hdfs or s3."
                            .formatted(name, key(MultiConfOptions.SCHEME)));
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
        Map<String, String> inline = inline(keys);
        Map<String, String> properties = new HashMap<>();
        Path confDir = path(MultiConfOptions.HADOOP_CONF_DIR);
        if (confDir != null) {
            properties.putAll(source(MultiConfOptions.HADOOP_CONF_DIR, confDir).hadoopProperties());
        }
        Path confFile = path(MultiConfOptions.CONF_FILE);
        if (confFile != null) {
            properties.putAll(source(MultiConfOptions.CONF_FILE, confFile).properties());
        }
        properties.putAll(inline);
        Kind kind = BindingSettings.kind(scheme, properties);
        if (kind == Kind.PLUGIN && !BindingSettings.PLUGIN.contains(scheme)) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s is '%s', which no file system here implements. Use hdfs, viewfs, webhdfs, swebhdfs, s3, s3a, s3p, oss, gs, abfs, abfss, wasb, wasbs or file, or name Hadoop's class for it with %s%s.conf.fs.%s.impl."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.SCHEME),
                                    scheme,
                                    MultiConfOptions.PREFIX,
                                    name,
                                    scheme));
        }
        Isolation isolation =
                value(
                        ConfigOptions.key(key(MultiConfOptions.ISOLATION))
                                .enumType(Isolation.class)
                                .defaultValue(MultiConfOptions.ISOLATION.defaultValue()));
        return new BindingSettings(
                name,
                scheme,
                properties,
                text(MultiConfOptions.DEFAULT_AUTHORITY),
                text(MultiConfOptions.CLUSTER_ID),
                identity(kind, scheme, properties, isolation),
                tokenAuthorities(scheme, properties),
                prefixes(),
                isolation,
                path(MultiConfOptions.HADOOP_LIB_DIR),
                value(
                        ConfigOptions.key(key(MultiConfOptions.CONNECT_TIMEOUT))
                                .durationType()
                                .defaultValue(MultiConfOptions.CONNECT_TIMEOUT.defaultValue())),
                coalesceDeletes(scheme));
    }

    private boolean coalesceDeletes(String scheme) {
        boolean wanted =
                value(
                        ConfigOptions.key(key(MultiConfOptions.COALESCE_DELETES))
                                .booleanType()
                                .defaultValue(MultiConfOptions.COALESCE_DELETES.defaultValue()));
        if (wanted && !scheme.equals("hdfs")) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s is for hdfs, whose NameNode deletes a directory in one call, and this is %s. Remove it."
                            .formatted(name, key(MultiConfOptions.COALESCE_DELETES), scheme));
        }
        return wanted;
    }

    private Map<String, String> inline(Set<String> keys) {
        String prefix =
                key(MultiConfOptions.CONF).substring(0, key(MultiConfOptions.CONF).indexOf('<'));
        Set<String> known = new TreeSet<>();
        OPTIONS.forEach(option -> known.add(key(option)));
        Map<String, String> inline = new HashMap<>();
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                String setting = key.substring(prefix.length());
                if (SECRET.matcher(setting.toLowerCase(Locale.ROOT)).find()) {
                    throw new IllegalConfigurationException(
                            "Binding %s: %s looks like a secret, and Flink's configuration is no place for one: it is logged, and shown by the REST API and in ConfigMaps. Move it to the file of %s, and change the secret."
                                    .formatted(name, key, key(MultiConfOptions.CONF_FILE)));
                }
                inline.put(setting, configuration.getString(key, ""));
            } else if (!known.contains(key)) {
                throw new IllegalConfigurationException(
                        "Binding %s has no option %s. Its options are %s; settings of Hadoop or of a plugin go below %s."
                                .formatted(name, key, String.join(", ", known), prefix));
            }
        }
        return inline;
    }

    private Identity identity(
            Kind kind, String scheme, Map<String, String> properties, Isolation isolation) {
        String principal = text(MultiConfOptions.PRINCIPAL);
        Path keytab = path(MultiConfOptions.KEYTAB);
        String user = text(MultiConfOptions.USER);
        String proxyUser = text(MultiConfOptions.PROXY_USER);
        if ((principal == null) != (keytab == null)) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s and %s go together; %s is missing."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.PRINCIPAL),
                                    key(MultiConfOptions.KEYTAB),
                                    principal == null
                                            ? key(MultiConfOptions.PRINCIPAL)
                                            : key(MultiConfOptions.KEYTAB)));
        }
        if (keytab != null && !(hasTokens() && Files.notExists(keytab))) {
            source(MultiConfOptions.KEYTAB, keytab).requireReadableFile();
        }
        if (user != null && principal != null) {
            throw new IllegalConfigurationException(
                    "Binding %s has both %s and %s: remove one. With Kerberos the user is the principal."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.USER),
                                    key(MultiConfOptions.PRINCIPAL)));
        }
        Identity identity = new Identity(principal, keytab, user, proxyUser);
        if (kind != Kind.HADOOP && !identity.equals(Identity.OF_PROCESS)) {
            throw new IllegalConfigurationException(
                    "Binding %s: users and Kerberos are of Hadoop's file systems, and %s is '%s'. Remove %skerberos.*, %suser and %sproxy-user."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.SCHEME),
                                    scheme,
                                    MultiConfOptions.PREFIX + name + ".",
                                    MultiConfOptions.PREFIX + name + ".",
                                    MultiConfOptions.PREFIX + name + "."));
        }
        boolean hasKerberos =
                properties.getOrDefault(AUTHENTICATION, "simple").equalsIgnoreCase("kerberos");
        if (principal != null && !hasKerberos) {
            throw new IllegalConfigurationException(
                    "Binding %s has %s, but %s among its settings is not 'kerberos'. Set it, as the cluster has it, or remove the principal and its keytab."
                            .formatted(name, key(MultiConfOptions.PRINCIPAL), AUTHENTICATION));
        }
        if (user != null && hasKerberos) {
            throw new IllegalConfigurationException(
                    "Binding %s has %s, and its cluster has Kerberos, which takes nobody's word for who he is. Use %s and %s instead, with %s if it is to act for that user."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.USER),
                                    key(MultiConfOptions.PRINCIPAL),
                                    key(MultiConfOptions.KEYTAB),
                                    key(MultiConfOptions.PROXY_USER)));
        }
        if (principal != null && isolation == Isolation.SHARED) {
            throw new IllegalConfigurationException(
                    "Binding %s: Hadoop logs in once for all that share its classes, so %s needs %s: classloader."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.PRINCIPAL),
                                    key(MultiConfOptions.ISOLATION)));
        }
        return identity;
    }

    private boolean hasTokens() {
        return value(
                ConfigOptions.key(key(MultiConfOptions.DELEGATION_TOKENS))
                        .booleanType()
                        .defaultValue(MultiConfOptions.DELEGATION_TOKENS.defaultValue()));
    }

    private List<String> tokenAuthorities(String scheme, Map<String, String> properties) {
        List<String> given =
                value(
                        ConfigOptions.key(key(MultiConfOptions.TOKEN_AUTHORITIES))
                                .stringType()
                                .asList()
                                .defaultValues());
        if (!hasTokens()) {
            if (!given.isEmpty()) {
                throw new IllegalConfigurationException(
                        "Binding %s has %s, and no delegation tokens: set %s: true, or remove it."
                                .formatted(
                                        name,
                                        key(MultiConfOptions.TOKEN_AUTHORITIES),
                                        key(MultiConfOptions.DELEGATION_TOKENS)));
            }
            return List.of();
        }
        if (text(MultiConfOptions.PRINCIPAL) == null) {
            throw new IllegalConfigurationException(
                    "Binding %s has %s, and nobody whose tokens they would be: set %s and %s, or remove it."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.DELEGATION_TOKENS),
                                    key(MultiConfOptions.PRINCIPAL),
                                    key(MultiConfOptions.KEYTAB)));
        }
        requireTrue(SecurityOptions.DELEGATION_TOKENS_ENABLED);
        requireTrue(MultiConfTokenProvider.ENABLED);
        if (!given.isEmpty()) {
            return given;
        }
        String authority =
                BindingSettings.authorityOfBarePaths(
                        scheme, properties, text(MultiConfOptions.DEFAULT_AUTHORITY));
        if (authority == null) {
            throw new IllegalConfigurationException(
                    "Binding %s has %s, and does not say of which servers: set %s, or %s, or %s in its Hadoop configuration."
                            .formatted(
                                    name,
                                    key(MultiConfOptions.DELEGATION_TOKENS),
                                    key(MultiConfOptions.TOKEN_AUTHORITIES),
                                    key(MultiConfOptions.DEFAULT_AUTHORITY),
                                    BindingSettings.DEFAULT_FS));
        }
        return List.of(authority);
    }

    private void requireTrue(ConfigOption<Boolean> option) {
        if (!configuration.get(option)) {
            throw new IllegalConfigurationException(
                    "Binding %s has %s, and %s is false, so nobody would send the tokens: remove one of them."
                            .formatted(
                                    name, key(MultiConfOptions.DELEGATION_TOKENS), option.key()));
        }
    }

    private PathPrefixes prefixes() {
        List<String> paths =
                value(
                        ConfigOptions.key(key(MultiConfOptions.ALLOWED_PREFIXES))
                                .stringType()
                                .asList()
                                .defaultValues());
        try {
            return new PathPrefixes(paths);
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s: %s"
                            .formatted(
                                    name, key(MultiConfOptions.ALLOWED_PREFIXES), e.getMessage()),
                    e);
        }
    }

    private String key(ConfigOption<?> option) {
        return MultiConfOptions.key(option, name);
    }

    private @Nullable String text(ConfigOption<String> option) {
        String text = configuration.getString(key(option), null);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private @Nullable Path path(ConfigOption<String> option) {
        String text = text(option);
        return text == null ? null : Path.of(text);
    }

    private SettingsSource source(ConfigOption<String> option, Path path) {
        return new SettingsSource(name, key(option), path);
    }

    private <T> T value(ConfigOption<T> option) {
        try {
            return configuration.get(option);
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    "Binding %s: %s".formatted(name, e.getMessage()), e);
        }
    }
}
