package io.sluice.runtime.rpc;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.exceptions.RpcLoaderException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PreExtractedRpcSystemLoaderTest {

    @TempDir Path lib;

    private final Configuration configuration = new Configuration();

    @Test
    void startsTheRpcServiceWithoutACopyOfTheJar() throws Exception {
        copyRpcJar();
        Path temp = Files.createDirectory(lib.resolve("temp"));
        configuration.setString("io.tmp.dirs", temp.toString());

        try (RpcSystem system = new PreExtractedRpcSystemLoader(lib).loadRpcSystem(configuration)) {
            RpcService service = system.localServiceBuilder(configuration).createAndStart();

            assertThat(service.getClass().getClassLoader())
                    .as("Pekko stays off the application's class path")
                    .isNotSameAs(getClass().getClassLoader());
            service.closeAsync().get();
        }

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void twoRpcSystemsOfOneJvmShareTheirClasses() throws Exception {
        copyRpcJar();

        RpcSystem first = new PreExtractedRpcSystemLoader(lib).loadRpcSystem(configuration);
        first.close();
        RpcSystem second = new PreExtractedRpcSystemLoader(lib).loadRpcSystem(configuration);

        assertThat(second).isNotSameAs(first);
        assertThat(second.getClass()).isSameAs(first.getClass());
        // What the first one did not load yet, the second one can.
        RpcService service = second.localServiceBuilder(configuration).createAndStart();
        service.closeAsync().get();
    }

    private void copyRpcJar() throws IOException {
        Path rpcJar =
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .map(Path::of)
                        .filter(
                                path ->
                                        path.getFileName()
                                                .toString()
                                                .startsWith("flink-rpc-akka-2"))
                        .findFirst()
                        .orElseThrow();
        Files.copy(rpcJar, lib.resolve("flink-rpc-akka.jar"));
    }

    @Test
    void isTriedBeforeFlinksOwn() {
        assertThat(ServiceLoader.load(RpcSystemLoader.class))
                .anySatisfy(
                        loader -> {
                            assertThat(loader).isInstanceOf(PreExtractedRpcSystemLoader.class);
                            assertThat(loader.getLoadPriority()).isNegative();
                        });
    }

    @Test
    void missingDirectoryIsRefused() {
        Path missing = lib.resolve("rpc");

        assertThatThrownBy(
                        () -> new PreExtractedRpcSystemLoader(missing).loadRpcSystem(configuration))
                .isInstanceOf(RpcLoaderException.class)
                .hasMessage(
                        "Cannot load the RPC system: %s cannot be read. Unpack the distribution anew."
                                .formatted(missing));
    }

    @Test
    void secondJarIsRefused() throws Exception {
        Files.createFile(lib.resolve("a.jar"));
        Files.createFile(lib.resolve("b.jar"));

        assertThatThrownBy(() -> new PreExtractedRpcSystemLoader(lib).loadRpcSystem(configuration))
                .isInstanceOf(RpcLoaderException.class)
                .hasMessage(
                        "Cannot load the RPC system: %s holds 2 jars, but must hold the flink-rpc-akka jar and no other."
                                .formatted(lib));
    }
}
