/** Stopping a job with its last checkpoint, and carrying that elsewhere. */
@NullMarked
package io.sluice.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
