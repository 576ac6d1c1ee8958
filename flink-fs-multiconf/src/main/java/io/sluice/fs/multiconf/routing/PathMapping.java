package io.sluice.fs.multiconf.routing;

import org.apache.flink.core.fs.Path;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/**
 * Paths of a binding, as users write and see them, and those of the file system behind it.
 *
 * @param binding scheme of the binding
 * @param scheme of the file system behind it
 * @param authority of that file system; null if it has none, such as {@code file}
 * @param isDefault whether paths without an authority mean this one
 */
public record PathMapping(
        String binding, String scheme, @Nullable String authority, boolean isDefault) {

    /**
     * Returns the path behind one of the binding. A path without a scheme is taken as it is: a
     * relative one is relative to the working directory there.
     *
     * @throws WrongBindingException if it is of another binding, scheme or authority
     */
    public Path toReal(Path path) throws WrongBindingException {
        URI uri = path.toUri();
        if (uri.getScheme() == null) {
            return path.isAbsolute() ? with(scheme, authority, uri) : path;
        }
        if (!uri.getScheme().equalsIgnoreCase(binding)) {
            throw new WrongBindingException(
                    "Path %s is not of binding %s: its scheme is %s. Nothing goes from one binding to another but by reading and writing."
                            .formatted(path, binding, uri.getScheme()));
        }
        if (uri.getAuthority() == null
                ? !isDefault
                : !uri.getAuthority().equalsIgnoreCase(authority)) {
            throw new WrongBindingException(
                    "Path %s is not of %s. Nothing goes from one authority to another but by reading and writing."
                            .formatted(path, root(binding, authority)));
        }
        return with(scheme, authority, uri);
    }

    /**
     * Returns the path of the binding for one behind it.
     *
     * @param requested the path that was asked for: if it has no authority, neither has the result
     */
    public Path toBinding(Path real, Path requested) {
        return seenFrom(requested).toBinding(real);
    }

    /** Returns how all that is found with a request is seen. */
    public View seenFrom(Path requested) {
        URI asked = requested.toUri();
        boolean bare = asked.getScheme() != null && asked.getAuthority() == null;
        String own = bare ? null : authority;
        return new View(
                binding,
                own,
                realRoot(),
                own == null ? URI.create(binding + ":/") : URI.create(root(binding, own)));
    }

    /**
     * Paths behind the binding as those of it.
     *
     * @param authority of the paths that users see, or null
     * @param realRoot of paths behind
     * @param root of paths that users see
     */
    public record View(String binding, @Nullable String authority, URI realRoot, URI root) {

        /** Returns the path of the binding for one behind it. */
        public Path toBinding(Path real) {
            // Parses nothing: a listing has many, and they take longer to parse than to list.
            URI relative = realRoot.relativize(real.toUri());
            return relative.isAbsolute()
                    ? with(binding, authority, real.toUri())
                    : new Path(root.resolve(relative));
        }
    }

    /** Returns the binding's path for all there is. */
    public URI root() {
        return URI.create(root(binding, authority));
    }

    /** Returns the root of the file system behind. */
    public URI realRoot() {
        return URI.create(root(scheme, authority));
    }

    private static String root(String scheme, @Nullable String authority) {
        return scheme + "://" + Objects.requireNonNullElse(authority, "") + "/";
    }

    private static Path with(String scheme, @Nullable String authority, URI path) {
        try {
            return new Path(
                    new URI(
                            scheme,
                            authority,
                            path.getPath().isEmpty() ? "/" : path.getPath(),
                            null,
                            null));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "Path %s cannot be one of scheme %s.".formatted(path, scheme), e);
        }
    }

    /** A path was given to a binding that it does not belong to. */
    public static final class WrongBindingException extends IOException {

        private static final long serialVersionUID = 1L;

        WrongBindingException(String message) {
            super(message);
        }
    }
}
