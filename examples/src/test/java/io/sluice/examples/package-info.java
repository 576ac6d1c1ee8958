/** Rules for the whole module. */
@NullMarked
package io.sluice.examples;

import org.jspecify.annotations.NullMarked;
