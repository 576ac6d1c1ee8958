package io.sluice.fs.multiconf;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

import java.time.Duration;
import java.util.List;

/**
 * Options of a binding. Their keys hold {@code <binding>} in the place of its name, which is the
 * scheme that users write.
 */
public final class MultiConfOptions {

    /** What all keys begin with. */
    public static final String PREFIX = "fs.multiconf.";

    private static final String BINDING = "<binding>";

    /** The scheme behind the binding. */
    public static final ConfigOption<String> SCHEME =
            option("scheme")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Scheme of the file system behind paths <binding>://AUTHORITY/PATH: hdfs or"
                                    + " another one that Hadoop implements (viewfs, webhdfs, swebhdfs, or"
                                    + " with fs.SCHEME.impl among the settings), s3, s3a, s3p, oss or"
                                    + " another one whose plugin is there, or file. This key makes the"
                                    + " binding; all others are optional. The name of a binding is a letter"
                                    + " followed by letters and digits.");

    /** Where Hadoop's XML files are. */
    public static final ConfigOption<String> HADOOP_CONF_DIR =
            option("hadoop-conf-dir")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Directory with core-site.xml, hdfs-site.xml and other *-site.xml files, read"
                                    + " for this binding only, in the order of their names. Without it the"
                                    + " binding has Hadoop's defaults: neither HADOOP_CONF_DIR nor files on"
                                    + " the class path are looked at.");

    /** A file with more settings. */
    public static final ConfigOption<String> CONF_FILE =
            option("conf-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Properties file with further settings, which win over hadoop-conf-dir. The"
                                    + " place for secrets: unlike the configuration of Flink it is shown"
                                    + " nowhere. Read when a process starts.");

    /** Prefix of settings in the configuration itself. */
    public static final ConfigOption<String> CONF =
            option("conf.<key>")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "A single setting, as of Hadoop or of the S3 or OSS plugin, which wins over"
                                    + " conf-file and hadoop-conf-dir. Not for secrets: those are refused,"
                                    + " as everybody can read Flink's configuration.");

    /** Where paths without an authority are. */
    public static final ConfigOption<String> DEFAULT_AUTHORITY =
            option("default-authority")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Authority of paths that have none, such as <binding>:///PATH: nameservice,"
                                    + " HOST:PORT, or bucket. Unless given, that of fs.defaultFS.");

    /** A name for the cluster. */
    public static final ConfigOption<String> CLUSTER_ID =
            option("cluster-id")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Any name for the cluster or account behind the binding. It is kept with files"
                                    + " that are being written; a recovery under another name is refused"
                                    + " instead of losing them. HDFS is also told apart without it, by the"
                                    + " block pool of the NameNode.");

    /** Kerberos principal. */
    public static final ConfigOption<String> PRINCIPAL =
            option("kerberos.principal")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Kerberos principal that this binding logs in as, with kerberos.keytab; renewed"
                                    + " as long as the process lives. Other bindings do not use it.");

    /** Kerberos keytab. */
    public static final ConfigOption<String> KEYTAB =
            option("kerberos.keytab")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Keytab file of kerberos.principal.");

    /** Whether processes without the keytab get tokens from the JobManager. */
    public static final ConfigOption<Boolean> DELEGATION_TOKENS =
            option("kerberos.delegation-tokens")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Makes the JobManager log in with the keytab, get delegation tokens of HDFS and of"
                                    + " its key management server, and send them to the TaskManagers, again"
                                    + " and again before they end. A TaskManager uses them if the file of"
                                    + " kerberos.keytab is not there; all other processes, such as clients,"
                                    + " need the file still. Needs security.delegation.tokens.enabled.");

    /** Of which servers. */
    public static final ConfigOption<List<String>> TOKEN_AUTHORITIES =
            option("kerberos.token-authorities")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Authorities, as they stand in paths, whose delegation tokens are obtained with"
                                    + " kerberos.delegation-tokens; paths to others cannot be used without the"
                                    + " keytab. All must be there, or the binding has no new tokens. Unless"
                                    + " given, default-authority, or that of fs.defaultFS.");

    /** User without Kerberos. */
    public static final ConfigOption<String> USER =
            option("user")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "User name for a Hadoop cluster without Kerberos. Unless given, that of the"
                                    + " process.");

    /** User on whose behalf. */
    public static final ConfigOption<String> PROXY_USER =
            option("proxy-user")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "User on whose behalf the binding's own user acts, as Hadoop's proxy user"
                                    + " settings of the cluster allow.");

    /** What may be touched. */
    public static final ConfigOption<List<String>> ALLOWED_PREFIXES =
            option("allowed-prefixes")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Absolute paths: the binding touches nothing but these and what is below them."
                                    + " Unless given, everything. A guard against mistakes, not against"
                                    + " attackers, who have the binding's credentials if they can submit a"
                                    + " job.");

    /** Whether its classes are its own. */
    public static final ConfigOption<Isolation> ISOLATION =
            option("isolation")
                    .enumType(Isolation.class)
                    .defaultValue(Isolation.CLASSLOADER)
                    .withDescription(
                            "CLASSLOADER loads the classes of the file system anew for the binding, so that"
                                    + " nothing that Hadoop keeps once a JVM (login, clients, caches) is"
                                    + " shared; costs about 15 MiB of metaspace and one second at first use."
                                    + " SHARED uses one copy for all bindings that say so: they must agree"
                                    + " in security and timeouts.");

    /** Another Hadoop. */
    public static final ConfigOption<String> HADOOP_LIB_DIR =
            option("hadoop-lib-dir")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Directory with jars of Hadoop to use instead of those in the plugin's"
                                    + " directory hadoop/, such as a vendor's; flink-hadoop-fs must be among"
                                    + " them.");

    /** How long callers wait for a connection. */
    public static final ConfigOption<Duration> CONNECT_TIMEOUT =
            option("connect-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(60))
                    .withDescription(
                            "How long an operation waits for the login and the client of the binding before"
                                    + " it fails. Bindings and other file systems do not wait for each"
                                    + " other.");

    /** Whether the directory of a checkpoint is deleted at once. */
    public static final ConfigOption<Boolean> COALESCE_DELETES =
            option("coalesce-deletes")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "For hdfs: deletes the directory of a checkpoint with one recursive call where"
                                    + " Flink deletes its files one by one. Deletes of files with random names"
                                    + " in a directory chk-N wait until the directory is deleted, or for 10 s"
                                    + " without another. A process that is killed meanwhile leaves them.");

    private MultiConfOptions() {}

    private static ConfigOptions.OptionBuilder option(String key) {
        return ConfigOptions.key(PREFIX + BINDING + "." + key);
    }

    /** Returns the key of an option for one binding. */
    static String key(ConfigOption<?> option, String binding) {
        return option.key().replace(BINDING, binding);
    }

    /** Whose classes a binding uses. */
    public enum Isolation {
        /** Its own. */
        CLASSLOADER,

        /** Those of all bindings that say so. */
        SHARED
    }
}
