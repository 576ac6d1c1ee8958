/** What the examples share. */
@NullMarked
package io.sluice.examples;

import org.jspecify.annotations.NullMarked;
