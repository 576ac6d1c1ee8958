package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Sandbox;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Two realms in one {@code krb5.conf}, and a HDFS cluster of one of them. */
class KdcIT {

    private static final String KRB5_CONF = "java.security.krb5.conf";

    private static Sandbox sandbox;
    private static Kdc first;
    private static Kdc second;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.create();
        first = Kdc.start(sandbox, "A.SLUICE.TEST");
        second = Kdc.start(sandbox, "B.SLUICE.TEST");
        Path krb5Conf = sandbox.conf().resolve("krb5.conf");
        Kdc.writeKrb5Conf(
                krb5Conf,
                List.of(first, second),
                Map.of("kdc_timeout", "1000", "max_retries", "1"));
        System.setProperty(KRB5_CONF, krb5Conf.toString());
    }

    @AfterAll
    static void stop() {
        System.clearProperty(KRB5_CONF);
        first.close();
        second.close();
        sandbox.close();
    }

    @Test
    void keytabsOfTwoRealmsLogIn() throws Exception {
        Path keytab = sandbox.conf().resolve("both.keytab");
        String alice = first.principal("alice", keytab);
        String bob = second.principal("bob/host.b.sluice.test", keytab);

        assertThat(alice).isEqualTo("alice@A.SLUICE.TEST");
        assertThat(login(alice, keytab)).isEqualTo(alice);
        assertThat(bob).isEqualTo("bob/host.b.sluice.test@B.SLUICE.TEST");
        assertThat(login(bob, keytab)).isEqualTo(bob);
    }

    @Test
    void principalOfAnotherRealmIsUnknown() throws Exception {
        Path keytab = sandbox.conf().resolve("carol.keytab");
        first.principal("carol", keytab);

        assertThatThrownBy(() -> login("carol@B.SLUICE.TEST", keytab))
                .isInstanceOf(LoginException.class);
    }

    @Test
    void suspendedKdcIsWaitedForInVain() throws Exception {
        Path keytab = sandbox.conf().resolve("dave.keytab");
        String dave = second.principal("dave", keytab);

        second.suspend();
        assertThatThrownBy(() -> login(dave, keytab))
                .isInstanceOf(LoginException.class)
                .hasCauseInstanceOf(SocketTimeoutException.class);
        second.resume();

        assertThat(login(dave, keytab)).isEqualTo(dave);
    }

    @Test
    void secureHdfsServesThoseWhoHaveATicketOnly() throws Exception {
        Path keytab = sandbox.conf().resolve("erin.keytab");
        String erin = first.principal("erin", keytab);
        try (HdfsServer server = HdfsServer.builder(sandbox, "ns1").kerberos(first).start()) {
            Configuration configuration =
                    HdfsClient.configuration(server, sandbox.directory("client"));
            UserGroupInformation.setConfiguration(configuration);
            UserGroupInformation withTicket =
                    UserGroupInformation.loginUserFromKeytabAndReturnUGI(erin, keytab.toString());
            UserGroupInformation withoutTicket = UserGroupInformation.createRemoteUser("mallory");

            String owner =
                    withTicket.doAs(
                            (PrivilegedExceptionAction<String>)
                                    () -> ownerOfNewFile(server, configuration));
            assertThat(owner).isEqualTo("erin");
            assertThatThrownBy(
                            () ->
                                    withoutTicket.doAs(
                                            (PrivilegedExceptionAction<String>)
                                                    () -> ownerOfNewFile(server, configuration)))
                    .hasRootCauseInstanceOf(AccessControlException.class);
        } finally {
            UserGroupInformation.reset();
        }
    }

    private static String ownerOfNewFile(HdfsServer server, Configuration configuration)
            throws Exception {
        try (FileSystem files = FileSystem.newInstance(server.logicalUri(), configuration)) {
            HdfsClient.write(files, "/file", "content");
            assertThat(HdfsClient.read(files, "/file")).isEqualTo("content");
            return files.getFileStatus(new org.apache.hadoop.fs.Path("/file")).getOwner();
        }
    }

    /** Returns who is logged in. */
    private static String login(String principal, Path keytab) throws LoginException {
        LoginContext context =
                new LoginContext("test", null, null, new KeytabLogin(principal, keytab));
        context.login();
        return context.getSubject().getPrincipals().iterator().next().getName();
    }

    /** What kinit does. */
    private static final class KeytabLogin extends javax.security.auth.login.Configuration {

        private final Map<String, String> options;

        KeytabLogin(String principal, Path keytab) {
            this.options =
                    Map.of(
                            "principal",
                            principal,
                            "keyTab",
                            keytab.toString(),
                            "useKeyTab",
                            "true",
                            "storeKey",
                            "true",
                            "doNotPrompt",
                            "true",
                            "refreshKrb5Config",
                            "true");
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule",
                        LoginModuleControlFlag.REQUIRED,
                        options)
            };
        }
    }
}
