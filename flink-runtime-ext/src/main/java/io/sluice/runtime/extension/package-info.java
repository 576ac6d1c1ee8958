/**
 * The extensions of JobManager and TaskManager: one RPC endpoint of ours beside Flink's in each.
 */
@NullMarked
package io.sluice.runtime.extension;

import org.jspecify.annotations.NullMarked;
