/** What each binding does, counted, and shown as metrics of the process. */
@NullMarked
package io.sluice.fs.multiconf.metrics;

import org.jspecify.annotations.NullMarked;
