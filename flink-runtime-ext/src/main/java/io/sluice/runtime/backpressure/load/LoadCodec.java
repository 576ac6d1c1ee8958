package io.sluice.runtime.backpressure.load;

import org.apache.flink.util.StringUtils;

import io.sluice.runtime.backpressure.load.PeriodLoad.Input;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link LoadReport}s as bytes: 18 for each subtask and period, 12 for each output. Shares are kept
 * to a ten-thousandth, numbers of records up to {@link Integer#MAX_VALUE}.
 */
public final class LoadCodec {

    /*
     * Ids of jobs, vertices and data sets stand once in front of all; what follows names them by
     * their position there.
     */

    private static final double UNIT = 10_000;

    private LoadCodec() {}

    public static byte[] encode(LoadReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            new Encoder().write(report, out);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed.", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Returns what was encoded.
     *
     * @throws IllegalArgumentException if that is no report
     */
    public static LoadReport decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new Decoder(in).report();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "Not a report of loads: %d bytes.".formatted(bytes.length), e);
        }
    }

    private static final class Encoder {

        private final Map<String, Integer> ids = new LinkedHashMap<>();

        void write(LoadReport report, DataOutputStream out) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (DataOutputStream to = new DataOutputStream(body)) {
                writePeriods(report.periods(), to);
                writeEpisodes(report.episodes(), to);
            }
            out.writeBoolean(report.edgesTracked());
            out.writeInt(ids.size());
            for (String id : ids.keySet()) {
                byte[] raw = StringUtils.hexStringToByte(id);
                out.writeByte(raw.length);
                out.write(raw);
            }
            body.writeTo(out);
        }

        private void writePeriods(List<PeriodLoad> periods, DataOutputStream to)
                throws IOException {
            to.writeInt(periods.size());
            for (PeriodLoad period : periods) {
                to.writeLong(period.endMillis());
                to.writeInt((int) period.periodMillis());
                to.writeUTF(period.process().taskManager());
                writeShare(period.process().gc(), to);
                writeShare(period.process().machineCpu(), to);
                to.writeInt(period.jobs().size());
                for (Map.Entry<String, JobPart> job : period.jobs().entrySet()) {
                    writeId(job.getKey(), to);
                    writePart(job.getValue(), to);
                }
            }
        }

        private void writePart(JobPart part, DataOutputStream to) throws IOException {
            to.writeInt(part.subtasks().size());
            for (SubtaskLoad load : part.subtasks()) {
                writeId(load.vertex(), to);
                to.writeShort(load.subtask());
                to.writeShort(load.attempt());
                writeShare(load.soft(), to);
                writeShare(load.hard(), to);
                writeShare(load.idle(), to);
                writeShare(load.cpu(), to);
                to.writeInt((int) Math.min(Integer.MAX_VALUE, load.recordsIn()));
            }
            to.writeInt(part.outputs().size());
            for (OutputLoad output : part.outputs()) {
                writeId(output.vertex(), to);
                to.writeShort(output.subtask());
                writeId(output.dataSet(), to);
                writeShare(output.poolUsage(), to);
                writeShare(output.blocked(), to);
            }
            to.writeInt(part.inputs().size());
            for (Input input : part.inputs()) {
                writeId(input.dataSet(), to);
                writeId(input.vertex(), to);
            }
        }

        private void writeEpisodes(List<Episode> episodes, DataOutputStream to) throws IOException {
            to.writeInt(episodes.size());
            for (Episode episode : episodes) {
                to.writeUTF(episode.id());
                writeId(episode.job(), to);
                writeId(episode.vertex(), to);
                to.writeShort(episode.subtask());
                to.writeShort(episode.attempt());
                to.writeUTF(episode.taskManager());
                to.writeLong(episode.startMillis());
                to.writeLong(episode.durationMillis());
                to.writeBoolean(episode.ongoing());
                to.writeBoolean(episode.hard());
                writeShare(episode.backpressured(), to);
            }
        }

        private void writeId(String id, DataOutputStream to) throws IOException {
            Integer known = ids.get(id);
            int position = known == null ? ids.size() : known;
            if (known == null) {
                ids.put(id, position);
            }
            to.writeShort(position);
        }

        private static void writeShare(double share, DataOutputStream to) throws IOException {
            to.writeShort(Double.isNaN(share) ? -1 : (int) Math.round(share * UNIT));
        }
    }

    private static final class Decoder {

        private final DataInputStream in;
        private final List<String> ids = new ArrayList<>();

        Decoder(DataInputStream in) {
            this.in = in;
        }

        LoadReport report() throws IOException {
            boolean edgesTracked = in.readBoolean();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                byte[] raw = new byte[in.readByte()];
                in.readFully(raw);
                ids.add(StringUtils.byteToHexString(raw));
            }
            return new LoadReport(edgesTracked, list(this::period), list(this::episode));
        }

        private PeriodLoad period() throws IOException {
            long endMillis = in.readLong();
            int periodMillis = in.readInt();
            ProcessLoad process = new ProcessLoad(in.readUTF(), share(), share());
            Map<String, JobPart> jobs = new LinkedHashMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                jobs.put(id(), part(process));
            }
            return new PeriodLoad(endMillis, periodMillis, process, jobs);
        }

        private JobPart part(ProcessLoad process) throws IOException {
            return new JobPart(
                    list(
                            () ->
                                    new SubtaskLoad(
                                            id(),
                                            in.readUnsignedShort(),
                                            in.readUnsignedShort(),
                                            share(),
                                            share(),
                                            share(),
                                            share(),
                                            in.readInt(),
                                            process)),
                    list(
                            () ->
                                    new OutputLoad(
                                            id(), in.readUnsignedShort(), id(), share(), share())),
                    list(() -> new Input(id(), id())));
        }

        private Episode episode() throws IOException {
            return new Episode(
                    in.readUTF(),
                    id(),
                    id(),
                    in.readUnsignedShort(),
                    in.readUnsignedShort(),
                    in.readUTF(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean(),
                    in.readBoolean(),
                    share());
        }

        private String id() throws IOException {
            return ids.get(in.readUnsignedShort());
        }

        private double share() throws IOException {
            short units = in.readShort();
            return units < 0 ? Double.NaN : units / UNIT;
        }

        private interface Element<T> {
            T read() throws IOException;
        }

        private <T> List<T> list(Element<T> element) throws IOException {
            int count = in.readInt();
            List<T> elements = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                elements.add(element.read());
            }
            return elements;
        }
    }
}
