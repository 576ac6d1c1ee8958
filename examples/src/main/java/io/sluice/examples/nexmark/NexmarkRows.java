package io.sluice.examples.nexmark;

import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

import java.time.Instant;

/** The auction stream as rows: what a table with {@code 'connector' = 'nexmark'} holds. */
final class NexmarkRows {

    static final int PERSON_TYPE = 0;
    static final int AUCTION_TYPE = 1;
    static final int BID_TYPE = 2;

    /** The columns of a table, as they are to be declared; {@code dateTime} is a reserved word. */
    static final String COLUMNS =
            "event_type INT,"
                    + " person ROW<id BIGINT, name STRING, emailAddress STRING,"
                    + " creditCard STRING, city STRING, state STRING,"
                    + " `dateTime` TIMESTAMP(3), extra STRING>,"
                    + " auction ROW<id BIGINT, itemName STRING, description STRING,"
                    + " initialBid BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3),"
                    + " expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>,"
                    + " bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING,"
                    + " url STRING, `dateTime` TIMESTAMP(3), extra STRING>";

    /** The type of {@link #COLUMNS}. */
    static final DataType TYPE =
            DataTypes.ROW(
                    DataTypes.FIELD("event_type", DataTypes.INT()),
                    DataTypes.FIELD(
                            "person",
                            DataTypes.ROW(
                                    DataTypes.FIELD("id", DataTypes.BIGINT()),
                                    DataTypes.FIELD("name", DataTypes.STRING()),
                                    DataTypes.FIELD("emailAddress", DataTypes.STRING()),
                                    DataTypes.FIELD("creditCard", DataTypes.STRING()),
                                    DataTypes.FIELD("city", DataTypes.STRING()),
                                    DataTypes.FIELD("state", DataTypes.STRING()),
                                    DataTypes.FIELD("dateTime", DataTypes.TIMESTAMP(3)),
                                    DataTypes.FIELD("extra", DataTypes.STRING()))),
                    DataTypes.FIELD(
                            "auction",
                            DataTypes.ROW(
                                    DataTypes.FIELD("id", DataTypes.BIGINT()),
                                    DataTypes.FIELD("itemName", DataTypes.STRING()),
                                    DataTypes.FIELD("description", DataTypes.STRING()),
                                    DataTypes.FIELD("initialBid", DataTypes.BIGINT()),
                                    DataTypes.FIELD("reserve", DataTypes.BIGINT()),
                                    DataTypes.FIELD("dateTime", DataTypes.TIMESTAMP(3)),
                                    DataTypes.FIELD("expires", DataTypes.TIMESTAMP(3)),
                                    DataTypes.FIELD("seller", DataTypes.BIGINT()),
                                    DataTypes.FIELD("category", DataTypes.BIGINT()),
                                    DataTypes.FIELD("extra", DataTypes.STRING()))),
                    DataTypes.FIELD(
                            "bid",
                            DataTypes.ROW(
                                    DataTypes.FIELD("auction", DataTypes.BIGINT()),
                                    DataTypes.FIELD("bidder", DataTypes.BIGINT()),
                                    DataTypes.FIELD("price", DataTypes.BIGINT()),
                                    DataTypes.FIELD("channel", DataTypes.STRING()),
                                    DataTypes.FIELD("url", DataTypes.STRING()),
                                    DataTypes.FIELD("dateTime", DataTypes.TIMESTAMP(3)),
                                    DataTypes.FIELD("extra", DataTypes.STRING()))));

    private NexmarkRows() {}

    /** Returns a row of {@link #TYPE}; the two columns of the other kinds are NULL. */
    static RowData of(NexmarkEvent event) {
        if (event instanceof Bid bid) {
            return GenericRowData.of(BID_TYPE, null, null, of(bid));
        }
        if (event instanceof Auction auction) {
            return GenericRowData.of(AUCTION_TYPE, null, of(auction), null);
        }
        return GenericRowData.of(PERSON_TYPE, of((Person) event), null, null);
    }

    private static RowData of(Person person) {
        return GenericRowData.of(
                person.id(),
                string(person.name()),
                string(person.emailAddress()),
                string(person.creditCard()),
                string(person.city()),
                string(person.state()),
                timestamp(person.dateTime()),
                string(person.extra()));
    }

    private static RowData of(Auction auction) {
        return GenericRowData.of(
                auction.id(),
                string(auction.itemName()),
                string(auction.description()),
                auction.initialBid(),
                auction.reserve(),
                timestamp(auction.dateTime()),
                timestamp(auction.expires()),
                auction.seller(),
                auction.category(),
                string(auction.extra()));
    }

    private static RowData of(Bid bid) {
        return GenericRowData.of(
                bid.auction(),
                bid.bidder(),
                bid.price(),
                string(bid.channel()),
                string(bid.url()),
                timestamp(bid.dateTime()),
                string(bid.extra()));
    }

    private static StringData string(String value) {
        return StringData.fromString(value);
    }

    private static TimestampData timestamp(Instant time) {
        return TimestampData.fromEpochMillis(time.toEpochMilli());
    }
}
