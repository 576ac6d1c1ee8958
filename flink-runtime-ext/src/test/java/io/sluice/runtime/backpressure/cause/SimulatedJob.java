package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.load.EdgeLoad;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A network of queues that behaves like a job: a subtask takes a record, works on it, and sends
 * what comes of it; it begins none while a channel is full, and waits within one if a channel gets
 * full.
 *
 * <p>Time is in units without a name. Not thread-safe.
 */
final class SimulatedJob {

    private static final int CHANNEL_RECORDS = 8;
    private static final double WARM_UP = 2_000;
    private static final double PERIOD = 2_000;
    private static final double CLOCK_ERROR = 0.02;

    private final Random random;
    private final Map<String, Vertex> vertices = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    SimulatedJob(Random random) {
        this.random = random;
    }

    /** What a vertex does; all of it may be changed until the job runs. */
    static final class Vertex {
        final String id;
        final int parallelism;
        final boolean source;

        /** Time that a subtask works on a record. */
        double cost;

        /** How many times as long each subtask takes. */
        final double[] slowness;

        /** Share of the vertex's input that each subtask gets. */
        final double[] share;

        /** Records after which it sends all that came of them at once. */
        int burst = 1;

        /** Share of the busy time for which the thread runs; NaN if not known. */
        double cpu = 0.9;

        ProcessLoad process = new ProcessLoad("tm-1", 0.01, 0.5);

        private Vertex(String id, int parallelism, boolean source, double cost) {
            this.id = id;
            this.parallelism = parallelism;
            this.source = source;
            this.cost = cost;
            slowness = new double[parallelism];
            Arrays.fill(slowness, 1);
            share = new double[parallelism];
            Arrays.fill(share, 1.0 / parallelism);
        }
    }

    /** Sends {@code perRecord} records for each one that the producer took. */
    record Edge(Vertex producer, Vertex consumer, double perRecord) {}

    Vertex vertex(String id, int parallelism, boolean source, double cost) {
        Vertex vertex = new Vertex(id, parallelism, source, cost);
        vertices.put(id, vertex);
        return vertex;
    }

    void edge(Vertex producer, Vertex consumer, double perRecord) {
        edges.add(new Edge(producer, consumer, perRecord));
    }

    Collection<Vertex> vertices() {
        return vertices.values();
    }

    List<Edge> edges() {
        return edges;
    }

    /** Returns the records that a vertex would get in a unit of time if nobody were held back. */
    double offered(Vertex vertex) {
        return vertex.source
                ? vertex.parallelism / vertex.cost
                : edges.stream()
                        .filter(edge -> edge.consumer() == vertex)
                        .mapToDouble(edge -> offered(edge.producer()) * edge.perRecord())
                        .sum();
    }

    /**
     * Makes a vertex need this share of its time for what {@link #offered} says; above 1 it is
     * slow.
     */
    void load(Vertex vertex, double share) {
        vertex.cost = share * vertex.parallelism / offered(vertex);
    }

    JobTopology topology() {
        return new JobTopology(
                "job",
                "simulated",
                vertices.values().stream()
                        .map(v -> new JobTopology.Vertex(v.id, v.id, v.parallelism))
                        .toList(),
                edges.stream()
                        .map(e -> new JobTopology.Edge(e.producer().id, e.consumer().id))
                        .toList());
    }

    /** Runs the job and tells what it did after it had warmed up. */
    JobLoad run(boolean edgesTracked) {
        Map<Vertex, List<Subtask>> subtasks = new LinkedHashMap<>();
        for (Vertex vertex : vertices.values()) {
            List<Subtask> ofVertex = new ArrayList<>();
            for (int i = 0; i < vertex.parallelism; i++) {
                ofVertex.add(new Subtask(vertex, i));
            }
            subtasks.put(vertex, ofVertex);
        }
        for (Edge edge : edges) {
            for (Subtask producer : subtasks.getOrDefault(edge.producer(), List.of())) {
                Output output = new Output(edge);
                for (Subtask consumer : subtasks.getOrDefault(edge.consumer(), List.of())) {
                    Channel channel = new Channel(output, consumer);
                    output.channels.add(channel);
                    consumer.inputs.add(channel);
                }
                producer.outputs.add(output);
            }
        }
        List<Subtask> all = subtasks.values().stream().flatMap(List::stream).toList();
        Clock clock = new Clock(random, all);
        clock.runUntil(WARM_UP);
        all.forEach(subtask -> subtask.forget(WARM_UP));
        clock.runUntil(WARM_UP + PERIOD);
        List<SubtaskLoad> loads = new ArrayList<>();
        List<EdgeLoad> edgeLoads = new ArrayList<>();
        for (Subtask subtask : all) {
            subtask.enter(subtask.state, WARM_UP + PERIOD);
            loads.add(subtask.load(random));
            if (edgesTracked) {
                subtask.outputs.forEach(output -> edgeLoads.add(output.load(subtask)));
            }
        }
        return new JobLoad(topology(), 0, (long) PERIOD, loads, edgeLoads);
    }

    private enum State {
        BUSY,
        SOFT,
        HARD,
        IDLE
    }

    private static final class Output {
        final Edge edge;
        final List<Channel> channels = new ArrayList<>();
        int next;
        double owed;
        double blocked;

        Output(Edge edge) {
            this.edge = edge;
        }

