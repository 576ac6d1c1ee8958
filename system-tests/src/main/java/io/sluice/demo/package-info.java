/** The demonstration that {@code ./demo} runs. */
@NullMarked
package io.sluice.demo;

import org.jspecify.annotations.NullMarked;
