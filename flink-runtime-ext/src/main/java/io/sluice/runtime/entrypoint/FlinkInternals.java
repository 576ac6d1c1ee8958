package io.sluice.runtime.entrypoint;

import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint;
import org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.util.EnvironmentInformation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * All reflection of this module into Flink: what its main classes do with their arguments and the
 * user's program, so that ours do just the same. A class that is not there is looked for only when
 * its process starts.
 */
final class FlinkInternals {

    private static final String BUILT_FOR = "2.3.0";

    private static final String KUBERNETES_UTILS =
            "org.apache.flink.kubernetes.entrypoint.KubernetesEntrypointUtils";

    private FlinkInternals() {}

    static Configuration standaloneConfiguration(EntrypointClusterConfiguration parsed) {
        return (Configuration)
                invoke(
                        StandaloneApplicationClusterEntryPoint.class,
                        "loadConfigurationFromClusterConfig",
                        parsed);
    }

    static PackagedProgram standaloneProgram(
            EntrypointClusterConfiguration parsed, Configuration configuration) {
        return (PackagedProgram)
                invoke(
                        StandaloneApplicationClusterEntryPoint.class,
                        "getPackagedProgram",
                        parsed,
                        configuration);
    }

    static Configuration kubernetesConfiguration(Configuration dynamicParameters) {
        try {
            return (Configuration)
                    invoke(Class.forName(KUBERNETES_UTILS), "loadConfiguration", dynamicParameters);
        } catch (ClassNotFoundException e) {
            throw mismatch(KUBERNETES_UTILS, e);
        }
    }

    static PackagedProgram kubernetesProgram(Configuration configuration) {
        return (PackagedProgram)
                invoke(
                        KubernetesApplicationClusterEntrypoint.class,
                        "getPackagedProgram",
                        configuration);
    }

    /** Calls the static method of that name that takes these arguments. */
    private static Object invoke(Class<?> owner, String name, Object... arguments) {
        Method method =
                Arrays.stream(owner.getDeclaredMethods())
                        .filter(candidate -> candidate.getName().equals(name))
                        .filter(candidate -> takes(candidate, arguments))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        mismatch(
                                                owner.getName() + "." + name,
                                                new NoSuchMethodException(name)));
        try {
            method.setAccessible(true);
            return method.invoke(null, arguments);
        } catch (IllegalAccessException e) {
            throw mismatch(method.toString(), e);
        } catch (InvocationTargetException e) {
            throw rethrown(e.getTargetException());
        }
    }

    private static boolean takes(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Throws what Flink threw, checked or not, as a call without reflection would. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException rethrown(Throwable cause) throws E {
        throw (E) cause;
    }

    private static IllegalStateException mismatch(String member, Throwable cause) {
        return new IllegalStateException(
                "Sluice's JobManager was built for Flink "
                        + BUILT_FOR
                        + " and does not find "
                        + member
                        + " in Flink "
                        + EnvironmentInformation.getVersion()
                        + ". Use the jar that was built for this version of Flink, or set sluice.runtime.enabled: false to start Flink's own JobManager.",
                cause);
    }
}