        Channel choose(Random random) {
            double[] share = edge.consumer().share;
            double at = random.nextDouble();
            for (int i = 0; i < share.length; i++) {
                at -= share[i];
                if (at < 0) {
                    return channels.get(i);
                }
            }
            return channels.get(next++ % channels.size());
        }

        EdgeLoad load(Subtask producer) {
            double used =
                    channels.stream()
                            .mapToDouble(channel -> (double) channel.records / CHANNEL_RECORDS)
                            .average()
                            .orElse(0);
            return new EdgeLoad(
                    edge.producer().id, edge.consumer().id, producer.index, used, blocked / PERIOD);
        }
    }

    private static final class Channel {
        final Output output;
        final Subtask consumer;
        final Set<Subtask> waiting = new LinkedHashSet<>();
        int records;

        Channel(Output output, Subtask consumer) {
            this.output = output;
            this.consumer = consumer;
        }

        boolean full() {
            return records >= CHANNEL_RECORDS;
        }
    }

    private static final class Subtask {
        final Vertex vertex;
        final int index;
        final List<Output> outputs = new ArrayList<>();
        final List<Channel> inputs = new ArrayList<>();
        final Deque<Channel> toSend = new ArrayDeque<>();
        final Map<State, Double> times = new EnumMap<>(State.class);

        State state = State.IDLE;
        @Nullable Output waitsFor;
        double since;
        double busyUntil;
        int nextInput;
        int inBurst;
        long recordsIn;

        Subtask(Vertex vertex, int index) {
            this.vertex = vertex;
            this.index = index;
        }

        void enter(State entered, double now) {
            times.merge(state, now - since, Double::sum);
            if (waitsFor != null) {
                waitsFor.blocked += now - since;
            }
            if (entered != state) {
                waitsFor = null;
            }
            since = now;
            state = entered;
        }

        void forget(double now) {
            enter(state, now);
            times.clear();
            outputs.forEach(output -> output.blocked = 0);
            recordsIn = 0;
        }

        SubtaskLoad load(Random random) {
            double busy = share(State.BUSY, random);
            return new SubtaskLoad(
                    vertex.id,
                    index,
                    0,
                    share(State.SOFT, random),
                    share(State.HARD, random),
                    share(State.IDLE, random),
                    busy * vertex.cpu,
                    recordsIn,
                    vertex.process);
        }

        private double share(State of, Random random) {
            double error = CLOCK_ERROR * random.nextGaussian();
            return Math.max(0, times.getOrDefault(of, 0.0) / PERIOD * (1 + error));
        }
    }

    /** Moves all subtasks on. */
    private static final class Clock {
        private final Random random;
        private final Deque<Subtask> awake;
        private final PriorityQueue<Subtask> busy =
                new PriorityQueue<>(Comparator.comparingDouble(subtask -> subtask.busyUntil));
        private double now;

        Clock(Random random, List<Subtask> all) {
            this.random = random;
            awake = new ArrayDeque<>(all);
        }

        void runUntil(double end) {
            while (true) {
                while (!awake.isEmpty()) {
                    proceed(awake.remove());
                }
                Subtask first = busy.peek();
                if (first == null || first.busyUntil > end) {
                    now = end;
                    return;
                }
                busy.remove();
                now = first.busyUntil;
                finish(first);
                proceed(first);
            }
        }

        private void finish(Subtask subtask) {
            subtask.enter(State.IDLE, now);
            for (Output output : subtask.outputs) {
                output.owed += output.edge.perRecord();
            }
            if (++subtask.inBurst < subtask.vertex.burst) {
                return;
            }
            subtask.inBurst = 0;
            for (Output output : subtask.outputs) {
                for (; output.owed >= 1; output.owed--) {
                    subtask.toSend.add(output.choose(random));
                }
            }
        }

        private void proceed(Subtask subtask) {
            if (subtask.state == State.BUSY) {
                return;
            }
            for (Channel channel = subtask.toSend.peek();
                    channel != null;
                    channel = subtask.toSend.peek()) {
                if (channel.full()) {
                    await(subtask, State.HARD, channel);
                    return;
                }
                subtask.toSend.remove();
                channel.records++;
                awake.add(channel.consumer);
            }
            for (Output output : subtask.outputs) {
                for (Channel channel : output.channels) {
                    if (channel.full()) {
                        await(subtask, State.SOFT, channel);
                        return;
                    }
                }
            }
            if (!subtask.vertex.source && !take(subtask)) {
                subtask.enter(State.IDLE, now);
                return;
            }
            subtask.enter(State.BUSY, now);
            double jitter = 0.5 + random.nextDouble();
            subtask.busyUntil =
                    now + subtask.vertex.cost * subtask.vertex.slowness[subtask.index] * jitter;
            busy.add(subtask);
        }

        private void await(Subtask subtask, State state, Channel channel) {
            subtask.enter(state, now);
            subtask.waitsFor = channel.output;
            channel.waiting.add(subtask);
        }

        private boolean take(Subtask subtask) {
            for (int i = 0; i < subtask.inputs.size(); i++) {
                Channel channel = subtask.inputs.get(subtask.nextInput++ % subtask.inputs.size());
                if (channel.records > 0) {
                    channel.records--;
                    subtask.recordsIn++;
                    awake.addAll(channel.waiting);
                    channel.waiting.clear();
                    return true;
                }
            }
            return false;
        }
    }
}
