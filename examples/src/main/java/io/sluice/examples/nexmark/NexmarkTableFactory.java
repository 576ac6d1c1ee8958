package io.sluice.examples.nexmark;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.LogicalType;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Makes the auction stream a table: {@code 'connector' = 'nexmark'}.
 *
 * <p>The columns are fixed, see the error message or the module's README for their text; computed
 * columns and a watermark may be added. The options are {@link NexmarkOptions} and {@code
 * 'scan.parallelism'}.
 */
public final class NexmarkTableFactory implements DynamicTableSourceFactory {

    static final String CONNECTOR = "nexmark";

    @Override
    public String factoryIdentifier() {
        return CONNECTOR;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> options = new LinkedHashSet<>(NexmarkOptions.ALL);
        options.add(FactoryUtil.SOURCE_PARALLELISM);
        return options;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        requireColumns(context);
        return new NexmarkTableSource(
                settings(context, helper),
                helper.getOptions().getOptional(FactoryUtil.SOURCE_PARALLELISM).orElse(null));
    }

    private static void requireColumns(Context context) {
        LogicalType declared = context.getPhysicalRowDataType().getLogicalType().copy(true);
        if (!declared.equals(NexmarkRows.TYPE.getLogicalType())) {
            throw new ValidationException(
                    "Table %s cannot be read with the connector '%s': its columns are %s. Declare them as (%s); computed columns and a watermark may follow."
                            .formatted(
                                    context.getObjectIdentifier().asSummaryString(),
                                    CONNECTOR,
                                    declared.asSummaryString(),
                                    NexmarkRows.COLUMNS));
        }
    }

    private static NexmarkSettings settings(
            Context context, FactoryUtil.TableFactoryHelper helper) {
        try {
            return NexmarkSettings.from(helper.getOptions());
        } catch (IllegalArgumentException e) {
            throw new ValidationException(
                    "Table %s cannot be read with the connector '%s': %s"
                            .formatted(
                                    context.getObjectIdentifier().asSummaryString(),
                                    CONNECTOR,
                                    e.getMessage()),
                    e);
        }
    }
}
