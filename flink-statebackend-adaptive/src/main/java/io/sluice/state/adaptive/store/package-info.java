/** The keyed state itself: states that span heap and RocksDB, and the moves between the two. */
@NullMarked
package io.sluice.state.adaptive.store;

import org.jspecify.annotations.NullMarked;
