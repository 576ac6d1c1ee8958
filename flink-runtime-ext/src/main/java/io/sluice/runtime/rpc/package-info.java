/** How JobManager and TaskManagers talk to each other. */
@NullMarked
package io.sluice.runtime.rpc;

import org.jspecify.annotations.NullMarked;
