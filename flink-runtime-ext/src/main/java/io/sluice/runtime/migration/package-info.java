/**
 * Migrations of keyed state between heap and disk, in a TaskManager and as the JobManager sees
 * them.
 */
@NullMarked
package io.sluice.runtime.migration;

import org.jspecify.annotations.NullMarked;
