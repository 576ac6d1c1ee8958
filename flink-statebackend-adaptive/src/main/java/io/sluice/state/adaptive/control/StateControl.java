package io.sluice.state.adaptive.control;

import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.GroupMove;
import io.sluice.state.adaptive.placement.KeyGroupLoad;
import io.sluice.state.adaptive.placement.Tier;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The adaptive state backends of this process, to look at and to ask for moves. Thread-safe; every
 * method returns at once.
 *
 * <p>Public for other code of the process, which may serve it to users.
 */
public final class StateControl {

    private static final StateControl PROCESS = new StateControl();

    private final Map<Long, ManagedBackend> backends = new ConcurrentHashMap<>();

    StateControl() {}

    /** The backends of this process, as far as they were loaded by the same class loader. */
    public static StateControl ofProcess() {
        return PROCESS;
    }

    void add(ManagedBackend backend) {
        backends.put(backend.id(), backend);
    }

    void remove(ManagedBackend backend) {
        backends.remove(backend.id());
    }

    List<ManagedBackend> managed() {
        return List.copyOf(backends.values());
    }

    /** Returns the status of each backend, by operator. */
    public List<BackendStatus> list() {
        return backends.values().stream()
                .map(ManagedBackend::status)
                .sorted(Comparator.comparing(BackendStatus::operator))
                .toList();
    }

    /**
     * Asks for state to be moved.
     *
     * @param which the backends that are meant
     * @param target where to
     * @param fraction of each backend's key groups that is to be in {@code target} afterwards, in
     *     (0, 1]; groups that are there already count
     * @param taskShare how much of its time a task gives to moves, in (0, 1]
     * @return the backends that took the request, with the number of key groups that will move
     * @throws IllegalArgumentException if a number is out of range, or a backend that is meant does
     *     not allow moves in its mode; then nothing moves
     */
    public List<AcceptedMove> move(
            Predicate<BackendStatus> which, Tier target, double fraction, double taskShare) {
        requireShare("fraction", fraction);
        requireShare("taskShare", taskShare);
        List<ManagedBackend> meant = movable(which);
        List<AcceptedMove> accepted = new ArrayList<>();
        for (ManagedBackend backend : meant) {
            List<GroupMove> moves = choose(backend.load(), target, fraction);
            backend.requestMoves(
                    moves,
                    taskShare,
                    "Requested: %.0f %% on %s".formatted(100 * fraction, name(target)));
            accepted.add(new AcceptedMove(backend.id(), moves.size()));
        }
        return accepted;
    }

    /**
     * Stops the moves of these backends where they are: the key groups stay in both tiers until
     * {@link #move} is called, or {@link #release}, after which decisions may move them. A restart
     * of the task goes on with them.
     *
     * @throws IllegalArgumentException if a backend that is meant does not allow moves in its mode;
     *     then nothing stops
     */
    public void stop(Predicate<BackendStatus> which) {
        movable(which).forEach(ManagedBackend::stopMoves);
    }

    private List<ManagedBackend> movable(Predicate<BackendStatus> which) {
        List<ManagedBackend> meant =
                backends.values().stream().filter(b -> which.test(b.status())).toList();
        for (ManagedBackend backend : meant) {
            if (!backend.mode().allowsMoves()) {
                throw new IllegalArgumentException(
                        "The state of "
                                + backend.status().operator()
                                + " is pinned: state.backend.adaptive.mode is "
                                + backend.mode()
                                + ". Set it to auto or manual.");
            }
        }
        return meant;
    }

    /** Lets decisions place the state of these backends again, after {@link #move}. */
    public void release(Predicate<BackendStatus> which) {
        backends.values().stream()
                .filter(b -> which.test(b.status()))
                .forEach(ManagedBackend::release);
    }

    /** A backend that took a request, and how many of its key groups will move. */
    public record AcceptedMove(long backendId, int keyGroups) {}

    private static List<GroupMove> choose(BackendLoad load, Tier target, double fraction) {
        int wanted = (int) Math.ceil(load.groups().size() * fraction);
        long there = load.groups().stream().filter(group -> group.isAllIn(target)).count();
        Comparator<KeyGroupLoad> leastUsedFirst =
                Comparator.comparingDouble(KeyGroupLoad::accessesPerSecond);
        return load.groups().stream()
                .filter(group -> !group.isAllIn(target))
                .sorted(target == Tier.DISK ? leastUsedFirst : leastUsedFirst.reversed())
                .limit(Math.max(0, wanted - there))
                .map(group -> new GroupMove(load.backendId(), group.keyGroup(), target))
                .toList();
    }

    private static String name(Tier tier) {
        return switch (tier) {
            case HEAP -> "heap";
            case DISK -> "disk";
        };
    }

    private static void requireShare(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be in (0, 1].");
        }
    }
}
