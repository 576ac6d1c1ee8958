/**
 * Gateways between JobManager and TaskManagers, and their messages.
 *
 * <p>In Flink's package because the class loader of Flink's RPC system resolves gateways, and every
 * type in their signatures, only there; anything else ends the connection of the two processes. It
 * can move when Flink lets extensions have gateways of their own.
 */
@NullMarked
package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.NullMarked;
