package io.sluice.testkit.server.process;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A NameNode and its DataNodes. Everybody may write below the root directory. */
public final class HdfsProcess {

    /** Settings of ours; all others are Hadoop's. */
    public static final String DIRECTORY = "sluice.directory";

    public static final String DATA_NODES = "sluice.data-nodes";

    /** Returns {@code operation count} of each operation, two texts each. */
    public static final String CALLS = "calls";

    private HdfsProcess() {}

    public static void main(String[] arguments) throws Exception {
        Properties settings = Answers.settings(arguments);
        Configuration configuration = new HdfsConfiguration();
        settings.stringPropertyNames()
                .forEach(name -> configuration.set(name, settings.getProperty(name)));
        // The key of a server that is to find a free port itself.
        configuration.set("ipc.0.callqueue.impl", ClientCalls.class.getName());

        File directory = new File(settings.getProperty(DIRECTORY));
        MiniDFSCluster cluster =
                new MiniDFSCluster.Builder(configuration, directory)
                        // What is there already is of a cluster that goes on here.
                        .format(!directory.exists())
                        .numDataNodes(Integer.parseInt(settings.getProperty(DATA_NODES)))
                        .build();
        cluster.waitActive();
        FileSystem files = cluster.getFileSystem();
        files.setPermission(new Path("/"), new FsPermission("1777"));
        ClientCalls.forget();

        Answers.serve(
                List.of(Integer.toString(cluster.getNameNodePort())),
                Map.of(CALLS, unused -> calls()));
    }

    private static List<String> calls() {
        return ClientCalls.counts().entrySet().stream()
                .flatMap(count -> List.of(count.getKey(), count.getValue().toString()).stream())
                .toList();
    }
}
