package io.sluice.examples.nexmark;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NexmarkTableFactoryTest {

    private static final ResolvedSchema SCHEMA =
            ResolvedSchema.of(
                    DataType.getFields(NexmarkRows.TYPE).stream()
                            .map(field -> Column.physical(field.getName(), field.getDataType()))
                            .toList()
                            .toArray(Column[]::new));

    private static DynamicTableSource source(ResolvedSchema schema, Map<String, String> options) {
        Map<String, String> allOptions = new HashMap<>(options);
        allOptions.put("connector", "nexmark");
        return FactoryUtil.createDynamicTableSource(
                null,
                ObjectIdentifier.of("cat", "db", "auctions"),
                new ResolvedCatalogTable(
                        CatalogTable.newBuilder()
                                .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                                .options(allOptions)
                                .build(),
                        schema),
                Map.of(),
                new Configuration(),
                NexmarkTableFactoryTest.class.getClassLoader(),
                false);
    }

    @Test
    void optionsAreRead() {
        DynamicTableSource source =
                source(SCHEMA, Map.of("events", "500", "seed", "9", "scan.parallelism", "2"));

        assertThat(source)
                .isEqualTo(
                        new NexmarkTableSource(
                                NexmarkSettings.defaults().withEvents(500).withSeed(9), 2));
        assertThat(source.copy()).isEqualTo(source);
    }

    @Test
    void otherColumnsAreRejectedWithThoseToDeclare() {
        ResolvedSchema schema =
                ResolvedSchema.of(
                        Column.physical("event_type", DataTypes.INT()),
                        Column.physical("price", DataTypes.BIGINT()));

        assertThatThrownBy(() -> source(schema, Map.of()))
                .isInstanceOf(ValidationException.class)
                .cause()
                .isInstanceOf(ValidationException.class)
                .hasMessage(
                        "Table cat.db.auctions cannot be read with the connector 'nexmark': its"
                                + " columns are ROW<`event_type` INT, `price` BIGINT>. Declare"
                                + " them as (event_type INT, person ROW<id BIGINT, name STRING,"
                                + " emailAddress STRING, creditCard STRING, city STRING, state"
                                + " STRING, `dateTime` TIMESTAMP(3), extra STRING>, auction ROW<id"
                                + " BIGINT, itemName STRING, description STRING, initialBid"
                                + " BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3), expires"
                                + " TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>,"
                                + " bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel"
                                + " STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING>);"
                                + " computed columns and a watermark may follow.");
    }

    @Test
    void badValueIsRejected() {
        assertThatThrownBy(() -> source(SCHEMA, Map.of("in-flight-auctions", "1")))
                .cause()
                .isInstanceOf(ValidationException.class)
                .hasMessage(
                        "Table cat.db.auctions cannot be read with the connector 'nexmark':"
                                + " 'in-flight-auctions' is 1, but it must be from 3 to"
                                + " 100000000.");
    }

    @Test
    void unknownOptionIsRejectedWithTheValidOnes() {
        // The rest of the message lists what Flink itself supports.
        assertThatThrownBy(() -> source(SCHEMA, Map.of("evnets", "1")))
                .cause()
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith(
                        """
                        Unsupported options found for 'nexmark'.

                        Unsupported options:

                        evnets

                        Supported options:

                        base-time
                        connector
                        event-interval
                        events
                        events-per-second
                        extra-length
                        hot-auction-ratio
                        hot-bidder-ratio
                        hot-seller-ratio
                        in-flight-auctions
                        """)
                .hasMessageEndingWith("\nseed");
    }

    @Test
    void rowsHaveTheDeclaredShape() {
        NexmarkGenerator generator = new NexmarkGenerator(NexmarkSettings.defaults());
        List<DataType> kinds = NexmarkRows.TYPE.getChildren().subList(1, 4);

        for (int number : new int[] {0, 1, 4}) {
            int kind = number == 0 ? 0 : number == 1 ? 1 : 2;
            assertThat(NexmarkRows.of(generator.event(number)).getInt(0)).isEqualTo(kind);
            for (int column = 0; column < 3; column++) {
                assertThat(NexmarkRows.of(generator.event(number)).isNullAt(column + 1))
                        .isEqualTo(column != kind);
            }
            assertThat(
                            NexmarkRows.of(generator.event(number))
                                    .getRow(kind + 1, kinds.get(kind).getChildren().size())
                                    .getArity())
                    .isEqualTo(kinds.get(kind).getChildren().size());
        }
    }
}
