/** Rules for the whole module. */
@NullMarked
package io.sluice.testkit;

import org.jspecify.annotations.NullMarked;
