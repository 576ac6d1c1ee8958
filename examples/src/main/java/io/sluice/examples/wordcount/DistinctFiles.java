package io.sluice.examples.wordcount;

import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.core.fs.Path;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lists each file once, also if it is named twice or lies in several of the inputs. */
final class DistinctFiles extends NonSplittingRecursiveEnumerator {

    @Override
    public Collection<FileSourceSplit> enumerateSplits(Path[] paths, int minDesiredSplits)
            throws IOException {
        Map<Path, FileSourceSplit> splits = new LinkedHashMap<>();
        for (FileSourceSplit split : super.enumerateSplits(paths, minDesiredSplits)) {
            splits.putIfAbsent(split.path(), split);
        }
        return splits.values();
    }
}
