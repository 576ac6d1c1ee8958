/**
 * File systems: a binding against the plain scheme, and what checkpoints and sinks cost a NameNode.
 */
@NullMarked
package io.sluice.benchmarks.fs;

import org.jspecify.annotations.NullMarked;
