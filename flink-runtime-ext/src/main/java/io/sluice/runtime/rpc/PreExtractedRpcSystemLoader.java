package io.sluice.runtime.rpc;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.classloading.SubmoduleClassLoader;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.exceptions.RpcLoaderException;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads Flink's RPC system from the {@code flink-rpc-akka} jar that lies unpacked in {@code
 * lib/rpc/}, beside this class's own jar.
 *
 * <p>Flink's own loader copies that jar (24 MB) out of another jar into the temporary directory at
 * each start of each process, and leaves the copy there when the process is killed. This one copies
 * nothing. The RPC system keeps its own class loader, so Pekko and Scala stay off the class path of
 * user code, and the class data archive finds the classes under the same path at each start.
 *
 * <p>On a stock Flink without {@code lib/rpc/} it throws, and Flink falls back to its own loader.
 */
public final class PreExtractedRpcSystemLoader implements RpcSystemLoader {

    /** Before Flink's own loader, which has 0: the lowest number is tried first. */
    private static final int BEFORE_FLINKS_OWN = -1;

    /**
     * By jar, and for the life of the JVM: closing an RPC system closes none, because another may
     * use it. An archive holds a class of one such loader only.
     */
    private static final Map<Path, SubmoduleClassLoader> CLASS_LOADERS = new ConcurrentHashMap<>();

    private final Path directory;

    /** For the service loader. */
    public PreExtractedRpcSystemLoader() {
        this(besideOwnJar());
    }

    PreExtractedRpcSystemLoader(Path directory) {
        this.directory = directory;
    }

    @Override
    public int getLoadPriority() {
        return BEFORE_FLINKS_OWN;
    }

    @Override
    public RpcSystem loadRpcSystem(Configuration config) {
        Path jar = rpcJar();
        SubmoduleClassLoader classLoader =
                CLASS_LOADERS.computeIfAbsent(jar, PreExtractedRpcSystemLoader::classLoaderOf);
        return ServiceLoader.load(RpcSystem.class, classLoader)
                .findFirst()
                .orElseThrow(
                        () ->
                                new RpcLoaderException(
                                        "%s holds no RPC system. Put the file of the distribution back."
                                                .formatted(jar)));
    }

    private static SubmoduleClassLoader classLoaderOf(Path jar) {
        return new SubmoduleClassLoader(new URL[] {urlOf(jar)}, RpcSystem.class.getClassLoader());
    }

    private Path rpcJar() {
        List<Path> jars;
        try (Stream<Path> files = Files.list(directory)) {
            jars =
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .collect(Collectors.toList());
        } catch (IOException e) {
            throw new RpcLoaderException(
                    "Cannot load the RPC system: %s cannot be read. Unpack the distribution anew."
                            .formatted(directory),
                    e);
        }
        if (jars.size() != 1) {
            throw new RpcLoaderException(
                    "Cannot load the RPC system: %s holds %d jars, but must hold the flink-rpc-akka jar and no other."
                            .formatted(directory, jars.size()));
        }
        return jars.get(0);
    }

    private static URL urlOf(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new RpcLoaderException("Cannot load the RPC system from %s.".formatted(jar), e);
        }
    }

    private static Path besideOwnJar() {
        URL own =
                PreExtractedRpcSystemLoader.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation();
        try {
            return Path.of(new URI(own.toString())).resolveSibling("rpc");
        } catch (URISyntaxException e) {
            throw new RpcLoaderException("Cannot tell where %s lies.".formatted(own), e);
        }
    }
}
