package io.sluice.testkit.server.process;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A NameNode's queue of calls, which counts those of clients by operation. A NameNode makes it by
 * its class name, so the counts are of this JVM.
 *
 * <p>Hadoop's own metrics count a call after its answer has been sent: a client that looks right
 * after its call may miss it. Here it counts as soon as it has come.
 */
public final class ClientCalls<E> extends LinkedBlockingQueue<E> {

    private static final long serialVersionUID = 1L;

    /** In the text of a call, which has nothing else that names its operation. */
    private static final Pattern OPERATION =
            Pattern.compile("org\\.apache\\.hadoop\\.hdfs\\.protocol\\.ClientProtocol\\.(\\w+)");

    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    /** Creates an empty queue, by reflection. */
    public ClientCalls(int capacity) {
        super(capacity);
    }

    /** Returns how many calls of each operation have come. */
    static Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        COUNTS.forEach((operation, count) -> counts.put(operation, count.sum()));
        return counts;
    }

    /** Forgets the calls so far. */
    static void forget() {
        COUNTS.clear();
    }

    @Override
    public void put(E call) throws InterruptedException {
        count(call);
        super.put(call);
    }

    @Override
    public boolean offer(E call) {
        count(call);
        return super.offer(call);
    }

    @Override
    public boolean offer(E call, long timeout, TimeUnit unit) throws InterruptedException {
        count(call);
        return super.offer(call, timeout, unit);
    }

    private static <E> void count(E call) {
        Matcher operation = OPERATION.matcher(call.toString());
        if (operation.find()) {
            COUNTS.computeIfAbsent(operation.group(1), first -> new LongAdder()).increment();
        }
    }
}
