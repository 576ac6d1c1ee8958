/** What runs in the JVMs of the servers, and how a test talks to them. */
@NullMarked
package io.sluice.testkit.server.process;

import org.jspecify.annotations.NullMarked;
