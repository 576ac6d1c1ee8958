/** Checkpoints and savepoints that hold both tiers, and taking them apart again on restore. */
@NullMarked
package io.sluice.state.adaptive.snapshot;

import org.jspecify.annotations.NullMarked;
