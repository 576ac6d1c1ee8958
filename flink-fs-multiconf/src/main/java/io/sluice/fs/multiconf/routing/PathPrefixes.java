package io.sluice.fs.multiconf.routing;

import java.util.List;

/**
 * Absolute paths that hold all that may be touched; none of them: everything may be.
 *
 * @param paths without a slash at the end
 */
public record PathPrefixes(List<String> paths) {

    /** Checks and normalizes them. */
    public PathPrefixes {
        paths = paths.stream().map(PathPrefixes::normalized).toList();
    }

    private static String normalized(String path) {
        if (!path.startsWith("/") || climbs(path)) {
            throw new IllegalArgumentException(
                    "'%s' is not an absolute path without '..'.".formatted(path));
        }
        return path.replaceAll("/+$", "");
    }

    /**
     * Returns whether a path may be touched. One with {@code ..} may not, unless everything may.
     *
     * @param path absolute
     */
    public boolean allow(String path) {
        if (paths.isEmpty()) {
            return true;
        }
        return !climbs(path) && paths.stream().anyMatch(prefix -> holds(prefix, path));
    }

    private static boolean holds(String prefix, String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static boolean climbs(String path) {
        return List.of(path.split("/")).contains("..");
    }
}
