/**
 * What touches Hadoop's classes. Loaded anew for each binding, with Hadoop's jars, so nothing
 * outside names a class of this package except by a string.
 */
@NullMarked
package io.sluice.fs.multiconf.hadoop;

import org.jspecify.annotations.NullMarked;
