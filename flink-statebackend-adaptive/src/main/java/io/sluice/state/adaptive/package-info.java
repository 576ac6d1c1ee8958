/** Keyed state that moves between heap and RocksDB while the job runs: backend and options. */
@NullMarked
package io.sluice.state.adaptive;

import org.jspecify.annotations.NullMarked;
