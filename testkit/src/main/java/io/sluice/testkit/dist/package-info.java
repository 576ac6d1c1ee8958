/** What must hold of an assembled distribution before it is packed. */
@NullMarked
package io.sluice.testkit.dist;

import org.jspecify.annotations.NullMarked;
