/**
 * Bindings for libraries that know only Hadoop's file systems. A jar of its own, for Flink's class
 * path or a job's, beside a Hadoop that is there already.
 */
@NullMarked
package io.sluice.fs.multiconf.alias;

import org.jspecify.annotations.NullMarked;
