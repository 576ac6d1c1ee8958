package io.sluice.testkit.server;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Hadoop's own client, configured by what a server wrote for it. */
final class HdfsClient {

    private HdfsClient() {}

    static Configuration configuration(HdfsServer server, java.nio.file.Path directory) {
        server.writeClientConfiguration(directory);
        Configuration configuration = new Configuration();
        configuration.addResource(new Path(directory.resolve("core-site.xml").toUri()));
        configuration.addResource(new Path(directory.resolve("hdfs-site.xml").toUri()));
        return configuration;
    }

    static void write(FileSystem files, String path, String content) throws IOException {
        try (FSDataOutputStream output = files.create(new Path(path))) {
            output.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String read(FileSystem files, String path) throws IOException {
        try (FSDataInputStream input = files.open(new Path(path))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
