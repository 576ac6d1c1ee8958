/** Paths of a binding and of the file system behind it; no I/O. */
@NullMarked
package io.sluice.fs.multiconf.routing;

import org.jspecify.annotations.NullMarked;
