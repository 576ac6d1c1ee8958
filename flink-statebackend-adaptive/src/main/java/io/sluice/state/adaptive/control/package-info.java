/**
 * What decides and asks for moves: the coordinator of a process and the registry of its backends.
 */
@NullMarked
package io.sluice.state.adaptive.control;

import org.jspecify.annotations.NullMarked;
