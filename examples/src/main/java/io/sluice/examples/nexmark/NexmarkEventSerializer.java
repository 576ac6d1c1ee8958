package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

import java.io.IOException;
import java.time.Instant;

/**
 * Writes one byte for the kind of event, then its fields in the order of the record; times as epoch
 * milliseconds. Stateless.
 *
 * <p>The bytes are part of checkpoints: a changed layout needs a new class and snapshot, or old
 * savepoints are misread.
 */
final class NexmarkEventSerializer extends TypeSerializerSingleton<NexmarkEvent> {

    static final NexmarkEventSerializer INSTANCE = new NexmarkEventSerializer();

    private static final long serialVersionUID = 1L;

    private static final byte PERSON = 0;
    private static final byte AUCTION = 1;
    private static final byte BID = 2;

    private NexmarkEventSerializer() {}

    @Override
    public void serialize(NexmarkEvent event, DataOutputView out) throws IOException {
        if (event instanceof Bid bid) {
            out.writeByte(BID);
            out.writeLong(bid.auction());
            out.writeLong(bid.bidder());
            out.writeLong(bid.price());
            StringValue.writeString(bid.channel(), out);
            StringValue.writeString(bid.url(), out);
            out.writeLong(bid.dateTime().toEpochMilli());
            StringValue.writeString(bid.extra(), out);
        } else if (event instanceof Auction auction) {
            out.writeByte(AUCTION);
            out.writeLong(auction.id());
            StringValue.writeString(auction.itemName(), out);
            StringValue.writeString(auction.description(), out);
            out.writeLong(auction.initialBid());
            out.writeLong(auction.reserve());
            out.writeLong(auction.dateTime().toEpochMilli());
            out.writeLong(auction.expires().toEpochMilli());
            out.writeLong(auction.seller());
            out.writeLong(auction.category());
            StringValue.writeString(auction.extra(), out);
        } else if (event instanceof Person person) {
            out.writeByte(PERSON);
            out.writeLong(person.id());
            StringValue.writeString(person.name(), out);
            StringValue.writeString(person.emailAddress(), out);
            StringValue.writeString(person.creditCard(), out);
            StringValue.writeString(person.city(), out);
            StringValue.writeString(person.state(), out);
            out.writeLong(person.dateTime().toEpochMilli());
            StringValue.writeString(person.extra(), out);
        }
    }

    @Override
    public NexmarkEvent deserialize(DataInputView in) throws IOException {
        // Java evaluates the arguments from left to right: the order of the fields.
        byte kind = in.readByte();
        return switch (kind) {
            case PERSON ->
                    new Person(
                            in.readLong(),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            Instant.ofEpochMilli(in.readLong()),
                            StringValue.readString(in));
            case AUCTION ->
                    new Auction(
                            in.readLong(),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            in.readLong(),
                            in.readLong(),
                            Instant.ofEpochMilli(in.readLong()),
                            Instant.ofEpochMilli(in.readLong()),
                            in.readLong(),
                            in.readLong(),
                            StringValue.readString(in));
            case BID ->
                    new Bid(
                            in.readLong(),
                            in.readLong(),
                            in.readLong(),
                            StringValue.readString(in),
                            StringValue.readString(in),
                            Instant.ofEpochMilli(in.readLong()),
                            StringValue.readString(in));
            default ->
                    throw new IOException(
                            "Cannot read a Nexmark event: its first byte is %d, expected 0, 1 or 2. The bytes were not written by this serializer."
                                    .formatted(kind));
        };
    }

    @Override
    public NexmarkEvent deserialize(NexmarkEvent reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public NexmarkEvent copy(NexmarkEvent event) {
        return event;
    }

    @Override
    public NexmarkEvent copy(NexmarkEvent event, NexmarkEvent reuse) {
        return event;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    /** Returns a placeholder: the events are immutable, so nothing is ever read into it. */
    @Override
    public NexmarkEvent createInstance() {
        return new Bid(0, 0, 0, "", "", Instant.EPOCH, "");
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<NexmarkEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says in a savepoint that this serializer wrote the events. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<NexmarkEvent> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
