package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.data.RowData;

import org.jspecify.annotations.Nullable;

/**
 * The auction stream for the planner.
 *
 * @param parallelism null means that of the query
 */
record NexmarkTableSource(NexmarkSettings settings, @Nullable Integer parallelism)
        implements ScanTableSource {

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(NexmarkRows.TYPE);
        return SourceProvider.of(NexmarkSource.of(settings, NexmarkRows::of, type), parallelism);
    }

    /** Returns itself: it is immutable. */
    @Override
    public DynamicTableSource copy() {
        return this;
    }

    @Override
    public String asSummaryString() {
        return "Nexmark";
    }
}
