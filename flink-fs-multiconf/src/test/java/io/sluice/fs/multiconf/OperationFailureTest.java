package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;

import javax.security.sasl.SaslException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;

import static org.assertj.core.api.Assertions.assertThat;

class OperationFailureTest {

    private final OperationFailure hdfs = of("hdfs");
    private final OperationFailure s3 = of("s3");

    @Test
    void serverThatIsNotThere() {
        IOException failure =
                new ConnectException(
                        "Call From a to b:8020 failed: Connection refused; For more:\nx");

        assertThat(hdfs.explained(failure))
                .hasMessage(
                        "Binding aa cannot reach hdfs://ns1/: Call From a to b:8020 failed: Connection refused; For more. See whether its servers run and can be reached from this machine, and fs.multiconf.aa.hadoop-conf-dir.")
                .hasCause(failure);
    }

    @Test
    void serverThatDoesNotAnswer() {
        IOException failure =
                new IOException("listStatus", new SocketTimeoutException("Read timed out"));

        assertThat(s3.explained(failure))
                .hasMessage(
                        "Binding aa cannot reach s3://ns1/: Read timed out. See whether its servers run and can be reached from this machine, and the endpoint below fs.multiconf.aa.conf..");
    }

    @Test
    void serverThatDoesNotKnowUs() {
        assertThat(hdfs.explained(new IOException("x", new SaslException("No valid credentials"))))
                .hasMessage(
                        "Binding aa is refused by hdfs://ns1/: No valid credentials. See fs.multiconf.aa.kerberos.principal and fs.multiconf.aa.kerberos.keytab.");
        assertThat(
                        hdfs.explained(
                                new IOException(
                                        "Client cannot authenticate via:[TOKEN, KERBEROS]")))
                .hasMessageStartingWith("Binding aa is refused by hdfs://ns1/: ");
        assertThat(s3.explained(new IOException("Forbidden (Status Code: 403; Error Code: 403)")))
                .hasMessage(
                        "Binding aa is refused by s3://ns1/: Forbidden (Status Code: 403; Error Code: 403). See the keys in the file of fs.multiconf.aa.conf-file.");
    }

    @Test
    void tokenThatHasEnded() {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.aa.scheme", "hdfs");
        configuration.setString("fs.multiconf.aa.default-authority", "ns1");
        configuration.setString("fs.multiconf.aa.conf.hadoop.security.authentication", "kerberos");
        configuration.setString("fs.multiconf.aa.kerberos.principal", "flink@A");
        configuration.setString("fs.multiconf.aa.kerberos.keytab", "/no/such");
        configuration.setString("fs.multiconf.aa.kerberos.delegation-tokens", "true");

        assertThat(
                        of(configuration)
                                .explained(
                                        new IOException(
                                                "token (token for flink) can't be found in cache")))
                .hasMessage(
                        "Binding aa is refused by hdfs://ns1/: token (token for flink) can't be found in cache. See the JobManager's log, if this process has no keytab but delegation tokens of the JobManager, and fs.multiconf.aa.kerberos.principal and fs.multiconf.aa.kerberos.keytab.");
    }

    @Test
    void tokenThatIsTooOld() {
        assertThat(hdfs.explained(new IOException("Token  has expired, current time: 2026")))
                .hasMessageStartingWith("Binding aa is refused by hdfs://ns1/: Token  has expired");
    }

    @Test
    void whatLiesNotInTheBindingIsPassedOn() {
        IOException missing = new FileNotFoundException("/a");
        IOException denied = new IOException("Permission denied: user=a, access=WRITE");

        assertThat(hdfs.explained(missing)).isSameAs(missing);
        assertThat(hdfs.explained(denied)).isSameAs(denied);
    }

    private static OperationFailure of(String scheme) {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.aa.scheme", scheme);
        return of(configuration);
    }

    private static OperationFailure of(Configuration configuration) {
        BindingSettings settings = BindingSettings.all(configuration).get(0);
        return new OperationFailure(settings, URI.create(settings.scheme() + "://ns1/"));
    }
}
