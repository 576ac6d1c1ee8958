package io.sluice.testkit.server.process;

import org.apache.hadoop.minikdc.MiniKdc;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A key distribution centre of one realm. */
public final class KdcProcess {

    /** A setting of ours; all others are those of {@link MiniKdc}. */
    public static final String DIRECTORY = "sluice.directory";

    /** Adds a principal, the second argument, and writes its keytab, the first. */
    public static final String PRINCIPAL = "principal";

    private KdcProcess() {}

    public static void main(String[] arguments) throws Exception {
        Properties settings = Answers.settings(arguments);
        Properties configuration = MiniKdc.createConf();
        configuration.putAll(settings);
        MiniKdc kdc = new MiniKdc(configuration, new File(settings.getProperty(DIRECTORY)));
        kdc.start();
        Answers.serve(
                List.of(Integer.toString(kdc.getPort()), kdc.getRealm()),
                Map.of(
                        PRINCIPAL,
                        request -> {
                            kdc.createPrincipal(new File(request.get(0)), request.get(1));
                            return List.of();
                        }));
    }
}
