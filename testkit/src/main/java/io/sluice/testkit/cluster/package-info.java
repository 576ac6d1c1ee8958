/** Real processes of a built distribution: started, observed over REST, killed, and all gone. */
@NullMarked
package io.sluice.testkit.cluster;

import org.jspecify.annotations.NullMarked;
